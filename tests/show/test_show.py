"""An interview as a candidate meets it: words, tree, times, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
import pytest

from reconciler.cli import main
from reconciler.project.validate import judge
from reconciler.text.wrap import flowed, wrapped
from reconciler.views.question_tree import branches, outline, times
from reconciler.views.show_json import Known
from reconciler.views.show_text import show_lines

EXAMPLES = Path(__file__).parents[2] / "examples/interviews"
TREE: list[dict[str, Any]] = [
    {"id": "a", "question": "A", "duration": 60},
    {"id": "b", "question": "B", "duration": 30, "is_conditional": True, "conditional_question_main_id": "a"},
    {"id": "c", "question": "C"},
    {"id": "d", "question": "D", "duration": 15, "is_conditional": True, "conditional_question_main_id": "b"},
    {"id": "e", "question": "E", "duration": 5, "is_conditional": True, "conditional_question_main_id": "a"},
]


def test_conditional_questions_stand_under_those_they_depend_on() -> None:
    drawn = [f"{first}{asked.question['question']}" for first, _, asked in branches(outline(TREE), "")]
    assert drawn == ["1  A", "├─ 2  B", "│  └─ 4  D", "└─ 5  E", "3  C"]
    assert [rest for _, rest, _ in branches(outline(TREE), "")] == ["│  ", "│  │  ", "│        ", "      ", "   "]


def test_times_are_added_up() -> None:
    told = times(TREE)
    assert (told.always, told.all, told.unknown) == (60, 110, 1)


def examples() -> Iterator[Any]:
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        for item in judge(path.read_bytes(), path.name)[0]:
            yield pytest.param(item, id=item.name)


@pytest.mark.parametrize("desired", list(examples()))
def test_an_example_fits_a_terminal_and_tells_every_question(desired: Any) -> None:
    lines = list(show_lines(desired, Known()))
    plain = [click.unstyle(line) for line in lines]
    assert [line for line in plain if len(line) > 80 and " " in line.strip("│└─├ ")] == []
    text = " ".join("".join(line.strip("│└─├ ") + " " for line in plain).split())
    for question in desired.spec["questions"]:
        assert question["question"].split()[0] in text


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one\n\ntwo", 7, ["one", "", "two"]),
        ("- one two three", 9, ["- one two", "  three"]),
        ("https://example.com/a/long/address", 9, ["https://example.com/a/long/address"]),
        ("面接の質問", 4, ["面接", "の質", "問"]),
        ("a\x1b[31mb", 20, ["a\\x1b[31mb"]),
        ("", 9, [""]),
    ],
)
def test_text_is_broken_at_the_width(text: str, width: int, expected: list[str]) -> None:
    assert list(wrapped(text, width)) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("- a\n- b\n  c", "- a\n- b c"),
        ("| a |\n| b |", "| a |\n| b |"),
        ("# h\ntext", "# h\ntext"),
        ("text\n# h", "text\n# h"),
        ("one  \ntwo", "one  \ntwo"),
        ("1. a\n2. b", "1. a\n2. b"),
        ("```\na\nb\n```\nc\nd", "```\na\nb\n```\nc d"),
    ],
)
def test_paragraphs_flow(markdown: str, expected: str) -> None:
    assert flowed(markdown) == expected


MANIFEST = """\
apiVersion: jmctl/v1
kind: Interview
metadata: {name: first}
spec:
  name: "First \\e[2J"
  location: remote
  interview_template_id: 46b98d37-1557-4391-beca-03037ead19f2
  mojito_language_code: en
  description: Short
  status: draft
  type: interview
  visibility: merchant_invite
  max_duration: 1500
  recording: audio_all
  interview_attempts: 2
  welcome_message: Welcome to us
  questions:
    - {id: a, question: 'How?', duration: 90}
    - {id: b, question: 'Why?', is_conditional: true, conditional_question_main_id: a}
    - {id: c, question: 'Which?', is_multiple_choice: true, question_alternatives: [This, That]}
"""
SHOWN = """\
First \\x1b[2J
first  i/first.yaml:3:12

  language      en
  location      remote
  kind          interview, scored, with a hiring recommendation
  open to       invited candidates
  status        draft: no candidate can take it yet

Description
  Short

Welcome
  Welcome to us

Questions: 3, 1 min 30 s, 2 without a time
  1  How?
  │  1 min 30 s
  └─ 2  Why?
        no time given · if the answer above calls for it
  3  Which?
     ( ) This
     ( ) That
     no time given · multiple choice

Terms
  recorded      audio of every answer
  attempts      2
  duration      at most 25 min
  transcript    may be corrected

Credits for a completed interview: 2.2
  voice only                 2.2  = (1 + 0.1 for recording) x 2
  x 2: it may last up to 30 min
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JMCTL_CACHE_DIR", "")
    (tmp_path / "jmctl.yaml").write_text("project: p\nmanifests: [i/*.yaml]\nendpoint: sandbox:.sandbox\n")
    (tmp_path / "i").mkdir()
    (tmp_path / "i/first.yaml").write_text(MANIFEST)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["jmctl", *words])
    return main()


@pytest.mark.usefixtures("project")
def test_the_whole_picture(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "show", "first", "--template-type", "interactive_elevenlabs") == 0
    assert capsys.readouterr().out == SHOWN


@pytest.mark.usefixtures("project")
def test_a_document_for_machines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "show", "first", "--format", "json") == 0
    document: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    assert (document["name"], document["path"], document["id"]) == ("first", "i/first.yaml", None)
    assert document["questions"][0]["followups"][0]["key"] == "b"
    assert document["seconds"] == {"always": 90, "all": 90, "questions_without_time": 2}
    assert document["credits"]["least"] == "0.90"


@pytest.mark.usefixtures("project")
def test_an_unknown_name_says_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "show", "frist") == 1
    assert "hint: did you mean `jmctl show first" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_id_and_link_come_from_the_state(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "apply", "--auto-approve") == 0
    capsys.readouterr()
    assert run(monkeypatch, "show", "first") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  id            ") for line in lines)
    assert all(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line) <= 80 for line in lines)
