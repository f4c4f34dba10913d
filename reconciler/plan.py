"""The heart: desired, state and observed become the changes between them. Pure: opens, awaits and prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from reconciler.compare import changes_of, same
from reconciler.desired import Desired
from reconciler.difference import ABSENT, FieldChange, Origin
from reconciler.digest import digest
from reconciler.errors import Problem, Where
from reconciler.fields import FIELDS, By
from reconciler.remote import Observed
from reconciler.state import Attempt, Entry, State

DIGEST_LENGTH = 16  # hex digits: enough that no two plans meet by chance, short enough to type


class Action(StrEnum):
    """What is to be done with one interview."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    ARCHIVE = "archive"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    KEEP = "keep"
    SETTLE = "settle"  # a create was begun and nobody knows whether it happened


class Look(Enum):
    """What looking at the service gave when it gave no interview."""

    UNCHANGED = "unchanged"  # its updated_at is the one that was last seen
    MISSING = "missing"  # gone, or soft-deleted


Sight = Observed | Look


@dataclass(frozen=True, slots=True)
class Change:
    """One interview's part of a plan.

    `desired` is None when no manifest stands behind it, `entry` when the state does not know it. `notes` are told, not
    done.
    `blocked` says why this one will not be touched until a human has acted; it stops the whole apply.
    """

    name: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    desired: Desired | None = None
    entry: Entry | None = None
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None

    @property
    def where(self) -> Where | None:
        """The manifest's place."""
        return self.desired.where if self.desired else None

    @property
    def forces_replacement(self) -> tuple[str, ...]:
        """The changed fields that no call can change."""
        return tuple(dict.fromkeys(f.field for f in self.fields if _by(f.field) is By.REPLACE))

    @property
    def digest(self) -> str:
        """Names what is done to which interview; wording, places and notes do not matter."""
        return digest(
            {
                "name": self.name,
                "action": self.action.value,
                "id": self.entry.id if self.entry else None,
                "spec": self.desired.digest if self.desired else None,
                "fields": [[*field.path, field.kind, str(field.before), str(field.after)] for field in self.fields],
                "blocked": self.blocked.summary if self.blocked else None,
            }
        )[:DIGEST_LENGTH]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every interview's change, sorted by name. `observed` says whether the service was looked at."""

    changes: tuple[Change, ...]
    observed: bool

    @property
    def pending(self) -> tuple[Change, ...]:
        """What is not a plain keep."""
        return tuple(change for change in self.changes if change.action is not Action.KEEP or change.blocked)

    @property
    def digest(self) -> str:
        """Names what this plan would do: equal digests do the same to the same interviews."""
        return digest([change.digest for change in self.pending])[:DIGEST_LENGTH]


def reconcile(desired: Sequence[Desired], state: State, sights: Mapping[str, Sight] | None) -> Plan:
    """The plan that leads from `state` and what was seen to `desired`.

    `sights` is keyed by interview id; None means that nobody looked: what was last applied is taken for what is there.
    Costs O(interviews), and compares field by field only where the whole differs.
    """
    wanted = {item.name: item for item in desired}
    names = sorted(wanted.keys() | state.entries.keys() | state.in_doubt.keys())
    changes = (_change(name, wanted.get(name), state, sights) for name in names)
    return Plan(tuple(changes), observed=sights is not None)


def _change(name: str, want: Desired | None, state: State, sights: Mapping[str, Sight] | None) -> Change:
    entry = state.entries.get(name)
    if name in state.in_doubt:
        return Change(name, Action.SETTLE, desired=want, entry=entry, notes=_doubts(state.in_doubt[name]))
    sight = sights.get(entry.id, Look.UNCHANGED) if entry and sights is not None else Look.UNCHANGED
    if want is None:
        return _unwanted(_known(entry), sight)
    if entry is None:
        return Change(name, Action.CREATE, desired=want)
    if sight is Look.MISSING:
        notes = (f"{entry.id} is gone on the service",)
        return Change(name, Action.CREATE, desired=want, entry=entry, notes=notes)
    return _wanted(want, entry, sight)


def _known(entry: Entry | None) -> Entry:
    if entry is None:
        raise AssertionError("a name comes from manifests, entries or open creates")
    return entry


def _doubts(attempt: Attempt) -> tuple[str, ...]:
    return (
        f"a create begun at {attempt.at} has no known outcome: {attempt.reason}",
        "it is not created again until it has been looked up on the service; all other interviews go on",
    )


def _unwanted(entry: Entry, sight: Sight) -> Change:
    if sight is Look.MISSING:
        return Change(entry.name, Action.FORGET, entry=entry, notes=("already gone on the service",))
    action = Action(entry.lifecycle.on_remove)
    blocked = None
    if entry.lifecycle.protect and action is not Action.FORGET:
        blocked = _protected(entry.name, action)
    return Change(entry.name, action, entry=entry, blocked=blocked)


def _protected(name: str, action: Action) -> Problem:
    return Problem(
        "the interview is protected",
        f"{name}: lifecycle.protect refuses to {action.value} it",
        hint="set lifecycle.protect to false in its manifest and apply that first",
    )


def _wanted(want: Desired, entry: Entry, sight: Sight) -> Change:
    observed = sight if isinstance(sight, Observed) else None
    if observed is None and digest(entry.attributes) == want.digest and entry.lifecycle == want.lifecycle:
        return Change(entry.name, Action.KEEP, desired=want, entry=entry)
    fields: list[FieldChange] = []
    notes: list[str] = []
    for name in want.spec:
        found = list(_field_changes(name, want, entry, observed))
        if not found:
            continue
        if name in want.lifecycle.ignore:
            notes.append(f"{name} differs and is ignored (lifecycle.ignore)")
        elif _by(name) is By.CREATION:
            notes.append(f"{name} only steers the creation; the change has no effect on an interview that exists")
        else:
            fields.extend(found)
    fields.extend(_lifecycle_changes(want, entry))
    action = Action.UPDATE if fields else Action.KEEP
    if any(_by(change.field) is By.REPLACE for change in fields):
        action = Action.REPLACE
        notes.append("the link and the embed key change; candidates who hold the old link lose it")
    blocked = None
    if action is Action.REPLACE and entry.lifecycle.protect:
        blocked = _protected(entry.name, action)
    return Change(entry.name, action, tuple(fields), want, entry, tuple(notes), blocked)


def _by(field: str) -> By | None:
    row = FIELDS.get(field)
    return row.by if row else None


def _field_changes(name: str, want: Desired, entry: Entry, observed: Observed | None) -> Iterator[FieldChange]:
    value = want.spec[name]
    applied = entry.attributes.get(name, ABSENT)
    language = want.spec.get("mojito_language_code")
    seen = observed.attributes.get(name, ABSENT) if observed else ABSENT
    current = applied if seen is ABSENT else seen
    ours = not same(name, value, applied, language)
    if same(name, value, current, language):
        return
    theirs = seen is not ABSENT and applied is not ABSENT and not same(name, applied, seen, language)
    origin: Origin = "both" if ours and theirs else "ours" if ours else "drift"
    yield from changes_of(name, value, current, origin, language)


def _lifecycle_changes(want: Desired, entry: Entry) -> Iterator[FieldChange]:
    """How jmctl treats an interview is remembered, so that removing the manifest does not lift it."""
    for part in ("protect", "on_remove"):
        before, after = getattr(entry.lifecycle, part), getattr(want.lifecycle, part)
        if before != after:
            yield FieldChange(("lifecycle", part), before, after)
