"""The contract as this side understands it: `contract.json` compiled to validators, one per operation, on first use.

Requests are checked here and nowhere else for shape; what needs the stored data is checked by the operation.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox.reply import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema_rs import Draft202012Validator, ValidationError

_INTEGER = re.compile(r"-?\d+")


@cache
def document() -> dict[str, Any]:
    """The whole statement: `operations` by path, `schemas` by name."""
    text = resources.files(__package__).joinpath("contract.json").read_bytes()
    stated: dict[str, Any] = orjson.loads(text)
    return stated


@cache
def validator(schema: str) -> Draft202012Validator:
    """The compiled schema of that name."""
    return _compiled({"$ref": f"#/schemas/{schema}", "schemas": document()["schemas"]})


@cache
def parameters(operation: str) -> dict[str, dict[str, Any]]:
    """An operation's query parameters: their schemas by name."""
    stated = document()["operations"][operation]["parameters"]
    return {name: parameter["schema"] for name, parameter in stated.items()}


@cache
def _query_validator(operation: str) -> Draft202012Validator:
    stated = document()["operations"][operation]["parameters"]
    required = [name for name, parameter in stated.items() if parameter["required"]]
    return _compiled({"type": "object", "properties": parameters(operation), "required": required})


def _compiled(schema: dict[str, Any]) -> Draft202012Validator:
    # late: compiling costs start-up, and a request that is refused for its token needs none of it
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(schema, validate_formats=True)


def checked_body(operation: str, body: bytes, *, strict: bool = False) -> dict[str, Any]:
    """The request body as plain JSON; raises RefusalError(422) naming the first offending field.

    Keys the contract does not know are ignored, or refused when `strict`.
    """
    try:
        request: dict[str, Any] = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusalError(422, "Body is not valid JSON.") from error
    schema = document()["operations"][operation]["request"]
    judge = validator(schema)
    if not judge.is_valid(request):
        raise _complaint(next(judge.iter_errors(request)))
    if strict:
        for unknown in request.keys() - document()["schemas"][schema]["properties"].keys():
            raise RefusalError(422, "Unknown field.", unknown)
    return request


def checked_query(operation: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The known parameters with their defaults; unknown ones are dropped, not rejected (docs/service.md#1-access)."""
    stated = parameters(operation)
    sent = {name: _typed(query[name], stated[name]) for name in stated if name in query}
    judge = _query_validator(operation)
    if not judge.is_valid(sent):
        raise _complaint(next(judge.iter_errors(sent)))
    return {name: sent.get(name, schema.get("default")) for name, schema in stated.items()}


def _typed(text: str, schema: dict[str, Any]) -> Any:
    # a query knows only text: numbers and null have to be recognised
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in kinds and text in {"", "null"}:
        return None
    if "integer" in kinds and _INTEGER.fullmatch(text):
        return int(text)
    return text


def _complaint(error: ValidationError) -> RefusalError:
    missing = getattr(error.kind, "property", None) if error.kind.name == "required" else None
    steps = [*error.instance_path, missing] if missing else list(error.instance_path)
    name = ".".join(str(step) for step in steps) or None
    return RefusalError(422, "Field is required." if missing else f"Invalid value: {error.message}", name)
