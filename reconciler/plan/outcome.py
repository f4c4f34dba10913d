"""What became of a change, in one value and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.address import Address
from reconciler.api.protocol import Changed, NotSent, Rejected, Unknown
from reconciler.plan.model import Action

Ending = Literal["done", "failed", "unknown", "interrupted", "not started"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change; `detail` says why it failed, or what is odd about it.

    `denied` says that the access token is refused: whatever is asked next will be refused too.
    """

    address: Address
    action: Action
    ending: Ending
    id: str | None = None
    detail: str = ""
    denied: bool = False

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
