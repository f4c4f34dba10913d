from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import orjson
import pytest

from reconciler.engine.json_schema import manifest_schema, part_schema, settings_schema
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.model import manifest_model
from reconciler.yaml.load import parse

Manifest: Any = manifest_model(INTERVIEW)
Spec = Manifest.model_fields["spec"].annotation
Question = get_args(Spec.model_fields["questions"].annotation)[0]

LATER = {"max_duration", "country_availability", "coach_plan", "type_credit"}  # set by an update

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))
CONTRACT = ROOT.parent / "shared" / "contract" / "openapi.yaml"
WRONG = Path(__file__).parent / "wrong"

contract = pytest.mark.skipif(not CONTRACT.exists(), reason="the service's contract is not part of this repository")


def contract_schema(name: str) -> dict[str, Any]:
    [document] = parse(CONTRACT.read_bytes(), "openapi.yaml")
    schema: dict[str, Any] = document.value["components"]["schemas"][name]
    return schema


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_fit_the_schema(path: Path) -> None:
    # the schema does not know the types of variables: a number that is one stands for itself
    data = re.sub(rb": \$\{(seconds|attempts)\}$", b": 2", path.read_bytes(), flags=re.MULTILINE)
    for document in parse(data, path.name):
        kind = document.value.get("kind", "settings")
        schema = {"Interview": manifest_schema, "settings": settings_schema}.get(kind) or partial(part_schema, kind)
        validator = jsonschema_rs.Draft202012Validator(schema())
        assert [error.message for error in validator.iter_errors(document.value)] == []


def test_the_configuration_of_this_repository_fits_the_schema() -> None:
    validator = jsonschema_rs.Draft202012Validator(settings_schema())
    [document] = parse((ROOT / "jmctl.yaml").read_bytes(), "jmctl.yaml")
    assert validator.is_valid(document.value)


@pytest.mark.parametrize("schema", [manifest_schema(), settings_schema()], ids=["manifest", "settings"])
def test_the_schema_is_valid_and_describes_every_field(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)
    nodes = [schema, *schema["$defs"].values()]
    for node in nodes:
        assert node["description"]
        for name, field in node.get("properties", {}).items():
            assert field.get("description"), name
            assert len(field["description"]) < 200


@pytest.mark.parametrize(
    "name",
    ["misspelt-field", "wrong-status", "bad-name", "quoted-number", "yes-is-text", "no-questions", "blank-question"],
)
def test_the_schema_refuses_what_the_models_refuse(name: str) -> None:
    [document] = parse((WRONG / f"{name}.yaml").read_bytes(), name)
    assert not jsonschema_rs.Draft202012Validator(manifest_schema()).is_valid(document.value)


@contract
@pytest.mark.parametrize(
    ("model", "name", "extra"),
    [
        (Spec, "JobInterviewCreateFromArrayRequest", {*LATER, "avatar"}),
        (Question, "JobInterviewCreateFromArrayQuestion", set()),
    ],
)
def test_fields_and_what_is_required_are_those_of_the_contract(model: Any, name: str, extra: set[str]) -> None:
    schema = contract_schema(name)
    assert set(model.model_fields) == set(schema["properties"]) | extra
    assert {key for key, info in model.model_fields.items() if info.is_required()} == set(schema["required"])


@contract
@pytest.mark.parametrize(
    ("model", "name"),
    [(Spec, "JobInterviewCreateFromArrayRequest"), (Question, "JobInterviewCreateFromArrayQuestion")],
)
def test_null_and_enums_are_those_of_the_contract(model: Any, name: str) -> None:
    for key, field in contract_schema(name)["properties"].items():
        types = field["type"] if isinstance(field["type"], list) else [field["type"]]
        annotation = str(model.model_fields[key].annotation)
        assert ("None" in annotation or "Optional" in annotation) == ("null" in types), key
        if "enum" in field:
            assert set(re.findall(r"'([^']+)'", annotation)) == set(field["enum"]) - {None}, key


@contract
def test_the_contracts_own_example_is_a_valid_spec() -> None:
    for file in (CONTRACT.parent / "examples").glob("create-request.*.json"):
        document = {
            "apiVersion": "jmctl/v1",
            "kind": "Interview",
            "metadata": {"name": "example"},
            "spec": orjson.loads(file.read_bytes()),
        }
        Manifest.model_validate(document)
        assert jsonschema_rs.Draft202012Validator(manifest_schema()).is_valid(document)


def test_the_schema_that_editors_use_here_is_the_one_of_this_version() -> None:
    kept = Path(__file__).parents[2] / ".jmctl" / "interview.schema.json"
    assert json.loads(kept.read_bytes()) == manifest_schema(), "jmctl schema > .jmctl/interview.schema.json"


def test_a_model_is_made_once_for_each_kind_and_without_hashing_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of the whole field table was a third of the cost of checking one manifest."""
    from reconciler.resources.field import Field
    from reconciler.resources.kind import kind_named
    from reconciler.resources.model import manifest_model

    model = manifest_model(kind_named("Interview"))

    def hashed(_: Field) -> int:
        raise AssertionError("the field table is hashed for each manifest")

    monkeypatch.setattr(Field, "__hash__", hashed)
    assert manifest_model(kind_named("Interview")) is model


def test_the_schema_takes_an_interview_that_is_composed() -> None:
    validator = jsonschema_rs.Draft202012Validator(manifest_schema())
    head = {"apiVersion": "jmctl/v1", "kind": "Interview", "metadata": {"name": "one"}}
    used = {"spec": {"name": "One", "questions": [{"use": "teamwork", "duration": 5}, {"question": "Why?"}]}}
    assert validator.is_valid({**head, **used, "languages": ["en", "de"], "environments": {"staging": {"spec": {}}}})
    assert not validator.is_valid({**head, "spec": {"questions": [{"use": "teamwork", "question": "Why?"}]}})
    assert not validator.is_valid({**head, "spec": {"questions": [{"duration": 5}]}})


@pytest.mark.parametrize("kind", ["Defaults", "QuestionSet", "Texts"])
def test_each_part_has_a_schema(kind: str) -> None:
    schema = part_schema(kind)
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(schema)
    head = {"apiVersion": "jmctl/v1", "kind": kind}
    right: dict[str, Any] = {
        "Defaults": {"spec": {"status": "draft"}, "environments": {"staging": {"spec": {"status": "active"}}}},
        "QuestionSet": {"metadata": {"name": "a"}, "language": "en", "questions": [{"question": "Why?"}]},
        "Texts": {"of": "QuestionSet/a", "language": "de", "texts": {"why": {"text": "Warum?"}}},
    }
    assert validator.is_valid({**head, **right[kind]})
    assert not validator.is_valid({**head, **right[kind], "unknown": 1})
