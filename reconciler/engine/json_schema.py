"""The models as JSON Schema, for editors: completion, descriptions and red lines while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.project.config_model import Settings
from reconciler.resources.kind import kind_named
from reconciler.resources.model import manifest_model

if TYPE_CHECKING:
    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def manifest_schema() -> dict[str, Any]:
    """The schema of one manifest document."""
    return _schema(
        manifest_model(kind_named("Interview")),
        "jmctl manifest",
        "One interview that should exist, in a GitOps repository.",
    )


def settings_schema() -> dict[str, Any]:
    """The schema of jmctl.yaml."""
    return _schema(Settings, "jmctl configuration", "The configuration of a project of interviews.")


def _schema(model: type[BaseModel], title: str, description: str) -> dict[str, Any]:
    body = _tidy(model.model_json_schema(by_alias=True))
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
