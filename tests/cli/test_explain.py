"""jmctl explain: the meaning and the cure of a problem, by its code."""

from __future__ import annotations

import pytest
from workshop import Project


def test_a_code_is_explained(project: Project) -> None:
    run = project.jmctl("explain", "JM0203")
    assert run.code == 0
    first, blank, *others = run.out.splitlines()
    assert (first, blank) == ("JM0203: unknown field", "")
    assert any(line.startswith("What to do: Follow the hint") for line in others)
    assert max(map(len, others)) <= 80


@pytest.mark.parametrize("word", ["jm0203", "JM203", "jm203"])
def test_a_code_is_found_however_it_is_typed(project: Project, word: str) -> None:
    document = project.jmctl("explain", word, "--format", "json").document
    assert (document["version"], document["code"], document["title"]) == (1, "JM0203", "unknown field")
    assert set(document) == {"version", "code", "title", "subject", "level", "meaning", "cure"}


def test_an_unknown_code_suggests_a_known_one(project: Project) -> None:
    run = project.jmctl("explain", "JM0299")
    assert run.code == 64
    assert run.err.startswith("jmctl: error[JM1114]: unknown problem code: JM0299\n")
    assert "did you mean `jmctl explain JM02" in run.err


def test_a_message_carries_the_code_that_explain_knows(project: Project) -> None:
    project.write("a", statu="active")
    human = project.jmctl("validate")
    assert human.err.startswith("jmctl: error[JM0203]: interviews/a.yaml:")
    (problem,) = project.jmctl("validate", "--format", "json").document["problems"]
    assert problem["code"] == "JM0203"
