"""jmctl new: a manifest from the ways in which people write down questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import Project, Run

from reconciler.generate.question_list import Asked, parse_list

Inside = Callable[..., Run]

MARKDOWN = """\
# Kundeberater, Spätschicht

A talk of ten minutes.

1. Tell us about a **difficult ticket** that you solved. (2 min)
2. What would you do: refund,
   or replace? [90 s]
* Why `us`? (1:30)

Thanks!
"""


def test_markdown_lists_are_read() -> None:
    found = parse_list(MARKDOWN)
    assert found.title == "Kundeberater, Spätschicht"
    assert found.questions == (
        Asked("Tell us about a difficult ticket that you solved.", 120),
        Asked("What would you do: refund, or replace?", 90),
        Asked("Why us?", 90),
    )


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("One?\n\nTwo?\n", ["One?", "Two?"]),
        ("\ufeffOne?\r\nTwo?", ["One?", "Two?"]),
        ("• One?\n• Two?", ["One?", "Two?"]),
        ("1) One?\n(2) Two?", ["One?", "Two?"]),
        ("Intro\n- One?\n- Two?\n---\n", ["One?", "Two?"]),
        ("\u2013 One?\n\u2013\u00a0Two?", ["One?", "Two?"]),
        ("   \n# Title\n", []),
    ],
)
def test_other_lists_are_read(text: str, texts: list[str]) -> None:
    assert [question.text for question in parse_list(text).questions] == texts


def test_new_writes_a_manifest_that_applies(project: Project, inside: Inside) -> None:
    (project.folder / "questions.md").write_text(MARKDOWN)
    run = inside(project, "new", "--from", "questions.md")
    assert run.code == 0, run
    assert run.out == (
        "wrote interviews/kundeberater-spatschicht.yaml: 3 questions. "
        "Next: jmctl show kundeberater-spatschicht, jmctl plan\n"
    )
    written = project.folder / "interviews" / "kundeberater-spatschicht.yaml"
    assert "question: 'What would you do: refund, or replace?'" in written.read_text().replace('"', "'")
    assert inside(project, "fmt", "--check").code == 0
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "plan", "--detailed-exitcode").code == 0


def test_new_writes_over_nothing(project: Project, inside: Inside) -> None:
    (project.folder / "questions.txt").write_text("One?\n")
    assert inside(project, "new", "--from", "questions.txt", "--name", "one").code == 0
    before = (project.folder / "interviews" / "one.yaml").read_bytes()
    run = inside(project, "new", "--from", "questions.txt", "--name", "one")
    assert run.code == 64
    assert "there is a manifest of this name: one.yaml" in run.err
    assert (project.folder / "interviews" / "one.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"\n\n", "no questions in this file"),
        ("photo.txt", b"\xff\xd8\xff", "not a text file"),
        ("broken.docx", b"not a zip", "Word document"),
    ],
)
def test_what_is_no_list_is_refused(project: Project, inside: Inside, name: str, data: bytes, said: str) -> None:
    (project.folder / name).write_bytes(data)
    run = inside(project, "new", "--from", name)
    assert run.code != 0
    assert said in run.err
    assert not (project.folder / "interviews").exists()


def test_word_documents_are_read(project: Project, inside: Inside, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra docx is not installed")
    document = docx.Document()
    document.add_heading("Warehouse lead", 0)
    document.add_paragraph("Please answer in your own words.")
    document.add_paragraph("How do you plan a shift? (2 min)", style="List Number")
    document.add_paragraph("What would you change here?", style="List Bullet")
    document.save(str(tmp_path / "questions.docx"))
    run = inside(project, "new", "--from", str(tmp_path / "questions.docx"), "--format", "json")
    assert run.document == {
        "version": 1,
        "path": "interviews/warehouse-lead.yaml",
        "name": "warehouse-lead",
        "questions": 2,
    }
    text = (project.folder / "interviews" / "warehouse-lead.yaml").read_text()
    assert "question: How do you plan a shift?\n      duration: 120\n" in text
