"""Lints leave alone what a script or a language needs, and a file of mistakes gives a bounded list."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.project.files import manifest_files
from reconciler.project.validate import judge

MANIFEST = (Path(__file__).parent / "wrong" / "short-duration.yaml").read_text(encoding="utf-8")
MANIFEST = MANIFEST.replace("  max_duration: 45\n", "")


def summaries(text: str) -> list[str]:
    return [problem.summary for problem in judge(text.encode(), "a.yaml")[1]]


@pytest.mark.parametrize(
    "text",
    [
        "'Pourquoi\u00a0? Il a dit\u00a0: \u00ab\u00a0oui\u00a0\u00bb'",  # French punctuation
        "10\u202f000 tickets",
        "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u200b\u0e04\u0e23\u0e31\u0e1a",  # Thai marks words so
        "\U0001f469\u200d\U0001f4bb at work",  # one character of three
        "Tell us \u2013 in short \u2013 why",
        "She said \u201cno\u201d twice",
        "Ticket#12 and C# and F#",
        "Describe it # the usual one",
        "Describe it #!important",
        "Use {braces} and [brackets]",
        "'quoted #12 text'",
        "Todo el mundo",
    ],
)
def test_texts_as_they_should_be_have_no_lint(text: str) -> None:
    assert summaries(MANIFEST.replace("Describe a difficult ticket you solved.", text)) == []


def test_a_spanish_todo_is_a_word() -> None:
    text = MANIFEST.replace("Describe a difficult ticket you solved.", "TODO sobre usted")
    assert summaries(text) == ["placeholder left in"]
    assert summaries(text.replace("_code: en", "_code: es")) == []


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_a_comment_in_a_text_is_found_with_every_line_end(ends: str) -> None:
    text = MANIFEST.replace("Describe a difficult ticket you solved.", "What does ticket #12 tell you?")
    [problem] = judge(text.replace("\n", ends).encode(), "a.yaml")[1]
    assert problem.where
    assert (problem.summary, problem.where.line) == ("text ended by a comment", 15)


@pytest.mark.parametrize(
    "lines",
    [
        "".join(f"  unknown{index}: 1\n" for index in range(5000)),
        "  status: draft\n" * 5000,
        "  tags:\n" + "    - {{position}}\n".replace("{{position}}", "'{{position}}'") * 5000,
    ],
)
def test_a_file_lists_a_hundred_problems_and_counts_the_rest(lines: str) -> None:
    _, problems = judge((MANIFEST.partition("  questions:")[0] + lines).encode(), "a.yaml")
    assert len(problems) <= 102
    assert any("more problems in this file" in problem.detail for problem in problems)


def test_a_pattern_that_matches_both_endings_has_no_lint(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yml"):
        (tmp_path / name).write_text(MANIFEST, encoding="utf-8")
    assert manifest_files(tmp_path, ["*.yaml", "*.yml"])[1] == []
    [problem] = manifest_files(tmp_path, ["*.yml"])[1]
    assert (problem.summary, problem.severity) == ("file with another ending", "warning")
