"""The models as JSON Schema, for editors: completion, descriptions and red lines while typing."""

from __future__ import annotations

from typing import Any

from reconciler.project.config_model import Settings
from reconciler.resources.kind import kinds
from reconciler.resources.model import manifest_model, object_model
from reconciler.resources.part import part_named

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


def part_schema(name: str) -> dict[str, Any]:
    """The schema of a document that interviews are composed of: Defaults, QuestionSet or Texts."""
    part = part_named(name)
    return _schema(object_model(part.shape).model_json_schema(), f"jmctl {name}", part.description)


def _composable(schema: dict[str, Any]) -> dict[str, Any]:
    """An interview as files write it: fields may come from defaults, questions from sets, and it has more parts."""
    definitions = schema["$defs"]
    interview = definitions.get("Manifest") or schema
    spec = definitions.get("Spec", {})
    if "questions" not in spec.get("properties", {}):
        return schema
    spec.pop("required", None)
    questions = spec["properties"]["questions"]
    questions["items"] = {"anyOf": [questions["items"], {"$ref": "#/$defs/Use"}]}
    definitions["Use"] = _USE
    interview["properties"] |= _PARTS
    return schema


_USE: dict[str, Any] = {
    "description": "A question set to use; numbers and flags beside it may differ.",
    "type": "object",
    "properties": {
        "use": {"type": "string", "description": "Name of a set, or SET/QUESTION for one of its questions."}
    },
    "required": ["use"],
    "additionalProperties": {"type": ["number", "boolean", "null"]},
}
_PARTS: dict[str, Any] = {
    "languages": {
        "description": "Languages, that of the texts here first: an interview is made in each.",
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
    },
    "environments": {
        "description": "What differs, by environment of jmctl.yaml: spec and lifecycle.",
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "spec": {"type": "object", "description": "Fields that differ."},
                "lifecycle": {"type": "object", "description": "How jmctl treats it there."},
            },
            "additionalProperties": False,
        },
    },
}


def _one_of_both(schema: dict[str, Any]) -> dict[str, Any]:
    """Each field that has an alias may be written by either, and by one of them only."""
    for alias in (alias for kind in kinds() for alias in kind.aliases):
        for spec in schema["$defs"].values():
            if {alias.field, alias.row.name} <= spec.get("properties", {}).keys():
                spec["not"] = {"required": [alias.field, alias.row.name]}  # either may come from defaults
    return _composable(schema)


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
