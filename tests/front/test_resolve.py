from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.canonical_json import digest
from reconciler.errors import Where
from reconciler.manifest.desired import Desired, Lifecycle
from reconciler.project.validate import judge
from reconciler.resources.interview.questions import text_key

HEAD = """\
apiVersion: jmctl/v1
kind: Interview
metadata:
  name: support-agent
spec:
  name: Support agent
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: First-line support
  status: active
  type: interview
  visibility: merchant_invite
"""


def wanted(text: str) -> Desired:
    desired, problems = judge(text.encode(), "a.yaml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    [item] = desired
    return item


def questions(*items: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = list(wanted(HEAD + "  questions:\n" + "".join(items)).spec["questions"])
    return listed


def test_a_manifest_becomes_what_it_declares_and_no_more() -> None:
    text = HEAD.replace("support-agent\n", "support-agent\n  labels: {team: support}\n  import: abc\n")
    text += "  max_duration: 1200.0\n  interview_tone: null\n  questions:\n    - {id: one, question: 'Why?'}\n"
    text += "lifecycle: {protect: true, on_remove: forget, ignore: [status]}\n"
    item = wanted(text)
    assert list(item.spec)[-3:] == ["max_duration", "interview_tone", "questions"]
    assert item.spec["max_duration"] == 1200
    assert type(item.spec["max_duration"]) is int
    assert item.spec["interview_tone"] is None
    assert item.spec["questions"] == [{"id": "one", "question": "Why?", "external_id": "one"}]
    assert item.digest == digest(item.spec)
    assert item.lifecycle == Lifecycle(protect=True, on_remove="forget", ignore=("status",))
    assert (item.labels, item.import_id, item.renamed_from) == ({"team": "support"}, "abc", ())
    assert item.where == Where("a.yaml", 4, 3)
    assert item.at("status") == Where("a.yaml", 13, 3)
    assert {path[0] for path in item.places} == item.spec.keys()


def test_the_key_is_the_external_id_else_the_id_else_made_from_the_text() -> None:
    [first, second, third] = questions(
        "    - {question: 'One?', id: one, external_id: first}\n",
        "    - {question: 'Two?', id: two, external_id: null}\n",
        "    - {question: 'Describe a difficult ticket you solved.'}\n",
    )
    assert (first["id"], first["external_id"]) == ("one", "first")
    assert second["external_id"] == "two"
    assert third["external_id"] == "describe-a-difficult-ticket-you-solved-240b5b"
    assert "id" not in third


@pytest.mark.parametrize(
    ("parent", "reference", "handle"),
    [
        ("id: ticket", "ticket", "ticket"),
        ("external_id: t-1", "t-1", "t-1"),
        ("id: ticket, external_id: t-1", "t-1", "ticket"),
        ("id: ticket, external_id: t-1", "ticket", "ticket"),
    ],
)
def test_a_conditional_question_names_its_parent_by_the_parents_id(parent: str, reference: str, handle: str) -> None:
    [main, follow] = questions(
        f"    - {{question: 'Which ticket?', {parent}}}\n",
        f"    - {{question: 'Why?', is_conditional: true, conditional_question_main_id: {reference}}}\n",
    )
    assert main["id"] == handle
    assert follow["conditional_question_main_id"] == handle


def test_aliased_questions_share_nothing_that_is_changed() -> None:
    text = HEAD.replace("spec:", "spec: &spec") + "  questions:\n    - question: Why?\n"
    second = text.replace("support-agent", "other").replace("&spec", "")
    desired, problems = judge(f"{text}---\n{second}".encode(), "a.yaml")
    assert problems == []
    assert desired[0].digest == desired[1].digest


@given(st.text(min_size=1).filter(str.strip))
def test_text_keys_are_short_plain_and_blind_to_white_space(text: str) -> None:
    key = text_key(text)
    assert len(key) <= 47
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789-" for char in key)
    assert text_key(f"  {text}\n ") == key


def test_text_keys_are_blind_to_unicode_forms() -> None:
    assert text_key("Caf\u00e9?") == text_key("Cafe\u0301?")
    assert text_key("你好").startswith("question-")


def test_the_digest_ignores_key_order_comments_labels_and_numbers_forms() -> None:
    one = wanted(HEAD + "  max_duration: 1200\n  questions:\n    - question: Why?\n      duration: 60\n")
    lines = HEAD.splitlines()
    other = "\n".join([*lines[:3], "  labels: {a: b}", lines[3], lines[4], *reversed(lines[5:])])
    other += "\n  questions: [{duration: 60.0, question: 'Why?'}]  # short\n  max_duration: 12e2\n"
    assert wanted(other).digest == one.digest
