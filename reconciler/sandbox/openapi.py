"""The sandbox's own statement of the contract as an OpenAPI 3.1 document, for validating proxies and fuzzers."""

from __future__ import annotations

from typing import Any, Final

from reconciler.sandbox.contract import document

_DESCRIPTIONS: Final = {
    "200": "Done",
    "401": "No valid token",
    "403": "Not allowed",
    "404": "Not found",
    "422": "Invalid",
}


def openapi(server: str) -> dict[str, Any]:
    """The ten operations behind the base URL `server`."""
    stated = document()
    return {
        "openapi": "3.1.0",
        "info": {"title": "JobMojito as jmctl's sandbox states it", "version": "1"},
        "servers": [{"url": server}],
        "paths": {f"/{path}": _path(operation) for path, operation in stated["operations"].items()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _referring(stated["schemas"]),
        },
    }


def _path(operation: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "parameters": [{"name": name, "in": "query", **stated} for name, stated in operation["parameters"].items()],
        "responses": {
            status: {"description": _DESCRIPTIONS.get(status, "Failed"), **_content(schema)}
            for status, schema in operation["responses"].items()
        },
    }
    if operation["request"]:
        described["requestBody"] = {"required": True, **_content(operation["request"])}
    if operation["secured"]:
        described["security"] = [{"token": []}]
    return {operation["method"].lower(): described}


def _content(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _referring(node: Any) -> Any:
    """The node with its references pointing to where OpenAPI keeps schemas."""
    if isinstance(node, dict):
        return {
            key: value.replace("#/schemas/", "#/components/schemas/") if key == "$ref" else _referring(value)
            for key, value in node.items()
        }
    return [_referring(item) for item in node] if isinstance(node, list) else node
