"""What was applied is remembered, and a checkout that does not contain it is refused."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import Project, Run, Sandbox

Inside = Callable[..., Run]
Git = Callable[..., str]
Commit = Callable[[str], str]


@pytest.fixture
def two(served: Project, inside: Inside, commit: Commit) -> tuple[str, str]:
    """Two commits, of which the second was applied; the state is not in git."""
    (served.folder / ".gitignore").write_text("state/\n")
    served.write("a", description="old")
    first = commit("old")
    assert inside(served, "apply", "--auto-approve").code == 0
    served.write("a", description="new")
    second = commit("new")
    done = inside(served, "apply", "--auto-approve")
    assert done.code == 0, done
    return first, second


def test_what_was_applied_is_recorded(served: Project, two: tuple[str, str]) -> None:
    runs = served.state["applied"]
    assert [run["commit"] for run in runs] == list(two)
    assert [run["changes"] for run in runs] == [["create Interview/a"], ["update Interview/a"]]
    assert runs[0]["branch"] == "main"


def test_a_pipeline_is_recorded(served: Project, inside: Inside, commit: Commit) -> None:
    served.variables |= {
        "GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "7",
        "GITHUB_ACTOR": "ann", "GITHUB_REF_NAME": "release",
    }  # fmt: skip
    served.write("a")
    commit("one")
    assert inside(served, "apply", "--auto-approve").code == 0
    run = served.state["applied"][0]
    assert (run["run"], run["by"], run["branch"]) == ("https://github.example/o/r/actions/runs/7", "ann", "release")


def test_an_older_checkout_is_refused(
    served: Project, sandbox: Sandbox, inside: Inside, git: Git, two: tuple[str, str]
) -> None:
    first, second = two
    git("checkout", "--quiet", first)
    before = sandbox.requests()
    refused = inside(served, "apply", "--auto-approve")
    assert refused.code == 6
    assert first[:12] in refused.err
    assert second[:12] in refused.err
    assert sandbox.requests() == before, "nothing was asked"
    assert sandbox.interviews()[0]["description"] == "new"


def test_going_back_on_purpose_is_said_and_done(
    served: Project, sandbox: Sandbox, inside: Inside, git: Git, two: tuple[str, str]
) -> None:
    first, second = two
    git("checkout", "--quiet", first)
    done = inside(served, "apply", "--auto-approve", "--allow-older")
    assert done.code == 0
    assert f"goes back to {first[:12]}, which does not contain {second[:12]}" in done.out
    assert sandbox.interviews()[0]["description"] == "old"
    assert inside(served, "apply", "--auto-approve").code == 0, "what was applied last is this commit"


@pytest.mark.usefixtures("two")
def test_a_shallow_clone_is_asked_to_fetch(served: Project, inside: Inside, tmp_path: Path, commit: Commit) -> None:
    served.write("a", description="newest")
    commit("newest")
    clone = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{served.folder}", str(clone)], check=True, timeout=60
    )
    (served.folder / "state").rename(clone / "state")
    served.folder = clone
    refused = inside(served, "apply", "--auto-approve")
    assert refused.code == 6
    assert "git fetch --unshallow" in refused.err
    subprocess.run(["git", "fetch", "--quiet", "--unshallow"], cwd=clone, check=True, timeout=60)
    assert inside(served, "apply", "--auto-approve").code == 0


def test_without_git_nothing_is_recorded_and_nothing_checked(served: Project, inside: Inside) -> None:
    for text in ("one", "two"):
        served.write("a", description=text)
        assert inside(served, "apply", "--auto-approve").code == 0
    assert [run["commit"] for run in served.state["applied"]] == [None, None]


def test_the_log_reads_the_history_of_the_state_too(served: Project, inside: Inside, commit: Commit) -> None:
    for number in range(3):
        served.write("ab"[number % 2], description=str(number))
        commit(f"manifests {number}")
        assert inside(served, "apply", "--auto-approve").code == 0
    commit("state")
    latest = {**served.state, "applied": served.state["applied"][-1:]}
    served.snapshot.write_text(json.dumps(latest) + "\n")
    every = inside(served, "state", "log", "--format", "json").document
    assert [run["changes"] for run in every] == [["update Interview/a"], ["create Interview/b"], ["create Interview/a"]]
    assert len(inside(served, "state", "log", "a", "--format", "json").document) == 2
    assert "update Interview/a" in inside(served, "state", "log").out


def test_rolling_back_applies_an_earlier_commit_and_leaves_the_files(
    served: Project, sandbox: Sandbox, inside: Inside, git: Git, two: tuple[str, str]
) -> None:
    first, _ = two
    shown = inside(served, "rollback", "--to", first, "--dry-run")
    assert f"goes back to {first[:12]}" in shown.out
    assert f"{first[:12]}:interviews/a.yaml" in shown.out
    assert sandbox.interviews()[0]["description"] == "new"
    done = inside(served, "rollback", "--to", first, "--auto-approve")
    assert done.code == 0, done
    assert sandbox.interviews()[0]["description"] == "old"
    assert "new" in (served.folder / "interviews" / "a.yaml").read_text()
    assert git("status", "--porcelain") == ""
    assert served.state["applied"][-1]["commit"] == first
    assert inside(served, "rollback", "--to", "nothing-of-this-name", "--auto-approve").code == 1
