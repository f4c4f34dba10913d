"""Attacks on the state: edits by hand, states of a branch, older copies; and on what protects an interview."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from workshop import Project, Run

from reconciler.errors import Where
from reconciler.state.format import dump_state, parse_state

Inside = Callable[..., Run]
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")


def edit(project: Project, change: Callable[[dict[str, Any]], object]) -> None:
    """The state with one entry changed by hand; the file is replaced in place."""
    document = project.state
    change(document["interviews"][0])
    project.snapshot.write_text(json.dumps(document, indent=2) + "\n")


def findings(project: Project, inside: Inside) -> list[dict[str, Any]]:
    return list(inside(project, "plan", "--format", "json").document["state_findings"])


@pytest.fixture
def applied(project: Project, inside: Inside) -> Project:
    """A protected, embedded, active interview, applied."""
    project.write("alpha", is_embedded=True, status="active", lifecycle={"protect": True})
    assert inside(project, "apply", "--auto-approve").code == 0
    return project


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entry: entry["lifecycle"].update(protect=False), "its protection"),
        (lambda entry: entry.update(code="jmctl:2:others/default/alpha/0f0f0f0f"), "its id or mark"),
        (lambda entry: entry.update(sealed_to=["age1someone"]), "its embed key or recipients"),
        (lambda entry: entry.update(embed_signing_key=None), "its embed key or recipients"),
        (
            lambda entry: entry.update(
                history=[{"id": "x-1", "embed_id": None, "created_at": None, "retired_at": "2026-01-01"}]
            ),
            "what it has replaced",
        ),
    ],
    ids=["protection", "code", "recipients", "key", "history"],
)
def test_an_edit_of_the_state_is_named_until_an_apply(
    applied: Project, inside: Inside, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert findings(applied, inside) == []
    edit(applied, change)
    plan = inside(applied, "plan", "--no-refresh")
    assert "State, edited since jmctl wrote it:" in plan.out
    assert f"! alpha: changed without an apply: {said}" in plan.out
    assert inside(applied, "state", "mv", "alpha", "alpha").code != 0, "nothing is moved, and nothing forgiven"
    assert [one["kind"] for one in findings(applied, inside)] == ["edited"]


def test_an_apply_that_goes_on_accepts_the_edit(applied: Project, inside: Inside) -> None:
    edit(applied, lambda entry: entry["lifecycle"].update(protect=False))
    assert inside(applied, "apply", "--auto-approve").code == 0
    assert findings(applied, inside) == []
    assert applied.state["interviews"][0]["lifecycle"]["protect"] is True


def test_removed_checksums_are_named(applied: Project, inside: Inside) -> None:
    document = applied.state
    del document["checksums"]
    applied.snapshot.write_text(json.dumps(document, indent=2) + "\n")
    assert "it has no checksums" in findings(applied, inside)[0]["text"]


def test_an_older_state_is_noticed_by_this_machine(applied: Project, inside: Inside) -> None:
    older = applied.snapshot.read_bytes()
    applied.write("alpha", description="Changed", is_embedded=True, status="active", lifecycle={"protect": True})
    assert inside(applied, "apply", "--auto-approve").code == 0
    applied.snapshot.write_bytes(older)
    found = {one["name"]: one["text"] for one in findings(applied, inside) if one["kind"] == "older"}
    assert "this machine saw serial" in found[None]
    assert "which this state never applied: description" in found["alpha"]


def test_and_by_the_service_where_nothing_was_seen_before(applied: Project, inside: Inside) -> None:
    older = applied.snapshot.read_bytes()
    applied.write("beta")
    assert inside(applied, "apply", "--auto-approve").code == 0
    applied.snapshot.write_bytes(older)
    applied.variables["JMCTL_CACHE_DIR"] = str(applied.home / "of-another-machine")
    found = {one["name"]: one["text"] for one in findings(applied, inside)}
    assert found == {"beta": "it is on the service with our mark, and the state does not know it"}
    assert inside(applied, "apply", "--auto-approve").code == 0
    rows = inside(applied, "sandbox", "dump").document
    assert len(rows) == 2, "nothing is made twice"


@pytest.mark.parametrize("change", [{"status": "draft"}, {"is_embedded": False}], ids=["draft", "key"])
def test_protection_keeps_an_interview_with_its_candidates(
    applied: Project, inside: Inside, change: dict[str, Any]
) -> None:
    declared: dict[str, Any] = {"is_embedded": True, "status": "active", **change}
    for protect in (True, False):  # lifting it in the same change does not help
        applied.write("alpha", **declared, lifecycle={"protect": protect})
        run = inside(applied, "apply", "--auto-approve")
        assert (run.code, "the interview is protected" in run.out + run.err) == (6, True)
    applied.write("alpha", is_embedded=True, status="active", lifecycle={"protect": False})
    assert inside(applied, "apply", "--auto-approve").code == 0
    applied.write("alpha", **declared, lifecycle={"protect": False})
    assert inside(applied, "apply", "--auto-approve").code == 0


def test_the_state_of_a_branch_is_compared_with_where_it_began(applied: Project, inside: Inside) -> None:
    for words in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-qm", "main"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run([*GIT, *words], cwd=applied.folder, check=True, capture_output=True)
    applied.variables["GITHUB_BASE_REF"] = "main"
    assert findings(applied, inside) == []

    def forge(entry: dict[str, Any]) -> None:
        entry["lifecycle"]["protect"] = False
        entry["sealed_to"] = ["age1attacker"]

    edit(applied, forge)
    state = parse_state(applied.snapshot.read_bytes(), Where("x"))
    applied.snapshot.write_bytes(dump_state(replace(state, edited={})))  # with checksums that fit
    said = {one["text"] for one in findings(applied, inside)}
    assert {"lifecycle.protect true -> false", f"sealed_to {applied.recipient} -> age1attacker"} <= said
