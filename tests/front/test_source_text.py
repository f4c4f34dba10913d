"""Hints quote numbers as they stand in the file, not as they are parsed."""

from __future__ import annotations

import pytest
from workshop import manifest

from reconciler.project.validate import judge


@pytest.mark.parametrize(
    ("line", "hint", "detail"),
    [
        ("interview_salary: 55.000", '`interview_salary: "55.000"`', "the number 55.000"),
        ("code: 007", '`code: "007"`', "the number 007"),
        ("code: 0x1F  # hexadecimal", '`code: "0x1F"`', "the number 0x1F"),
        ('"code": 1_0', None, ""),
        ("code: 1e3", '`code: "1e3"`', "the number 1e3"),
        ("code: True", '`code: "True"`', "True, which is a yes-or-no value"),
        ("code: .5", '`code: ".5"`', "the number .5"),
    ],
)
def test_a_hint_quotes_the_source(line: str, hint: str | None, detail: str) -> None:
    text = manifest("a").replace("  questions:", f"  {line}\n  questions:")
    _, problems = judge(text.encode(), "a.yaml")
    if hint is None:
        assert problems == []
        return
    (problem,) = problems
    assert problem.hint == f"put quotes around it: {hint}"
    assert detail in problem.detail
