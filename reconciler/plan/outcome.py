"""What became of a change, in one value and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.address import Address
from reconciler.api.protocol import ANSWERED, Changed, NotSent, Rejected, Unknown
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action
from reconciler.resources.kind import kind_named

Ending = Literal["done", "failed", "unknown", "interrupted", "not started"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change; `detail` says why it failed, or what is odd about it, `hint` what to correct.

    `denied` says that the access token is refused: whatever is asked next will be refused too.
    """

    address: Address
    action: Action
    ending: Ending
    id: str | None = None
    detail: str = ""
    denied: bool = False
    hint: str = ""

    @property
    def name(self) -> str:
        """The name alone, as views show it."""
        return self.address.name


class Failed(Exception):
    """A call that failed or whose outcome is unknown; the change ends there."""

    def __init__(self, outcome: NotSent | Rejected | Unknown, interview_id: str | None = None) -> None:
        super().__init__(describe(outcome))
        self.outcome = outcome
        self.interview_id = interview_id


def done(outcome: Changed | NotSent | Rejected | Unknown, interview_id: str | None = None) -> Changed:
    """The answer of a call that was done. Raises Failed for any other outcome."""
    if isinstance(outcome, Changed):
        return outcome
    raise Failed(outcome, interview_id)


def describe(outcome: NotSent | Rejected | Unknown) -> str:
    """One line for the result table."""
    match outcome:
        case NotSent():
            return f"not sent: {outcome.reason}"
        case Rejected():
            field = f" ({outcome.field})" if outcome.field else ""
            return f"rejected with {outcome.status}: {outcome.reason}{field}"
        case Unknown():
            return outcome.reason


def correction(outcome: NotSent | Rejected | Unknown, want: Desired | None) -> str:
    """What to correct in the manifest, and where, when the service said what it did not take; else empty."""
    if want is None or isinstance(outcome, NotSent):
        return ""
    if isinstance(outcome, Rejected):
        return _at(want, (outcome.field.split(".")[0],)) if outcome.field else ""
    fields = kind_named(want.kind).unresolved(outcome.reason) if outcome.reason.startswith(ANSWERED) else None
    if fields is None:
        return ""
    declared = tuple(name for name in fields if want.spec.get(name) is not None)
    return _at(want, declared) if declared else "the token may not do this; see whose it is, and ask for the right"


def _at(want: Desired, fields: tuple[str, ...]) -> str:
    places = (f"{name} at {want.at(name)}" if name in want.spec else name for name in fields)
    return f"correct {' or '.join(places)}; then: jmctl apply"
