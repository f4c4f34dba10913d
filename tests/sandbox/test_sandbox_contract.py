"""The sandbox's own statement of the contract against the published one, field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from reconciler.sandbox.contract import document
from reconciler.sandbox.faults import SHORT
from reconciler.sandbox.languages import catalogue
from reconciler.sandbox.openapi import openapi
from reconciler.sandbox.service import _WORK

_PUBLISHED = Path(__file__).parents[3] / "shared/contract/openapi.yaml"
_PROSE = {"description", "x-since", "deprecated"}


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    if not _PUBLISHED.exists():
        pytest.skip("the published contract is not beside this checkout")
    loaded: dict[str, Any] = YAML(typ="safe").load(_PUBLISHED)
    return loaded


def _differences(where: str, stated: Any, expected: Any) -> list[str]:
    """Every place where two schemas differ; prose does not count, the order of enums and required lists neither."""
    if isinstance(expected, dict) and isinstance(stated, dict):
        names_are_fields = where.endswith("/properties")
        wanted = {key for key in expected if names_are_fields or key not in _PROSE}
        missing = [f"{where}/{key}" for key in wanted ^ stated.keys()]
        return missing + [
            difference
            for key in wanted & stated.keys()
            for difference in _differences(f"{where}/{key}", stated[key], expected[key])
        ]
    if where.endswith("/$ref"):
        expected = expected.replace("#/components/schemas/", "#/schemas/")
    if where.endswith(("/enum", "/required", "/type")) and isinstance(expected, list) and isinstance(stated, list):
        stated, expected = set(stated), set(expected)
    if isinstance(expected, list) and isinstance(stated, list) and len(stated) == len(expected):
        pairs = enumerate(zip(stated, expected, strict=True))
        return [found for number, (one, other) in pairs for found in _differences(f"{where}/{number}", one, other)]
    return [] if stated == expected else [f"{where}: {stated!r} is not {expected!r}"]


def test_every_schema_is_stated_field_by_field(published: dict[str, Any]) -> None:
    assert _differences("schemas", document()["schemas"], published["components"]["schemas"]) == []


def test_the_ten_operations_with_method_parameters_and_answers(published: dict[str, Any]) -> None:
    stated = document()["operations"]
    assert len(stated) == 10
    assert {f"/{name}" for name in stated} == set(published["paths"])
    for path, item in published["paths"].items():
        ((method, operation),) = item.items()
        ours = stated[path.removeprefix("/")]
        assert ours["method"] == method.upper()
        assert ours["secured"] is bool(operation["security"])
        parameters = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
        assert ours["parameters"].keys() == parameters.keys()
        for name, parameter in parameters.items():
            assert parameter["in"] == "query"
            assert ours["parameters"][name]["required"] is parameter["required"]
            assert _differences(f"{path}?{name}", ours["parameters"][name]["schema"], parameter["schema"]) == []
        assert ours["request"] == _referred(operation.get("requestBody"))
        assert ours["responses"] == {status: _referred(answer) for status, answer in operation["responses"].items()}


def _referred(body: dict[str, Any] | None) -> str | None:
    if body is None:
        return None
    return str(body["content"]["application/json"]["schema"]["$ref"]).rsplit("/", 1)[1]


def test_a_difference_would_be_found() -> None:
    field = {"type": ["string", "null"], "enum": ["a", None], "description": "prose"}
    same = {"type": ["null", "string"], "enum": [None, "a"]}
    assert _differences("", {"properties": {"x": same}}, {"properties": {"x": field}}) == []
    for wrong in ({"type": "string", "enum": ["a", None]}, {"type": ["string", "null"]}, same | {"minLength": 1}):
        assert _differences("", {"properties": {"x": wrong}}, {"properties": {"x": field}}) != []


def test_every_operation_is_answered_and_has_a_short_name() -> None:
    assert set(_WORK) == set(document()["operations"]) == set(SHORT.values())


def test_every_language_of_the_contract_is_in_the_catalogue() -> None:
    schema = document()["schemas"]["JobInterviewCreateFromArrayRequest"]["properties"]["mojito_language_code"]
    assert set(catalogue()) == set(schema["enum"])
    assert len(catalogue()) == 34


def test_as_openapi_it_is_the_published_document(published: dict[str, Any]) -> None:
    made = openapi("https://cool.jobmojito.com/functions/v1")
    assert {path: set(item) for path, item in made["paths"].items()} == {
        path: set(item) for path, item in published["paths"].items()
    }
    assert made["servers"][0]["url"] == published["servers"][0]["url"]
    assert "#/schemas/" not in json.dumps(made).replace("#/components/schemas/", "")
    for path, item in published["paths"].items():
        ((method, operation),) = item.items()
        ours = made["paths"][path][method]
        assert set(ours["responses"]) == set(operation["responses"])
        assert ("requestBody" in ours) is ("requestBody" in operation)
