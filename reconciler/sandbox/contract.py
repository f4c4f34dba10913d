"""The contract as this side understands it: `contract.json` compiled to validators, one per operation, on first use.

Requests are checked here and nowhere else for shape; what needs the stored data is checked by the operation.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson

from reconciler.sandbox.reply import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema_rs import Draft202012Validator, ValidationError

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_MANY_DIGITS = re.compile(rb"[0-9]{19}")
_LEAST_INTEGER, _GREATEST_INTEGER = -(2**63), 2**63 - 1
_LONGEST_INTEGER = 20
# orjson writes 254 levels; a value is stored some levels below the row
_DEEPEST = 200
_LEVELS_ABOVE = 10


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
    request: dict[str, Any] = _parsed(body)
    schema = document()["operations"][operation]["request"]
    judge = validator(schema)
    if not judge.is_valid(request):
        raise _complaint(next(judge.iter_errors(request)))
    if strict:
        for unknown in request.keys() - document()["schemas"][schema]["properties"].keys():
            raise RefusalError(422, "Unknown field.", unknown)
    return request


def _parsed(body: bytes) -> Any:
    """The body as plain JSON that can be stored; raises RefusalError 422."""
    try:
        parsed = orjson.loads(body)
        if body.count(b"[") + body.count(b"{") > _DEEPEST:
            orjson.dumps(_under(parsed, _LEVELS_ABOVE))  # refuses what is nested deeper than it can be stored
    except (orjson.JSONDecodeError, TypeError) as error:
        raise RefusalError(422, "Body is not valid JSON.") from error
    if _MANY_DIGITS.search(body):
        _check_integers(body)
    return parsed


def _under(value: Any, levels: int) -> Any:
    return value if levels == 0 else [_under(value, levels - 1)]


def _check_integers(body: bytes) -> None:
    """Refuses integers beyond 64 bits, which the fast parser rounds in silence; raises RefusalError 422."""

    def refuse_large(digits: str) -> int:
        if len(digits) > _LONGEST_INTEGER or not _LEAST_INTEGER <= int(digits) <= _GREATEST_INTEGER:
            raise RefusalError(422, f"Integer out of range: {digits[:_LONGEST_INTEGER]}.")
        return int(digits)

    json.loads(body, parse_int=refuse_large)


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
        return int(text)  # longer ones stay text, and are no integers to the schema
    return text


def _complaint(error: ValidationError) -> RefusalError:
    missing = getattr(error.kind, "property", None) if error.kind.name == "required" else None
    steps = [*error.instance_path, missing] if missing else list(error.instance_path)
    name = ".".join(str(step) for step in steps) or None
    return RefusalError(422, "Field is required." if missing else f"Invalid value: {error.message}", name)
