"""The models as JSON Schema, for editors: completion, descriptions and red lines while typing."""

from __future__ import annotations

from typing import Any

from reconciler.project.config_model import Settings
from reconciler.resources.kind import kinds
from reconciler.resources.model import manifest_model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> dict[str, Any]:
    """The schema of one manifest document: of its one kind, or `oneOf` them when there are several."""
    models = [manifest_model(kind) for kind in kinds()]
    if len(models) == 1:
        description = "One interview that should exist, in a GitOps repository."
        return _one_of_both(_schema(models[0].model_json_schema(by_alias=True), "jmctl manifest", description))
    from pydantic.json_schema import models_json_schema

    references, shared = models_json_schema([(model, "validation") for model in models], by_alias=True)
    body = {"oneOf": [references[model, "validation"] for model in models], **shared}
    return _one_of_both(_schema(body, "jmctl manifest", "One resource that should exist, in a GitOps repository."))


def _one_of_both(schema: dict[str, Any]) -> dict[str, Any]:
    """Each field that has an alias may be written by either, and by one of them only."""
    for alias in (alias for kind in kinds() for alias in kind.aliases):
        for spec in schema["$defs"].values():
            if {alias.field, alias.row.name} <= spec.get("properties", {}).keys():
                spec["required"] = [name for name in spec["required"] if name != alias.field]
                spec["oneOf"] = [{"required": [alias.field]}, {"required": [alias.row.name]}]
    return schema


def settings_schema() -> dict[str, Any]:
    """The schema of jmctl.yaml."""
    description = "The configuration of a project of interviews."
    return _schema(Settings.model_json_schema(by_alias=True), "jmctl configuration", description)


def _schema(schema: dict[str, Any], title: str, description: str) -> dict[str, Any]:
    body = _tidy(schema)
    return {"$schema": DIALECT, **body, "title": title, "description": description}


def _tidy(node: Any) -> Any:
    """Leaves out what only pydantic means: titles that repeat the key, and defaults that stand for "absent"."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(value) for key, value in node.items() if not _noise(key, value)}
    # pydantic's limits on numbers are those of the value, but "multiple of 1.0" reads better as an integer
    if kept.get("type") == "number" and kept.get("multipleOf") == 1:
        kept.pop("multipleOf")
        kept["type"] = "integer"
    return kept


def _noise(key: str, value: Any) -> bool:
    return (key == "default" and value in (None, "", [], {})) or (key == "title" and isinstance(value, str))
