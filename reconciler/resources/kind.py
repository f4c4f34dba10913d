"""Kind: what jmctl needs to know of one kind of resource, and the registry of kinds.

A kind is a folder in `resources/` and one row in `KINDS`. State, plan, engine, stores and views know kinds by this
protocol only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from reconciler.resources.calls import Calls
from reconciler.resources.difference import FieldChange, Origin
from reconciler.resources.field import Alias, Field, Group
from reconciler.resources.observed import Observed
from reconciler.resources.step import Prediction, Step

if TYPE_CHECKING:
    from reconciler.errors import Problem, Where
    from reconciler.manifest.desired import Desired
    from reconciler.manifest.explain import Glossary
    from reconciler.resources.catalogue import Catalogue
    from reconciler.yaml.document import Document

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

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """Fields that a manifest may write in place of another; never both."""
        ...

    @property
    def mark_field(self) -> str:
        """The field that carries the ownership mark where the manifest declares none of its own."""
        ...

    @property
    def credential_field(self) -> str | None:
        """The field that, when true, makes the service give out a credential; None when it never does."""
        ...

    @property
    def calls(self) -> Calls:
        """The service's operations for it."""
        ...

    def glossary(self) -> Glossary:
        """What people write in its manifests and what they mean by it."""
        ...

    def check(self, document: Document) -> list[Problem]:
        """Everything wrong or suspicious in a document that its model accepts, each at its place."""
        ...

    def complete(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """A valid spec as it is compared and sent: entries of lists carry their keys."""
        ...

    def same_list(self, want: Any, have: Any, spec: Mapping[str, Any]) -> bool:
        """Whether the entries `have` of a list with keys are what `want` declares, in that order."""
        ...

    def list_changes(self, want: Any, have: Any, origin: Origin, spec: Mapping[str, Any]) -> list[FieldChange]:
        """Every difference between two lists with keys, entry by entry; a path names an entry by its key."""
        ...

    def resolve_names(self, want: Desired, catalogue: Catalogue | None) -> tuple[Desired, list[Problem]]:
        """`want` with its aliases resolved, and what is wrong with it by the catalogue of the account."""
        ...

    def carried_list(self, want: Any, have: Any, old: Mapping[str, Any]) -> list[Any] | None:
        """The entries `want` with what the entries `have` of a resource with attributes `old` have besides.

        None when that is nothing.
        """
        ...

    def update_steps(
        self,
        spec: Mapping[str, Any],
        applied: Mapping[str, Any],
        end: Mapping[str, Any],
        changed: frozenset[str],
        observed: Observed | None,
    ) -> list[Step]:
        """The calls that bring a resource from `applied` to `spec` by the fields in `changed`, in order.

        Each can be repeated, and stopping after any leaves a state from which the next plan goes on. `end` is what may
        be remembered once all are done.
        """
        ...

    def predict(self, changes: Sequence[FieldChange], spec: Mapping[str, Any]) -> Prediction | None:
        """What the update should report; None where it reports nothing of these changes."""
        ...

    def reported(self, answer: Mapping[str, Any]) -> Prediction | None:
        """What the body of an update's answer reports; None when it reports nothing."""
        ...

    def update_notes(self, changed: frozenset[str], spec: Mapping[str, Any], observed: Observed | None) -> list[str]:
        """What a reviewer should know of an update of the fields in `changed`."""
        ...

    def scope(self, attributes: Mapping[str, Any]) -> tuple[str, str | None]:
        """The type and merchant whose list shows a resource with these attributes; the type is one of `calls.types`."""
        ...

    def is_alike(self, spec: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
        """Whether a resource with these attributes may be what `spec` declares, as far as people would tell."""
        ...

    def content_keys(self, attributes: Mapping[str, Any]) -> frozenset[str]:
        """What a create leaves on the service besides the mark, by which a lost one is known again; may be empty."""
        ...

    def unresolved(self, answer: str) -> tuple[str, ...] | None:
        """The fields to correct after the service answered so; empty when it is the token that may not do this.

        None when the words do not say that something named in the request could not be resolved.
        """
        ...

    def unadoptable(self, observed: Observed, where: Where | None) -> Problem | None:
        """Why no manifest can manage it, placed at `where`; None when one can."""
        ...


def list_key(scope: tuple[str, str, str | None]) -> str:
    """The name of one list in `State.looked_up`: kind, type, and the merchant where one is declared."""
    return " ".join(filter(None, scope))


@cache
def _loaded(place: str) -> Kind:
    module, _, name = place.partition(":")
    kind: Kind = getattr(import_module(module), name)
    return kind


def kinds() -> list[Kind]:
    """Every registered kind, in the order of the registry."""
    return [kind_named(name) for name in KINDS]


def kind_named(name: str) -> Kind:
    """The kind that manifests and state entries call `name`. Raises KeyError for one that is not registered."""
    return _loaded(KINDS[name])
