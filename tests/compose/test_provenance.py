"""The origin of every value: explained, rendered, and as the cause of changes in a plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import workshop
from company import FILES, SETTINGS, Company
from workshop import Run

from reconciler.compose.provenance import candidates, paths_of
from reconciler.errors import Where
from reconciler.project.config import load_config
from reconciler.project.load import read_manifests
from reconciler.project.origins import composed_interviews
from reconciler.resources.kind import kind_named

Inside = Callable[..., Run]
UNORDERED = """\
kind: QuestionSet
questions:
  - question: Why?
    id: why
language: en
metadata: {name: z}
apiVersion: jmctl/v1
"""
ORDERED = """\
apiVersion: jmctl/v1
kind: QuestionSet
metadata: {name: z}
language: en
questions:
  - id: why
    question: Why?
"""


@pytest.fixture
def acme(project: workshop.Project) -> workshop.Project:
    """The company as a project for commands, with the sandbox."""
    made = Company(project.folder)
    made.write("jmctl.yaml", f"{SETTINGS}endpoint: sandbox:.sandbox\nrecipients: [{project.recipient}]\n")
    return project


def test_every_field_of_every_interview_has_a_file_and_a_line(company: Company) -> None:
    config = load_config(company.folder)
    found = list(composed_interviews(config))
    assert len(found) == 2
    lines = {path: text.splitlines() for path, text in FILES.items()}
    for document in found:
        for path in paths_of(document):
            values = candidates(document, path, kind_named("Interview"))
            assert values, path
            where = values[0].where
            name = path.rpartition(".")[2]
            line = lines[where.path][where.line - 1]
            assert name in line or "text:" in line or "languages:" in line, (path, where)


def test_explain_names_the_layers_and_who_wins(acme: workshop.Project, inside: Inside) -> None:
    run = inside(acme, "--env", "staging", "explain", "support-agent-de", "status", "--format", "json")
    assert [(one["layer"], one["source"], one["value"]) for one in run.document["candidates"]] == [
        ("environment staging of the defaults", "interviews/_defaults.yaml:12:12", "draft"),
        ("defaults", "interviews/_defaults.yaml:8:3", "active"),
    ]
    text = inside(acme, "explain", "support-agent-de", "max_duration").out
    assert '=> defaults  interviews/_defaults.yaml:9:3  1200  written "${minutes}"' in text
    assert "The first of these that declares a field wins: environment part of the interview; interview;" in text
    assert "no layer declares it" in inside(acme, "explain", "support-agent-de", "tags").out
    wrong = inside(acme, "explain", "support-agent-de", "statu")
    assert (wrong.code, "did you mean `jmctl explain support-agent-de status`?" in wrong.err) == (64, True)
    assert inside(acme, "explain", "JM0203").out.startswith("JM0203")


def test_inlining_everything_plans_empty(acme: workshop.Project, inside: Inside) -> None:
    before = json.loads(inside(acme, "plan", "--format", "json").out)
    rendered = {name: inside(acme, "render", name).out for name in ("support-agent-de", "support-agent-en")}
    assert "  location: Gdansk" in rendered["support-agent-de"]
    assert "# interviews/pl/_defaults.yaml:3:8" in rendered["support-agent-de"]
    for path in FILES:
        (acme.folder / path).unlink()
    for name, text in rendered.items():
        (acme.folder / "interviews" / f"{name}.yaml").write_text(text)
    (acme.folder / "jmctl.yaml").write_text(
        (acme.folder / "jmctl.yaml").read_text().replace(", sets/*.yaml, texts/*.yaml", "")
    )
    after = json.loads(inside(acme, "plan", "--format", "json").out)
    assert _digests(after) == _digests(before)


def _digests(plan: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: (one["digest"], one["change"]["after"]) for one in plan["resource_changes"]}


def test_a_plan_names_the_edit_and_its_reach(acme: workshop.Project, inside: Inside) -> None:
    made = Company.__new__(Company)
    made.folder = acme.folder
    assert inside(acme, "apply", "--auto-approve").code == 0
    made.change("sets/teamwork.yaml", "Describe a difficult", "Describe one difficult")
    made.change("interviews/pl/_defaults.yaml", "Gdansk", "Sopot")
    run = inside(acme, "plan")
    assert (
        "interviews/pl/_defaults.yaml:3 location: 2 interviews changed (support-agent-de, support-agent-en)" in run.out
    )
    expected = (
        "sets/teamwork.yaml:7 question hard-ticket question: 1 interview changed (support-agent-en), 1 translation"
    )
    assert expected in run.out
    [first, second] = json.loads(inside(acme, "plan", "--format", "json").out)["causes"]
    assert (first["field"], first["uses"], first["stale"]) == ("location", 2, 0)
    assert (second["source"], second["changed"], second["stale"]) == ("sets/teamwork.yaml:7:5", ["support-agent-en"], 1)
    fields = json.loads(inside(acme, "plan", "--format", "json").out)["resource_changes"][1]["fields"]
    assert {field["source"] for field in fields} == {"sets/teamwork.yaml:7:5", "interviews/pl/_defaults.yaml:3:8"}


def test_a_shared_field_that_replaces_says_how_many(acme: workshop.Project, inside: Inside) -> None:
    made = Company.__new__(Company)
    made.folder = acme.folder
    assert inside(acme, "apply", "--auto-approve").code == 0
    made.change("interviews/pl/_defaults.yaml", "{location: Gdansk}", "{location: Gdansk, instructional_video: true}")
    out = inside(acme, "plan").out
    assert "_defaults.yaml:3 instructional_video: 2 interviews changed" in out
    assert "2 of them replaced, 2 interviews use it" in out


def test_formatting_changes_no_meaning_and_knows_every_kind(acme: workshop.Project, inside: Inside) -> None:
    config = load_config(acme.folder)
    arguments = (config.root, config.manifests, None, config.manifest_places, config.composition)
    before = read_manifests(*arguments)
    (acme.folder / "sets/z.yaml").write_text(UNORDERED)
    (acme.folder / "interviews/pl/agent.yaml").write_text(
        (acme.folder / "interviews/pl/agent.yaml")
        .read_text()
        .replace("- use: teamwork\n", "- duration: 5\n      use: teamwork\n")
    )
    run = inside(acme, "fmt")
    assert (run.code, "sets/z.yaml" in run.out, "interviews/_defaults.yaml" in run.out) == (0, True, True)
    assert (acme.folder / "sets/z.yaml").read_text() == ORDERED
    assert "- use: teamwork\n      duration: 5\n" in (acme.folder / "interviews/pl/agent.yaml").read_text()
    assert inside(acme, "fmt", "--check").code == 0
    assert [item.name for item in read_manifests(*arguments).desired] == [item.name for item in before.desired]


def test_a_place_names_the_shared_file(company: Company) -> None:
    [german, _] = company.read().desired
    assert german.at("location") == Where("interviews/pl/_defaults.yaml", 3, 8)
