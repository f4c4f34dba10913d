"""Choosing interviews by name and label: what a command is about, and what it leaves out. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.address import Address
from reconciler.errors import Misused
from reconciler.plan.model import Plan

_REQUIREMENT = re.compile(r"\s*(!?)([a-zA-Z0-9][a-zA-Z0-9._/-]*)\s*(?:(==|=|!=)\s*([a-zA-Z0-9._-]*)\s*)?")


@dataclass(frozen=True, slots=True)
class Selection:
    """`names` and `exclude` are names or addresses, `selector` is written as for kubectl: `team=support,tier!=test`.

    An interview is chosen when it is one of `names` (or none is given), its labels match, and `exclude` lacks it. What
    has no manifest has no labels.
    """

    names: tuple[str, ...] = ()
    selector: str = ""
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.selector or self.exclude)

    def chosen(self, labels: Mapping[Address, Mapping[str, str]]) -> frozenset[Address]:
        """The addresses among `labels` that it chooses. Raises Misused for a selector that cannot be read."""
        matches = _matcher(self.selector)
        return frozenset(
            address
            for address, own in labels.items()
            if (not self.names or _is_one(address, self.names)) and not _is_one(address, self.exclude) and matches(own)
        )

    def unknown(self, known: Iterable[Address]) -> list[str]:
        """The names, excluded ones too, that are none of `known`."""
        names = {text for address in known for text in (address.name, str(address))}
        return [name for name in (*self.names, *self.exclude) if name not in names]


def narrowed(plan: Plan, selection: Selection) -> Plan:
    """The part of `plan` that `selection` chooses; the addresses of the rest stand in `left_out`."""
    if not selection:
        return plan
    labels = {change.address: change.desired.labels if change.desired else {} for change in plan.changes}
    chosen = selection.chosen(labels)
    changes = tuple(change for change in plan.changes if change.address in chosen)
    return replace(plan, changes=changes, left_out=tuple(address for address in labels if address not in chosen))


def _is_one(address: Address, names: Collection[str]) -> bool:
    return address.name in names or str(address) in names


def _matcher(selector: str) -> Callable[[Mapping[str, str]], bool]:
    requirements = [_requirement(part) for part in selector.split(",")] if selector.strip() else []
    return lambda labels: all(matches(labels) for matches in requirements)


def _requirement(text: str) -> Callable[[Mapping[str, str]], bool]:
    found = _REQUIREMENT.fullmatch(text)
    if found is None or (found[1] and found[3]):
        raise Misused("not a selector of labels", text.strip(), hint="write --selector team=support,tier!=test")
    negated, key, operator, value = found.groups()
    if operator is None:
        return lambda labels: (key in labels) is not bool(negated)
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    return lambda labels: labels.get(key) == value
