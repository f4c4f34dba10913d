"""Which interview on the service, if any, a declared name is already: by its mark, else by its content. Pure.

Before anything is created every name that has no interview is looked up here. A mark of this environment is certain.
What has lost its mark and has the same content is for a person to decide; so is a mark that several carry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.address import Address
from reconciler.manifest.desired import Desired
from reconciler.resources.alike import folded
from reconciler.resources.kind import kind_named
from reconciler.resources.mark import Owner, is_altered, parse_mark
from reconciler.resources.observed import Observed

GONE = ("archived", "deleted")


@dataclass(frozen=True, slots=True)
class Identified:
    """What the lists say of one name.

    `marked` are the interviews with its mark, `doubtful` the ids of those that may be it and why. `unproven` says why
    it is not certain that there is no other.
    """

    marked: tuple[Observed, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()
    unproven: str = ""

    @property
    def living(self) -> tuple[Observed, ...]:
        """The marked ones that are in use."""
        return tuple(one for one in self.marked if one.status not in GONE)


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The interviews that no state knows, as far as they were read, and what stands in the way of certainty.

    `unread` are rows that could not be read: id to name. `unproven` says why the lists may lack something.
    """

    seen: Sequence[Observed] = ()
    unread: Mapping[str, str | None] = field(default_factory=dict)
    unproven: str = ""


def identify(
    sought: Iterable[Desired], unknowns: Unknowns, owner: Owner, declared: Collection[Address]
) -> dict[Address, Identified]:
    """What each of `sought` already is; `declared` are the addresses of all manifests."""
    return {want.address: _identified(want, unknowns, owner, declared) for want in sought}


def _identified(want: Desired, unknowns: Unknowns, owner: Owner, declared: Collection[Address]) -> Identified:
    former = [name for name in want.renamed_from if Address(want.kind, name) not in declared]
    names = {want.name, *former}
    marked, doubtful = [], []
    for seen in unknowns.seen:
        if seen.kind != want.kind:
            continue
        mark = parse_mark(seen.attributes.get(kind_named(want.kind).mark_field))
        is_named = mark is not None and mark.is_of(owner) and mark.name in names
        if is_named and mark and (mark.environment or owner.is_alone):
            marked.append(seen)
        elif reason := _doubt(want, seen, owner, declared, is_named=is_named):
            doubtful.append((seen.id, reason))
    name = folded(want.spec.get("name"))
    unread = "it is listed under the same name, and cannot be read"
    doubtful += [(one, unread) for one, called in unknowns.unread.items() if folded(called) == name]
    return Identified(tuple(marked), tuple(doubtful), unknowns.unproven)


def _doubt(  # noqa: PLR0911 - one line a reason
    want: Desired, seen: Observed, owner: Owner, declared: Collection[Address], *, is_named: bool
) -> str:
    """Why `seen` may be what `want` declares; empty when it is something else."""
    kind = kind_named(want.kind)
    code = seen.attributes.get(kind.mark_field)
    if is_named:
        return "its mark names no environment, and this project has several"
    if is_altered(code, owner, want.name):
        return "its mark was changed by the service"
    if seen.status in GONE:
        return ""
    if not kind.is_alike(want.spec, seen.attributes):
        return ""
    mark, own = parse_mark(code), want.spec.get(kind.mark_field)
    if own is not None and code == own:
        return "it has the same content and the code that the manifest declares"
    if mark and mark.is_of(owner) and Address(want.kind, mark.name) not in declared:
        return f"it has the same content and the mark of {mark.name}, which no manifest declares"
    return "" if code else "it has the same content and no mark"
