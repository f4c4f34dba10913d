"""What a use case reports while it runs: one union of frozen values, passed to one subscriber.

A use case calls its subscriber in the thread that runs it (inside the event loop for coroutines), in order, and never
concurrently. A subscriber must return soon; what it raises ends the use case as any other error would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.errors import Problem
    from reconciler.plan.lost_creates import LostCreateMatch
    from reconciler.plan.model import Plan
    from reconciler.plan.outcome import Result
    from reconciler.resources.difference import FieldChange


@dataclass(frozen=True, slots=True)
class Warned:
    """Something suspicious that stops nothing, such as a lint of a manifest."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class LockLeftBehind:
    """An earlier run ended without releasing the lock; its records are kept. `holder` says who it was."""

    holder: str


@dataclass(frozen=True, slots=True)
class CreateLookedUp:
    """The service was asked what became of a create of unknown outcome."""

    match: LostCreateMatch


@dataclass(frozen=True, slots=True)
class WaitingForCreates:
    """A create that was not found may still appear: it is looked up again for up to `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class PlanMade:
    """The plan that an apply is about to check and to have approved."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class TokenExpires:
    """The access token expires within minutes, or has expired (`seconds` <= 0); calls made after that are refused."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ApplyStarted:
    """The plan was approved; `total` changes are carried out from now on. A stop request takes effect from here."""

    total: int


@dataclass(frozen=True, slots=True)
class ChangeFinished:
    """One change ended, well or not."""

    result: Result


@dataclass(frozen=True, slots=True)
class AppliedDiffers:
    """After an apply, the service shows other values for the resource `name` than were applied.

    `fields` lead from what is there to what was applied, as in a plan; none when the resource is not shown at all.
    `is_kept`: the service keeps these values, so that they are not sent again until the manifest changes them.
    """

    name: str
    fields: tuple[FieldChange, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class RecordsRescued:
    """The state could not be written. `lines` are the records that are not in it (embed keys sealed), one JSON line
    each; `path` is the rescue file that holds them, None when no folder takes one.
    """

    lines: bytes
    path: Path | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An import or a rebuild leaves out the interview `id`, for a `reason` that reads after "left out ID: "."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsRead:
    """Reading results went on: `done` of `total` rows of the list are dealt with; `total` grows page by page."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ExportResumed:
    """An export that was broken off goes on; `kept` results are there already."""

    kept: int


@dataclass(frozen=True, slots=True)
class IdentityReady:
    """The user's identity is the file `path`; `is_new` when it was made now."""

    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True)
class RecipientReady:
    """The user's public key is among the recipients in `config`; `is_new` when it was added now."""

    config: Path
    is_new: bool


@dataclass(frozen=True, slots=True)
class FilePrepared:
    """A new project has the file `path`; `is_new` when it was written now, else it was kept as it is."""

    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True)
class LinesAdded:
    """A file of the user got more `lines` at its end."""

    path: Path
    lines: tuple[str, ...]


Event = (
    Warned
    | LockLeftBehind
    | CreateLookedUp
    | WaitingForCreates
    | PlanMade
    | TokenExpires
    | ApplyStarted
    | ChangeFinished
    | AppliedDiffers
    | RecordsRescued
    | LeftOut
    | ResultsRead
    | ExportResumed
    | IdentityReady
    | RecipientReady
    | FilePrepared
    | LinesAdded
)

Subscriber = Callable[[Event], None]
