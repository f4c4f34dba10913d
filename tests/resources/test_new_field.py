"""A field is one row: a row that is added to the table is known to everything that is made from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pydantic
import pytest

from reconciler.engine.json_schema import manifest_schema
from reconciler.resources.calls import attributes
from reconciler.resources.compare import changes_of, same
from reconciler.resources.creation import created_part, remaining_part
from reconciler.resources.field import Choice, Field, Group, Rule
from reconciler.resources.interview.calls import update_steps
from reconciler.resources.interview.fields import FIELDS
from reconciler.resources.interview.generate import declared_fields
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.resources.model import manifest_model
from reconciler.resources.observed import Observed
from reconciler.resources.order import order_at
from reconciler.resources.reference import reference

ROW = Field(
    "mood",
    Choice(("calm", "lively")),
    read=("creation_parameters", "mood"),
    rule=Rule.DEFAULT,
    default="calm",
    created=False,
    description="How the avatar feels.",
)
SPEC = {
    "name": "Support agent",
    "location": "remote",
    "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
    "mojito_language_code": "en",
    "description": "Late shift",
    "status": "active",
    "type": "interview",
    "visibility": "merchant_invite",
    "questions": [{"question": "Why?"}],
}


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, ROW.name, ROW)


def document(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "jmctl/v1", "kind": "Interview", "metadata": {"name": "one"}, "spec": {**SPEC, **spec}}


def test_the_model_judges_it() -> None:
    model = manifest_model(INTERVIEW)
    model.model_validate(document(mood="lively"))
    model.model_validate(document(mood=None))
    with pytest.raises(pydantic.ValidationError, match="mood"):
        model.model_validate(document(mood="sad"))


def test_the_schema_describes_it() -> None:
    defs = manifest_schema()["$defs"]
    assert defs["Spec"]["properties"]["mood"]["description"] == ROW.description
    assert "mood" in defs["Lifecycle"]["properties"]["ignore"]["items"]["enum"]


def test_the_canonical_order_has_a_place_for_it() -> None:
    assert (order_at(("spec",), INTERVIEW.fields) or ())[-1] == "mood"


def test_a_read_gives_it() -> None:
    assert attributes(FIELDS, {"creation_parameters": {"mood": "lively"}})["mood"] == "lively"


def test_it_is_compared_by_its_rule() -> None:
    assert same(INTERVIEW, "mood", None, "calm", {})
    assert not same(INTERVIEW, "mood", "lively", None, {})
    (change,) = changes_of(INTERVIEW, "mood", "lively", None, "ours", {})
    assert (change.path, change.before, change.after) == (("mood",), None, "lively")


def test_a_create_leaves_it_to_an_update() -> None:
    spec = {**SPEC, "mood": "lively"}
    assert "mood" not in created_part(INTERVIEW, spec)
    assert remaining_part(INTERVIEW, spec) == {"mood": "lively"}


def test_an_update_sends_it_alone() -> None:
    spec = {**SPEC, "mood": "lively"}
    (step,) = update_steps(spec, SPEC, spec, frozenset({"mood"}), None)
    assert step.patch == {"mood": "lively"}


def test_a_generated_manifest_declares_it() -> None:
    seen = Observed("i", {**SPEC, "mood": "lively"}, "active", None, None, kind="Interview")
    assert declared_fields(seen)["mood"] == "lively"
    assert "mood" not in declared_fields(replace(seen, attributes={**SPEC, "mood": "calm"})), "the default"


def test_the_reference_lists_it() -> None:
    page = reference(replace(INTERVIEW, groups=(*INTERVIEW.groups, Group("More", (ROW,)))))
    assert "| `mood` | `calm`, `lively` or null | How the avatar feels. | in place |" in page
