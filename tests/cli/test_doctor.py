"""jmctl doctor: a sound project has no finding; each way of being unsound has one, with the next command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pyrage
from workshop import Project, Run, Sandbox, jwt

Inside = Callable[..., Run]


def findings(run: Run) -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in run.document["findings"]}


def git(project: Project, *words: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *words], cwd=project.folder, check=True, capture_output=True)


def test_a_sound_project_has_only_good_findings(project: Project, inside: Inside) -> None:
    project.write("support", is_embedded=True)
    inside(project, "lookup", "avatars")
    inside(project, "apply", "--auto-approve")
    git(project, "init", "--quiet")
    git(project, "add", "state")
    git(project, "commit", "--quiet", "--message", "state")
    run = inside(project, "doctor", "--format", "json")
    assert run.code == 0
    assert {name: one["level"] for name, one in findings(run).items()} == dict.fromkeys(
        ("manifests", "catalogue", "state", "recipients", "git", "account", "clock", "marks"), "ok"
    )


def test_each_finding_names_the_next_command(project: Project, inside: Inside) -> None:
    project.write("support", is_embedded=True)
    inside(project, "apply", "--auto-approve")
    state = project.snapshot.read_bytes()
    other = str(pyrage.x25519.Identity.generate().to_public())
    project.configure(recipients=[project.recipient, other])
    project.write("wrong", status="none")
    git(project, "init", "--quiet")
    found = findings(inside(project, "doctor", "--format", "json"))
    nexts = {name: one["next"] for name, one in found.items() if one["level"] != "ok"}
    assert nexts == {
        "manifests": "jmctl validate",
        "catalogue": "jmctl lookup avatars",
        "recipients": "jmctl secrets rekey",
        "git": "git add state && git commit",
    }
    project.snapshot.write_bytes(b"<<<<<<< ours\n" + state)
    run = inside(project, "doctor", "--format", "json")
    assert run.code == 1
    assert findings(run)["state"]["level"] == "error"
    assert findings(run)["state"]["next"]


def test_marks_that_no_state_knows_are_found(project: Project, inside: Inside) -> None:
    project.write("support")
    inside(project, "apply", "--auto-approve")
    project.snapshot.unlink()
    marks = findings(inside(project, "doctor", "--format", "json"))["marks"]
    assert (marks["level"], marks["next"]) == ("warning", "jmctl orphans")


def test_tokens_and_accounts_are_judged(served: Project, sandbox: Sandbox, inside: Inside) -> None:
    served.write("support")
    inside(served, "apply", "--auto-approve")
    served.variables["JOBMOJITO_TOKEN"] = jwt(600)
    found = findings(inside(served, "doctor", "--format", "json"))
    assert found["token"]["level"] == "warning"
    assert found["token"]["detail"].startswith("it expires in ")
    served.variables["JOBMOJITO_TOKEN"] = inside(served, "sandbox", "token", "--merchant", "second").out.strip()
    run = inside(served, "doctor", "--format", "json")
    assert run.code == 1
    assert findings(run)["account"]["detail"].endswith(f"at {sandbox.url}")


def test_without_a_token_the_service_is_one_finding(served: Project, inside: Inside) -> None:
    del served.variables["JOBMOJITO_TOKEN"]
    run = inside(served, "doctor")
    assert run.code == 1
    assert "error    service     no access token" in run.out
    assert "next: " in run.out


def test_a_branch_behind_its_upstream_is_a_finding(project: Project, inside: Inside) -> None:
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "jmctl.yaml")
    git(project, "commit", "--quiet", "--message", "one")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "two")
    git(project, "branch", "upstream")
    git(project, "reset", "--quiet", "--hard", "HEAD~1")
    git(project, "branch", "--set-upstream-to=upstream")
    branch = findings(inside(project, "doctor", "--format", "json"))["branch"]
    assert (branch["detail"], branch["next"]) == ("1 commit behind its upstream", "git pull --rebase")
