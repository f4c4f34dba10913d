"""A valid document -> the resource it wants. Pure; whatever is the same resource gives the same value and digest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reconciler.canonical_json import digest
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.manifest.places import Places, collected

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
        places=Places(spec, (document.where.path,), collected(spec, partial(_place, document))),
        labels=metadata.get("labels", {}),
        lifecycle=Lifecycle(
            protect=lifecycle.get("protect", False),
            on_remove=lifecycle.get("on_remove", "archive"),
            ignore=tuple(lifecycle.get("ignore", ())),
        ),
        renamed_from=tuple(metadata.get("renamed_from", ())),
        import_id=metadata.get("import"),
    )


def _place(document: Document, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column of a node of `spec`; a value that jmctl adds stands where what is around it does."""
    if mark := document.marks.get(("spec", *path)):  # nearly all, and `at` costs more
        return mark
    where = document.at("spec", *path)
    return where.line, where.column
