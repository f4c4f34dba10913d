"""What differs between two plain values, leaf by leaf. Pure, and the only room that knows deepdiff.

DeepDiff only takes apart a pair that is already known to differ: after two questions swap places its answer with
`ignore_order` is that nothing changed, so it never decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.plan.model import ABSENT, FieldChange, Kind, Origin


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
