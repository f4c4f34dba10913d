"""Differences between two plain values, leaf by leaf. Pure; deepdiff is imported here alone.

DeepDiff only takes apart a pair that is already known to differ: after two questions swap places its answer with
`ignore_order` is that nothing changed, so it never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from reconciler.canonical_json import canonical

_WIDTH = 60


class Absent(Enum):
    """Not there at all, which is not the same as null."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT

Kind = Literal["changed", "added", "removed", "moved", "dropped"]
Origin = Literal["ours", "drift", "both"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One leaf that differs. `path` begins with the field's name; a question stands in it by its key.

    A field is `dropped` when the manifest no longer declares it: it stays as it is on the service, and nothing is sent.
    `origin` says who moved: the manifest (ours), the service (drift), or both.
    """

    path: tuple[str, ...]
    before: Any
    after: Any
    kind: Kind = "changed"
    origin: Origin = "ours"

    @property
    def field(self) -> str:
        """The field of the interview that this belongs to."""
        return self.path[0]

    @property
    def reversed(self) -> FieldChange:
        """The same difference in the other direction of time."""
        kind = _OPPOSITE.get(self.kind, self.kind)
        return FieldChange(self.path, self.after, self.before, kind, self.origin)


_OPPOSITE: dict[Kind, Kind] = {"added": "removed", "removed": "added"}


def held_and_declared(changes: Iterable[FieldChange]) -> str:
    """What the service holds and what the manifest declares, on one line: the before and after of each change."""
    return "; ".join(
        f"{'.'.join(change.path)} is {_json(change.before)}, declared as {_json(change.after)}" for change in changes
    )


def _json(value: Any) -> str:
    text = "absent" if value is ABSENT else canonical(value).decode()
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


def leaves(path: tuple[str, ...], before: Any, after: Any, origin: Origin) -> Iterator[FieldChange]:
    """The smallest parts of two values that differ; a pair that is not two objects or two lists is one part."""
    if not (isinstance(before, Mapping | list) and type(before) is type(after)):
        yield FieldChange(path, before, after, origin=origin)
        return
    from deepdiff import DeepDiff
    from deepdiff.helper import NotPresent

    tree = DeepDiff(before, after, view="tree")
    levels = [(level.path(output_format="list"), level) for kind in tree.values() for level in kind]
    if not levels:  # DeepDiff takes False and 0 for one inside lists
        yield FieldChange(path, before, after, origin=origin)
    for place, level in sorted(levels, key=lambda pair: [str(step).rjust(6) for step in pair[0]]):
        old, new = (ABSENT if isinstance(side, NotPresent) else side for side in (level.t1, level.t2))
        kind: Kind = "added" if old is ABSENT else "removed" if new is ABSENT else "changed"
        yield FieldChange((*path, *map(str, place)), old, new, kind, origin)
