"""A valid document -> the resource it wants. Pure; whatever is the same resource gives the same value and digest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reconciler.canonical_json import digest
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.manifest.places import Mark, Node, Places, collected, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.yaml.document import Document


def resolve(document: Document, kind: str, spec: Mapping[str, Any]) -> Desired:
    """The resource that a checked document of `kind` wants; `spec` is the document's as the kind completes it."""
    value = document.value
    metadata = value["metadata"]
    lifecycle = value.get("lifecycle", {})
    return Desired(
        kind=kind,
        name=metadata["name"],
        spec=spec,
        digest=digest(spec),
        where=document.at("metadata", "name"),
        places=_places(document, spec),
        labels=metadata.get("labels", {}),
        lifecycle=Lifecycle(
            protect=lifecycle.get("protect", False),
            on_remove=lifecycle.get("on_remove", "archive"),
            ignore=tuple(lifecycle.get("ignore", ())),
        ),
        renamed_from=tuple(metadata.get("renamed_from", ())),
        import_id=metadata.get("import"),
    )


def _places(document: Document, spec: Mapping[str, Any]) -> Places:
    if document.files:
        return Places(spec, document.files, gathered(spec, document.files, document.at))
    return Places(spec, (document.where.path,), collected(spec, document.marks, partial(_place, document)))


def _place(document: Document, node: Node) -> Mark:
    """Line and column of a value that jmctl adds: those of what contains it."""
    where = document.at(*node)
    return where.line, where.column
