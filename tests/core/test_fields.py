"""The field table names every field of the contract, and nothing else; manifests declare exactly these."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from reconciler.resources.field import By, Rule
from reconciler.resources.interview.fields import FIELDS, QUESTION_FIELDS
from reconciler.sandbox.contract import document

LATER = {"max_duration", "country_availability", "coach_plan", "type_credit"}  # set by an update
SCHEMAS: dict[str, Any] = document()["schemas"]


def properties(schema: str) -> set[str]:
    return set(SCHEMAS[schema]["properties"])


def test_every_field_of_a_create_stands_in_the_table_and_in_the_manifest() -> None:
    created = properties("JobInterviewCreateFromArrayRequest")
    assert set(FIELDS) == created | LATER
    assert {name for name, row in FIELDS.items() if not row.created} == LATER


def test_every_field_of_a_question_stands_in_the_table_and_in_the_manifest() -> None:
    asked = properties("JobInterviewCreateFromArrayQuestion")
    assert set(QUESTION_FIELDS) == asked
    assert len(asked) == 16


def test_what_an_update_changes_is_what_an_update_takes() -> None:
    taken = properties("JobInterviewUpdateRequest")
    assert {name for name, row in FIELDS.items() if row.by is By.UPDATE} <= taken
    assert {name for name, row in FIELDS.items() if row.by is By.REPLACE} & taken == set()


def test_what_set_state_changes_is_what_set_state_takes() -> None:
    changed = {name for name, row in FIELDS.items() if row.by is By.STATE}
    assert changed == properties("JobInterviewSetStateRequest") - {"position_id"}


@pytest.mark.parametrize("name", [name for name, row in FIELDS.items() if row.read])
def test_what_can_be_read_stands_in_the_answer_to_a_read(name: str) -> None:
    path = FIELDS[name].read or ()
    assert path[0] in properties("JobInterviewGetResponse")


def test_rules_that_need_a_default_have_one_and_the_others_none() -> None:
    with_default = {name for name, row in FIELDS.items() if row.default is not None}
    assert with_default == {name for name, row in FIELDS.items() if row.rule in (Rule.DEFAULT, Rule.CASEFOLD)}


def test_importing_a_field_table_loads_no_library() -> None:
    script = "import sys, reconciler.resources.interview.kind; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"pydantic", "ruamel", "deepdiff"} & set(done.stdout.split()) == set()
