"""The nouns of planning: what is done with one interview, and all of it together. Values only; nothing here decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Literal

from reconciler.address import Address
from reconciler.api.protocol import AccountStatus
from reconciler.canonical_json import digest
from reconciler.errors import Problem, Where
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.plan.settings import SettingChange, setting_changes
from reconciler.resources.difference import ABSENT, FieldChange
from reconciler.resources.field import By
from reconciler.resources.kind import Kind, kind_named
from reconciler.resources.observed import Observed
from reconciler.resources.step import Prediction
from reconciler.state.model import Entry


class Action(StrEnum):
    """What is to be done with one interview."""

    CREATE = "create"
    RECREATE = "recreate"  # what the state knows is gone on the service
    UPDATE = "update"
    REPLACE = "replace"
    ARCHIVE = "archive"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    KEEP = "keep"
    SETTLE = "settle"  # which interview on the service it is, if any, is not known


class Look(Enum):
    """What looking at the service gave when it gave no interview."""

    UNCHANGED = "unchanged"  # its updated_at is the one that was last seen
    MISSING = "missing"  # gone, or soft-deleted: list and read agree
    CONTRADICTED = "contradicted"  # the list shows what the read denies
    UNLISTED = "unlisted"  # the read denies it, and the pages of the list do not fit together
    UNREADABLE = "unreadable"  # the service answers, but not about this one
    TOO_NEW = "too new"  # created so shortly ago that the service may not show it yet


Sight = Observed | Look


def changed_by(kind: str, field: str) -> By | None:
    """Which call changes `field`; None for what is not a field of that kind."""
    row = kind_named(kind).fields.get(field)
    return row.by if row else None


def _digest(change: FieldChange) -> str:
    """Names one difference; the order in which a manifest has its keys does not matter."""
    sides = [None if side is ABSENT else [side] for side in (change.before, change.after)]
    return digest([change.path, change.kind, *sides])


def _lifecycle(lifecycle: Lifecycle) -> list[Any]:
    return [lifecycle.protect, lifecycle.on_remove, sorted(lifecycle.ignore)]


@dataclass(frozen=True, slots=True)
class Change:
    """One interview's part of a plan.

    `desired` is None when no manifest stands behind it, `entry` when the state does not know it, `observed` when
    it was not observed or had not moved. `notes` are shown, not done. `blocked` says why this one will not be touched
    until a human has acted; it stops the whole apply. `carried` is what a replacement takes over from the old one, and
    no manifest declares. `moved_from` is the address that the entry had. With `adopts` the interview `observed` is
    taken over before the change is made; `entry` is what it becomes then.
    """

    address: Address
    action: Action
    fields: tuple[FieldChange, ...] = ()
    desired: Desired | None = None
    entry: Entry | None = None
    observed: Observed | None = None
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None
    moved_from: Address | None = None
    carried: Mapping[str, Any] = field(default_factory=dict)
    adopts: bool = False

    @property
    def name(self) -> str:
        """The name alone, as views show it."""
        return self.address.name

    @property
    def kind(self) -> Kind:
        """The kind of the resource."""
        return kind_named(self.address.kind)

    @property
    def where(self) -> Where | None:
        """The manifest's place."""
        return self.desired.where if self.desired else None

    @property
    def interview_id(self) -> str | None:
        """The id on the service, when there is one already."""
        if self.action is Action.ADOPT:
            if self.observed:
                return self.observed.id
            return self.desired.import_id if self.desired else None
        return self.entry.id if self.entry else None

    @property
    def changed_fields(self) -> frozenset[str]:
        """The names of the fields that are to become something else."""
        return frozenset(field.field for field in self.fields if field.kind != "dropped")

    @property
    def forces_replacement(self) -> tuple[str, ...]:
        """The changed fields that no call can change."""
        return tuple(sorted(name for name in self.changed_fields if changed_by(self.address.kind, name) is By.REPLACE))

    @property
    def prediction(self) -> Prediction | None:
        """What the update should report; None where it reports nothing or nothing of that kind changes."""
        return self.kind.predict(self.fields, self.desired.spec) if self.desired else None

    @property
    def digest(self) -> str:
        """Names what is done to which interview; wording, places and notes do not matter."""
        return digest(
            {
                "address": str(self.address),
                "action": self.action.value,
                "id": self.interview_id,
                "spec": self.desired.digest if self.desired else None,
                "fields": sorted(map(_digest, self.fields)),
                **({"carried": self.carried} if self.carried else {}),
                **({"adopts": True} if self.adopts else {}),
                "blocked": self.blocked.summary if self.blocked else None,
                "lifecycle": _lifecycle(self.desired.lifecycle) if self.desired else None,
            }
        )


@dataclass(frozen=True, slots=True)
class PlanOrigin:
    """What a plan was made from: the state's `lineage` ("" while nothing is stored) and `serial`, for whom.

    `account` is None when the service was not asked. `goes_back` says, when the manifests are older than what was
    applied last, what they go back to.
    """

    project: str
    environment: str
    lineage: str = ""
    serial: int = 0
    account: AccountStatus | None = None
    goes_back: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A change that is not the one that was reviewed: the actions then and now, None where there was or is none."""

    address: Address
    reviewed: str | None
    now: str | None

    def text(self) -> str:
        """`support-en (update -> replace)`."""
        if self.reviewed == self.now:
            return f"{self.address.name} ({self.now} of other values)"
        return f"{self.address.name} ({self.reviewed or 'not reviewed'} -> {self.now or 'not there'})"


@dataclass(frozen=True, slots=True)
class StateFinding:
    """One thing that speaks against the state: edited by hand, changed by the branch under review, or an older one.

    `name` is the interview's, empty for the state as a whole.
    """

    kind: Literal["edited", "branch", "older"]
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Every interview's change, sorted by address. `observed` says whether the service was looked at.

    `settings` are those that shape what an apply does, `settings_before` those of the last apply, empty when it
    recorded none. `after_merge` says which settings a branch under review would change, without effect so far.
    `left_out` are the addresses that a selection did not choose, `moved` the changes that are left out because they are
    not those that were reviewed.
    `looked_up` is what `State.looked_up` may become when the first create of this plan is begun. `findings` are what
    speaks against the state; they are shown, and no part of the digest, which covers what follows from the state.
    """

    changes: tuple[Change, ...]
    observed: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
    settings_before: Mapping[str, Any] = field(default_factory=dict)
    after_merge: tuple[SettingChange, ...] = ()
    left_out: tuple[Address, ...] = ()
    moved: tuple[Moved, ...] = ()
    origin: PlanOrigin | None = None
    looked_up: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[StateFinding, ...] = ()

    @property
    def pending(self) -> tuple[Change, ...]:
        """What is not a plain keep."""
        return tuple(change for change in self.changes if change.action is not Action.KEEP or change.blocked)

    @property
    def digest(self) -> str:
        """Names what this plan would do: equal digests do the same to the same interviews, under equal settings, once.

        It holds the state's lineage and serial, so that what was approved cannot be carried out a second time. A
        SHA-256 in hex, to be compared in full: the author of a manifest writes both of two plans that should collide.
        """
        origin = [self.origin.lineage, self.origin.serial] if self.origin else []
        changes = [change.digest for change in self.pending]
        return digest({"state": origin, "changes": changes, "settings": dict(self.settings)})

    @property
    def changed_settings(self) -> tuple[SettingChange, ...]:
        """The settings that are others than at the last apply."""
        if dict(self.settings_before) == dict(self.settings):
            return ()
        return setting_changes(self.settings_before, self.settings)
