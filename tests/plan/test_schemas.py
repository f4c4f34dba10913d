"""What is printed as JSON fits its published schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from scenario import review
from workshop import Project, Run

from reconciler.plan.drift import drift_of
from reconciler.views.plan_json import drift_json, plan_json
from reconciler.views.schemas import NAMES, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas"


def check(name: str, document: Any) -> None:
    schema = json.loads(schema_text(name))
    assert jsonschema_rs.meta.is_valid(schema)
    jsonschema_rs.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("name", NAMES)
def test_the_published_file_is_what_the_command_prints(name: str, project: Project, inside: Callable[..., Run]) -> None:
    run = inside(project, "schema", "--output", name)
    assert run.out == (PUBLISHED / f"{name}.schema.json").read_text("utf-8")


def test_each_schema_is_published_and_no_other() -> None:
    assert {path.name for path in PUBLISHED.iterdir()} == {f"{name}.schema.json" for name in NAMES}


def test_a_plan_of_every_kind_of_change_fits() -> None:
    check("plan", plan_json(review()))
    check("drift", drift_json(drift_of(review().plan), "default"))


def test_what_commands_print_fits(project: Project, inside: Callable[..., Run]) -> None:
    project.write_many(2)
    check("plan", inside(project, "plan", "--format", "json").document)
    check("error", inside(project, "plan", "nothing-like-it", "--format", "json").document)
    assert inside(project, "apply", "--auto-approve").code == 0
    project.write("interview-0000", name="Other", description="Other")
    check("plan", inside(project, "plan", "--no-refresh", "--format", "json").document)
    check("drift", inside(project, "drift", "--format", "json").document)


@pytest.mark.parametrize("words", [("validate",), ("show", "interview-0000")])
def test_other_documents_have_a_version(words: tuple[str, ...], project: Project, inside: Callable[..., Run]) -> None:
    project.write_many(1)
    assert inside(project, *words, "--format", "json").document["version"] == 1


def test_a_schema_refuses_what_is_not_published() -> None:
    document = plan_json(review()) | {"secret": "x"}
    with pytest.raises(jsonschema_rs.ValidationError):
        check("plan", document)
