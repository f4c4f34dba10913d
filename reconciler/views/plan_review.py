"""What a reviewer is shown of a plan, before it becomes text, JSON, Markdown or HTML. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.address import Address
from reconciler.errors import Problem
from reconciler.plan.causes import Cause, causes_of
from reconciler.plan.model import Action, Change, Moved, Plan, PlanOrigin
from reconciler.text.plural import counted
from reconciler.views.plan_cost import Move, cost_moves

# action -> sign, colour, words
SIGNS: Mapping[str, tuple[str, str, str]] = {
    "create": ("+", "green", "create"),
    "recreate": ("+!", "magenta", "create anew"),
    "update": ("~", "yellow", "update in place"),
    "replace": ("-/+", "magenta", "replace"),
    "archive": ("-", "red", "archive"),
    "delete": ("-", "red", "delete"),
    "adopt": ("<=", "cyan", "adopt"),
    "forget": ("-", "red", "forget"),
    "settle": ("?", "magenta", "in doubt"),
    "keep": (" ", "bright_black", "keep"),
}
LEGEND: Mapping[str, str] = {
    "create": "created",
    "recreate": "gone on the service, created anew",
    "update": "updated in place",
    "replace": "the new one is created, then the old one archived",
    "archive": "archived, deleted or no longer managed",
    "delete": "archived, deleted or no longer managed",
    "adopt": "exists already, managed from now on",
    "forget": "archived, deleted or no longer managed",
    "settle": "in doubt: a create has no known outcome",
}
# what a reviewer has to see first
_WORST = ("replace", "recreate", "delete", "archive", "forget", "settle", "adopt", "update", "create", "keep")
_LEAVES = {Action.ARCHIVE: "archived", Action.DELETE: "deleted"}


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a plan would be applied; `merchant` and `credits` are None when the service was not asked for them."""

    project: str = ""
    environment: str = ""
    merchant: str | None = None
    credits: str | None = None

    def text(self) -> str:
        """The first line of a plan."""
        parts = [part for part in (self.project, self.environment) if part]
        parts += [f"merchant {self.merchant}"] if self.merchant else []
        parts += [f"{self.credits} credits"] if self.credits is not None else []
        return " · ".join(parts)

    def of(self, origin: PlanOrigin | None) -> Heading:
        """The heading of a plan made from `origin`, with the account where the service was asked for it."""
        account = origin.account if origin else None
        if account is None:
            return self
        left = None if account.credits is None else str(account.credits)
        return replace(self, merchant=account.merchant, credits=left)


@dataclass(frozen=True, slots=True)
class PlanReview:
    """A plan with its heading and every reason for which apply would refuse it.

    `warnings` are those of the manifests.
    """

    plan: Plan
    heading: Heading = field(default_factory=Heading)
    refusals: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "heading", self.heading.of(self.plan.origin))

    @property
    def worst_first(self) -> list[Change]:
        """The pending changes: refused ones, then replacements and removals, then the rest."""
        return sorted(self.plan.pending, key=lambda one: (one.blocked is None, _WORST.index(one.action.value)))

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The edits in shared files that lead to changes."""
        return causes_of(self.plan, self.warnings)

    def counts(self) -> dict[str, int]:
        """Pending changes by action, without blocked ones, in the order of actions."""
        found = Counter(change.action.value for change in self.plan.pending if not change.blocked)
        return {action.value: found[action.value] for action in Action if found[action.value]}

    def summary(self) -> str:
        """One sentence: what the plan comes to."""
        plan = self.plan
        if not plan.pending:
            return f"No changes: {counted(len(plan.changes), 'interview')} as declared."
        parts = [f"{number} to {action}" for action, number in self.counts().items()]
        blocked = sum(change.blocked is not None for change in plan.pending)
        parts += [f"{blocked} blocked"] if blocked else []
        return f"Plan: {', '.join(parts)}, {len(plan.changes) - len(plan.pending)} unchanged."

    def refused_text(self) -> str:
        """`Refused: apply would refuse this plan for 2 reasons.`; empty when it would not."""
        number = len(self.refusals)
        return f"Refused: apply would refuse this plan for {counted(number, 'reason')}." if number else ""


def left_out_text(addresses: Sequence[Address]) -> str:
    """Names what a selection left out."""
    names = ", ".join(address.name for address in addresses)
    return f"Left out by the selection: {counted(len(addresses), 'interview')}: {names}"


def moved_text(moved: Sequence[Moved]) -> str:
    """Names what is left out since it is not what was reviewed."""
    names = ", ".join(one.text() for one in moved)
    return f"Moved since the review, left out: {counted(len(moved), 'interview')}: {names}"


def title_of(change: Change) -> str:
    """The name that people see on the service; empty when there is none."""
    for values in (change.desired.spec if change.desired else {}, change.entry.attributes if change.entry else {}):
        if isinstance(name := values.get("name"), str):
            return name
    return ""


def before_of(change: Change) -> dict[str, Any] | None:
    """The attributes as they are: what was applied, or what the service shows instead; None before a create."""
    if change.action in (Action.CREATE, Action.SETTLE) or change.action.value == "recreate":
        return None
    known = dict(change.entry.attributes) if change.entry else {}
    shown = change.observed.attributes if change.observed else {}
    declared = change.desired.spec if change.desired else known
    known |= {name: value for name, value in shown.items() if name in known or name in declared}
    return known or None


def after_of(change: Change) -> dict[str, Any] | None:
    """The attributes as declared, with what stays on the service; None when nothing is managed afterwards."""
    if change.desired is None:
        return None
    before = before_of(change) or {}
    return {**before, **change.desired.spec}


def moves_of(change: Change) -> list[Move]:
    """Price and minutes before and after, those that move; both of a create."""
    template = change.observed.template_type if change.observed else None
    if change.desired is None or change.action is Action.SETTLE:
        return []
    return cost_moves(before_of(change), after_of(change), template)


def notes_of(change: Change) -> Iterator[str]:
    """What it means for people and for the questions, then what planning found."""
    if change.action in _LEAVES:
        yield f"it is {_LEAVES[change.action]}: its link stops working" + (
            "; its results stay" if change.action is Action.ARCHIVE else ""
        )
        held = change.observed.interview_count if change.observed else None
        if held is not None:
            yield f"interviews held with it so far: {held}"
    if any((one.path, one.before, one.after) == (("status",), "active", "draft") for one in change.fields):
        yield "as a draft no candidate can take it: links that were sent stop working until it is active again"
    predicted = change.prediction if change.action in (Action.UPDATE, Action.ADOPT) else None
    if predicted:
        yield f"questions: {predicted.describe()}"
    yield from change.notes


def legend(plan: Plan) -> Iterator[tuple[str, str]]:
    """The signs that occur and what they mean, each once."""
    seen: dict[str, str] = {}
    for change in plan.pending:
        action = change.action.value
        if not change.blocked and action in LEGEND:
            seen[SIGNS[action][0]] = LEGEND[action]
    if any(change.blocked for change in plan.pending):
        seen["!"] = "refused until a human has acted"
    yield from seen.items()
