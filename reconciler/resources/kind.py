"""Kind: what jmctl needs to know of one kind of resource, and the registry of kinds.

A kind is a folder in `resources/` and one row in `KINDS`. State, plan, engine, stores and views know kinds by this
protocol only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from reconciler.resources.difference import FieldChange, Origin
from reconciler.resources.field import Field, Group

# kind in a manifest -> module and name of its Kind; imported when first asked for
KINDS: dict[str, str] = {"Interview": "reconciler.resources.interview.kind:INTERVIEW"}


class Kind(Protocol):
    """One kind of resource. Every method is pure and may be called from any thread."""

    @property
    def name(self) -> str:
        """The `kind` of its manifests."""
        ...

    @property
    def description(self) -> str:
        """One sentence: what a manifest of this kind says."""
        ...

    @property
    def groups(self) -> tuple[Group, ...]:
        """The field table, in canonical order."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """The rows of the field table by name, in canonical order."""
        ...

    def same_list(self, want: Any, have: Any, spec: Mapping[str, Any]) -> bool:
        """Whether the entries `have` of a list with keys are what `want` declares, in that order."""
        ...

    def list_changes(self, want: Any, have: Any, origin: Origin, spec: Mapping[str, Any]) -> list[FieldChange]:
        """Every difference between two lists with keys, entry by entry; a path names an entry by its key."""
        ...


@cache
def _loaded(place: str) -> Kind:
    module, _, name = place.partition(":")
    kind: Kind = getattr(import_module(module), name)
    return kind


def kind_named(name: str) -> Kind:
    """The kind that manifests and state entries call `name`. Raises KeyError for one that is not registered."""
    return _loaded(KINDS[name])
