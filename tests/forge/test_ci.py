"""jmctl ci in the jobs of both hosts: what is composed, shown, reviewed and applied."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standin import JOB, PERSONAL, GitHubHost, GitLabHost, serving
from workshop import Project, Run

from reconciler.forge.sections import sections_of
from reconciler.sandbox.service import Service

Inside = Callable[..., Run]
HEAD, MERGE = "a" * 40, "b" * 40


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No writer races here."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def github(project: Project, tmp_path: Path) -> Iterator[GitHubHost]:
    host = GitHubHost()
    host.pulls[3] = {"number": 3, "head": {"sha": HEAD}, "merge_commit_sha": MERGE, "merged_at": "2026-11-24T00:00:00Z"}
    with serving(host) as address:
        project.variables |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": address,
            "GITHUB_REPOSITORY": host.repository,
            "GITHUB_TOKEN": JOB,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        }
        job(project, "refs/pull/3/merge", "c" * 40)
        yield host


def job(project: Project, ref: str, commit: str) -> None:
    """The next job of the project is one of this ref and commit."""
    number = int(project.variables.get("GITHUB_RUN_ID", "0")) + 1
    project.variables |= {"GITHUB_REF": ref, "GITHUB_SHA": commit, "GITHUB_RUN_ID": str(number)}


def test_what_a_pull_request_showed_is_what_the_merge_applies(
    project: Project, inside: Inside, github: GitHubHost, tmp_path: Path
) -> None:
    project.write("one")
    run = inside(project, "ci", "plan")
    assert run.code == 0, run
    commands = [line.removeprefix("jmctl: running: ") for line in run.err.splitlines() if "running: " in line]
    assert commands == [
        "jmctl plan --out jmctl-plan.json --out jmctl-plan.md --out jmctl-plan.html",
        "jmctl comment --body jmctl-plan.md --check jmctl-plan.json",
    ]
    (comment,) = github.comments[3]
    assert "1 to create" in sections_of(comment["body"])["default"].body
    (check,) = github.checks
    document = json.loads((project.folder / "jmctl-plan.json").read_bytes())
    assert (check["name"], check["head_sha"], check["conclusion"]) == ("jmctl plan (default)", HEAD, "success")
    assert check["external_id"] == document["digest"]
    assert (tmp_path / "summary.md").read_text() == (project.folder / "jmctl-plan.md").read_text()
    assert (tmp_path / "output").read_text() == "changes=true\n"
    project.write("neighbour")
    job(project, "refs/heads/main", MERGE)
    run = inside(project, "ci", "apply")
    assert run.code == 3, run
    assert "neighbour (not reviewed -> create)" in run.out
    assert [*project.ids()] == ["one"]
    job(project, "refs/heads/main", MERGE)
    assert inside(project, "ci", "apply").code == 3  # run again: nothing is done twice
    assert [*project.ids()] == ["one"]


def test_no_changes_begin_no_comment_and_take_an_old_one_back(
    project: Project, inside: Inside, github: GitHubHost
) -> None:
    project.write("one")
    assert inside(project, "apply", "--auto-approve").code == 0
    assert inside(project, "ci", "plan").code == 0
    assert github.comments == {}
    project.write("two")
    inside(project, "ci", "plan")
    (project.folder / "interviews" / "two.yaml").unlink()
    job(project, "refs/pull/3/merge", "d" * 40)
    inside(project, "ci", "plan")
    assert "No changes" in sections_of(github.comments[3][0]["body"])["default"].body


def test_a_commit_without_a_reviewed_plan_is_refused(project: Project, inside: Inside, github: GitHubHost) -> None:
    project.write("one")
    job(project, "refs/heads/main", "e" * 40)
    run = inside(project, "ci", "apply")
    assert (run.code, project.ids()) == (6, {})
    assert "no reviewed plan" in run.err
    github.checks.append(
        {
            "id": 1,
            "name": "jmctl plan (default)",
            "head_sha": HEAD,
            "app": {"slug": "another-app"},
            "output": {"text": "```json\n{}\n```"},
        }
    )
    job(project, "refs/heads/main", MERGE)
    assert inside(project, "ci", "apply").code == 6
    assert inside(project, "ci", "apply", "--unreviewed").code == 0


def test_a_merge_queue_compares_with_the_pull_request(project: Project, inside: Inside, github: GitHubHost) -> None:
    project.write("one")
    inside(project, "ci", "plan")
    job(project, f"refs/heads/gh-readonly-queue/main/pr-3-{MERGE}", MERGE)
    assert inside(project, "ci", "plan").code == 0
    project.write("one", name="Other since")
    assert inside(project, "ci", "plan").code == 6
    assert len(github.checks) == 1


def test_a_fork_without_secrets_gets_a_plan_in_the_summary(
    project: Project, inside: Inside, github: GitHubHost, tmp_path: Path
) -> None:
    project.configure(endpoint="https://cool.jobmojito.com/functions/v1")
    project.variables.pop("GITHUB_TOKEN")
    project.write("one")
    run = inside(project, "ci", "plan")
    assert run.code == 0, run
    assert run.err.startswith("jmctl: no access token: the plan compares with what was last applied")
    assert "1 to create" in (tmp_path / "summary.md").read_text()
    assert github.requests == []


def test_a_plan_file_of_the_branch_is_not_taken_for_the_plan(
    project: Project, inside: Inside, github: GitHubHost
) -> None:
    project.write("one")
    inside(project, "ci", "plan")
    project.write("two", name=7)
    job(project, "refs/pull/3/merge", "d" * 40)
    assert inside(project, "ci", "plan").code == 1
    assert not (project.folder / "jmctl-plan.json").exists()
    assert len(github.checks) == 1


def test_nights_with_and_without_drift(project: Project, inside: Inside, github: GitHubHost) -> None:
    project.write("one")
    assert inside(project, "apply", "--auto-approve").code == 0
    job(project, "refs/heads/main", MERGE)
    (entry,) = project.ids().values()
    assert entry is not None
    for description in ("Changed by hand", "Changed by hand", "Synthetic"):
        service = Service(project.folder / ".sandbox")
        service.admin_edit(entry, {"description": description})
        service.close()
        assert inside(project, "ci", "drift").code == 0
    (issue,) = github.issues
    assert issue["history"] == ["opened", "closed"]
    assert "jmctl: drift in default of tests" in issue["title"]


def test_gitlab_reports_and_the_plan_of_the_pipeline(project: Project, inside: Inside) -> None:
    host = GitLabHost()
    with serving(host) as address:
        project.variables |= {
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{address}/api/v4",
            "CI_PROJECT_ID": "17",
            "CI_JOB_ID": "5",
            "CI_JOB_TOKEN": JOB,
            "CI_MERGE_REQUEST_IID": "3",
        }
        project.write("one")
        run = inside(project, "ci", "apply")
        assert (run.code, "no reviewed plan" in run.err) == (6, True)
        run = inside(project, "ci", "plan")
        assert run.code == 0, run
        assert "see the reports of the merge request" in run.err
        report = json.loads((project.folder / "jmctl-gitlab-terraform.json").read_bytes())
        assert report == {"create": 1, "update": 0, "delete": 0}
        assert host.comments == {}
        project.variables["JMCTL_FORGE_TOKEN"] = PERSONAL
        assert inside(project, "ci", "plan").code == 0
        assert len(host.comments[3]) == 1
        project.variables.pop("CI_MERGE_REQUEST_IID")
        assert inside(project, "ci", "apply").code == 0
        assert [*project.ids()] == ["one"]


def test_outside_of_a_pipeline_it_says_what_to_run(project: Project, inside: Inside) -> None:
    run = inside(project, "ci", "plan")
    assert (run.code, "not a job of GitHub Actions or GitLab CI" in run.err) == (64, True)
