"""Attacks on the review: settings that a branch changes, plans that hide what they do, digests that collide."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from workshop import Project, Run, manifest

from reconciler.engine.plan import recipient_label
from reconciler.engine.trust import target_branch
from reconciler.errors import Refused
from reconciler.plan.approval import check_digest
from reconciler.plan.model import Plan
from reconciler.plan.settings import setting_changes

Inside = Callable[..., Run]
ATTACKER = str(pyrage.x25519.Identity.generate().to_public())


def digest_of(project: Project, inside: Inside) -> str:
    return str(inside(project, "plan", "--format", "json").document["digest"])


@pytest.mark.parametrize(
    "setting",
    [
        {"recipients": [ATTACKER]},
        {"project": "others"},
        {"guards": {"max_destroy": "100%"}},
        {"guards": {"max_destroy_minimum": 0}},
        {"embed_url": "https://evil.example/embed"},
        {"endpoint": "sandbox:.other"},
        {"state": "elsewhere"},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_a_changed_setting_is_another_plan_and_is_refused(
    project: Project, inside: Inside, setting: dict[str, Any]
) -> None:
    project.write("alpha", is_embedded=True)
    reviewed = digest_of(project, inside)
    document = inside(project, "plan", "--format", "json").out
    saved = project.folder / "plan.json"
    saved.write_text(document)
    project.configure(**setting)
    assert digest_of(project, inside) != reviewed
    assert inside(project, "apply", "--auto-approve", "--expect", reviewed).code == 6
    assert inside(project, "apply", "--auto-approve", "--plan", str(saved)).code == 6
    assert not (project.folder / "state" / "default.json").exists()


def test_what_changed_since_the_last_apply_is_in_the_plan(project: Project, inside: Inside) -> None:
    project.write("alpha", is_embedded=True)
    inside(project, "apply", "--auto-approve")
    assert "Settings" not in inside(project, "plan").out
    project.configure(recipients=[project.recipient, ATTACKER], guards={"max_destroy": "100%"})
    plan = inside(project, "plan", "--no-refresh")
    assert "Settings, compared with the last apply:" in plan.out
    assert f'+ recipients  "{ATTACKER}"' in plan.out
    assert '~ guards.max_destroy  "30%" -> "100%"' in plan.out
    assert {"name": "recipients", "before": None, "after": ATTACKER} in inside(
        project, "plan", "--no-refresh", "--format", "json"
    ).document["changed_settings"]
    assert inside(project, "apply", "--auto-approve").code == 0
    assert "Settings" not in inside(project, "plan").out, "what an apply accepted is recorded"


def test_a_lifecycle_that_deletes_is_in_the_plan_of_a_new_interview(project: Project, inside: Inside) -> None:
    project.write("alpha")
    reviewed = digest_of(project, inside)
    project.write("alpha", lifecycle={"on_remove": "delete", "protect": True})
    assert digest_of(project, inside) != reviewed
    out = inside(project, "plan").out
    assert '+ lifecycle.on_remove  "delete"' in out
    assert "+ lifecycle.protect  true" in out


def test_digests_have_256_bits_and_are_compared_in_full(project: Project, inside: Inside) -> None:
    project.write("alpha")
    document = inside(project, "plan", "--format", "json").document
    assert [len(document["digest"]), *(len(change["digest"]) for change in document["resource_changes"])] == [64, 64]
    assert f"Digest: {document['digest']}" in inside(project, "plan").out
    for length in (0, 16, 63):
        run = inside(project, "apply", "--auto-approve", f"--expect={document['digest'][:length]}")
        assert (run.code, length) == (6, length), "an empty digest is none that was reviewed"
    assert inside(project, "apply", "--auto-approve", "--expect", document["digest"]).code == 0


def test_a_shortened_digest_is_named_as_such() -> None:
    plan = Plan((), observed=True)
    with pytest.raises(Refused) as raised:
        check_digest(plan, plan.digest[:16])
    assert "is shortened" in raised.value.problems[0].detail


def test_labels_tell_keys_apart() -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO1TTXpbAGtN1gZUqcLl43rzBPTP9nK5SFBMlVbmNqbU alice"
    assert recipient_label(key) == "ssh-ed25519 SHA256:" + recipient_label(key).split("SHA256:")[1]
    assert recipient_label(key).endswith(" alice")
    assert recipient_label(key.replace("AAAAIO1", "AAAAIO2")).split()[1] != recipient_label(key).split()[1]
    assert recipient_label(ATTACKER) == ATTACKER
    assert setting_changes({}, {"a": 1}) == ()


# -- the job of a pull request


@pytest.mark.parametrize(
    ("variables", "ref"),
    [
        ({"GITHUB_BASE_REF": "main", "GITHUB_EVENT_NAME": "pull_request"}, "refs/remotes/origin/main"),
        ({"GITHUB_BASE_REF": "", "GITHUB_EVENT_NAME": "push"}, None),
        ({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "trunk"}, "refs/remotes/origin/trunk"),
        ({"JMCTL_BASE_REF": "refs/heads/main"}, "refs/heads/main"),
        ({}, None),
    ],
)
def test_the_target_branch_is_that_of_the_event(variables: dict[str, str], ref: str | None) -> None:
    assert target_branch(variables) == ref


IDENTITY = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), *words],
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **IDENTITY},
    )


@pytest.fixture
def reviewed(project: Project) -> Project:
    """A project whose main branch is applied and committed, in the job of a pull request."""
    project.write("alpha", is_embedded=True)
    project.applied()
    git(project.folder, "init", "-q", "-b", "main")
    git(project.folder, "add", "-A")
    git(project.folder, "commit", "-qm", "main")
    git(project.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(project.folder, "checkout", "-qb", "attack")
    project.variables["GITHUB_BASE_REF"] = "main"
    return project


def test_settings_of_a_pull_request_take_effect_after_the_merge(reviewed: Project, inside: Inside) -> None:
    before = digest_of(reviewed, inside)
    reviewed.configure(
        recipients=[ATTACKER],
        project="others",
        guards={"max_destroy": "100%"},
        endpoint="https://evil.example/functions/v1",
        token_command="touch /ran",  # noqa: S106 - a command
        state="elsewhere",
        embed_url="https://evil.example/embed",
    )
    plan = inside(reviewed, "plan")
    assert plan.code == 0, plan
    assert "they take effect after the merge" in plan.out
    for said in (
        f'+ recipients  "{ATTACKER}"',
        '~ project  "tests" -> "others"',
        '~ guards.max_destroy  "30%" -> "100%"',
        '~ endpoint  "sandbox:.sandbox" -> "https://evil.example/functions/v1"',
        '+ token_command  "touch /ran"',
        '~ state  "state" -> "elsewhere"',
        "~ embed_url",
    ):
        assert said in plan.out
    assert digest_of(reviewed, inside) == before, "nothing of it is in force"


def test_an_environment_of_a_pull_request_decides_nothing(reviewed: Project, inside: Inside) -> None:
    reviewed.configure(environments={"new": {"endpoint": "https://evil.example/", "recipients": [ATTACKER]}})
    plan = inside(reviewed, "--env", "new", "plan", "--format", "json").document
    assert plan["settings"]["endpoint"] == "sandbox:.sandbox"
    assert plan["settings"]["recipients"] == [reviewed.recipient]
    assert {change["name"] for change in plan["after_merge"]} == {"endpoint", "recipients"}


def test_without_the_target_branch_nothing_is_read(reviewed: Project, inside: Inside) -> None:
    git(reviewed.folder, "update-ref", "-d", "refs/remotes/origin/main")
    git(reviewed.folder, "branch", "-f", "origin/main")  # a branch of that name is not the remote's
    run = inside(reviewed, "plan")
    assert (run.code, "the target branch is not in this clone" in run.err) == (1, True)
    assert "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main" in run.err


def test_a_project_that_the_target_branch_does_not_have_gets_the_usual_settings(
    project: Project, inside: Inside
) -> None:
    git(project.folder, "init", "-q", "-b", "main")
    git(project.folder, "commit", "-q", "--allow-empty", "-m", "empty")
    git(project.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    project.write("alpha")
    project.configure(endpoint="https://evil.example/", recipients=[ATTACKER])
    project.variables["JMCTL_BASE_REF"] = "refs/remotes/origin/main"
    settings = inside(project, "plan", "--no-refresh", "--format", "json").document["settings"]
    assert (settings["endpoint"], settings["recipients"]) == ("https://cool.jobmojito.com/functions/v1", [])


def test_values_cannot_break_out_of_the_plan(reviewed: Project, inside: Inside) -> None:
    reviewed.configure(embed_url="https://evil.example/\u202eembed")
    assert "\u202e" not in inside(reviewed, "plan").out


def test_manifests_of_the_branch_are_planned(reviewed: Project, inside: Inside) -> None:
    (reviewed.folder / "interviews" / "beta.yaml").write_text(manifest("beta"))
    changes = inside(reviewed, "plan", "--format", "json").document["resource_changes"]
    assert {change["name"]: change["action"] for change in changes} == {"alpha": "keep", "beta": "create"}
    assert json.dumps(changes)
