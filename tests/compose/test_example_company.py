"""The company of examples/company: valid in both environments, applied to the sandbox, the same when inlined."""

from __future__ import annotations

import json
import runpy
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import workshop
from workshop import Run

from reconciler.yaml.load import parse

Inside = Callable[..., Run]
ROOT = Path(__file__).parents[2]
COMPANY = ROOT / "examples" / "company"
COUNTRIES = ("ch", "cz", "es")


@pytest.fixture
def tarnhavn(project: workshop.Project) -> workshop.Project:
    """A copy of the example, with a recipient for its secrets."""
    shutil.copytree(COMPANY, project.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".sandbox*", "state"))
    with (project.folder / "jmctl.yaml").open("a") as settings:
        settings.write(f"recipients: [{project.recipient}]\n")
    return project


def measured() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "bench" / "composed_counts.py"))


def test_it_is_as_large_as_it_says() -> None:
    files = {path: parse(path.read_bytes(), path.name) for path in COMPANY.rglob("*.yaml") if path.name != "jmctl.yaml"}
    shared = Counter(documents[0].value["kind"] for documents in files.values())
    assert shared == {"Defaults": 4, "QuestionSet": 8, "Texts": 32, "Interview": 10}
    documents = [document.value for found in files.values() for document in found]
    written = [question for one in documents for question in one.get("questions", ())]
    written += [question for one in documents for question in one.get("spec", {}).get("questions", ())]
    assert sum("question" in question for question in written) == 59
    interviews = [one for one in documents if one["kind"] == "Interview"]
    languages = {language for one in interviews for language in one["languages"]}
    assert languages == {"en", "de", "fr", "cs", "es"}
    assert {one["metadata"]["labels"]["country"] for one in interviews} == set(COUNTRIES)


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_it_is_valid_and_every_text_is_done(tarnhavn: workshop.Project, inside: Inside, environment: str) -> None:
    run = inside(tarnhavn, "--env", environment, "validate")
    assert (run.code, run.out + run.err) == (0, "40 interviews in 54 files are valid\n")
    assert inside(tarnhavn, "--env", environment, "fmt", "--check").code == 0
    rows = inside(tarnhavn, "--env", environment, "texts", "status", "--format", "json").document["texts"]
    assert len(rows) == 32 + 30  # of sets, and of interviews
    assert {(row["stale"], row["missing"]) for row in rows} == {(0, 0)}


def test_it_is_applied_and_inlining_every_interview_plans_empty(tarnhavn: workshop.Project, inside: Inside) -> None:
    assert inside(tarnhavn, "--env", "production", "apply", "--auto-approve").code == 0
    composed = inside(tarnhavn, "--env", "production", "plan", "--format", "json").document
    assert changed(composed) == {}
    inlined = measured()["rendered"](tarnhavn.folder)
    assert len(inlined) == 40
    for part in ("interviews", "sets", "texts"):
        shutil.rmtree(tarnhavn.folder / part)
    (tarnhavn.folder / "interviews").mkdir()
    for path, text in inlined.items():
        (tarnhavn.folder / path).write_text(text, "utf-8")
    settings = tarnhavn.folder / "jmctl.yaml"
    settings.write_text(settings.read_text("utf-8").replace(", sets/*.yaml, texts/*.yaml", ""), "utf-8")
    after = inside(tarnhavn, "--env", "production", "plan", "--format", "json").document
    assert changed(after) == {}
    assert len(after["resource_changes"]) == len(composed["resource_changes"]) == 40


def changed(plan: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["change"] for one in plan["resource_changes"] if one["change"]["actions"] != ["no-op"]}


def test_one_edited_question_has_one_cause(tarnhavn: workshop.Project, inside: Inside) -> None:
    assert inside(tarnhavn, "--env", "staging", "apply", "--auto-approve").code == 0
    edited = tarnhavn.folder / "sets" / "customers.yaml"
    edited.write_text(edited.read_text("utf-8").replace("that you solved.", "that you solved lately."), "utf-8")
    [cause] = json.loads(inside(tarnhavn, "--env", "staging", "plan", "--format", "json").out)["causes"]
    english = ("account-manager-es-en", "dispatcher-cz-en", *(f"support-agent-{country}-en" for country in COUNTRIES))
    assert (cause["changed"], cause["stale"]) == (list(english), 4)
    assert cause["source"] == "sets/customers.yaml:8:5"


def test_the_table_of_the_page_is_what_the_script_counts() -> None:
    script = measured()
    page = (ROOT / "docs" / "how-to" / "composition.md").read_text("utf-8")
    for title, files in (
        ("a manifest for each", script["rendered"](COMPANY)),
        ("composed", script["written"](COMPANY)),
    ):
        row = script["counted"](files)
        figures = (row.files, row.lines, row.questions, row.copied, row.places)
        assert f"| {title} | {' | '.join(f'{figure:,}' for figure in figures)} |\n" in page
