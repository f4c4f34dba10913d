"""A GitOps day: the shipped pipelines, word for word, with real git, a protected main and throw-away runners.

Each job runs in a fresh clone with a fresh home. Only `pipx run --spec ... jmctl` and `pip install` are stood in for,
since no release is installed here, and the hosts' APIs by standin.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from standin import JOB, GitHubHost, GitLabHost, Host, serving
from workshop import COMMAND, SECONDS, TOKEN, Run, Sandbox, manifest

from reconciler.forge.sections import sections_of

PROTECT = (
    '#!/bin/sh\nif [ "$1" = refs/heads/main ] && [ ! -e merging ]; then echo "main is protected" >&2; exit 1; fi\n'
)
PIPX = f'#!/bin/sh\n[ "$1 $2 $4" = "run --spec jmctl" ] || exit 9\nshift 4\nexec {COMMAND} "$@"\n'


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@invalid")
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Day:
    """A repository at a code host, a developer's clone of it, and runners."""

    folder: Path
    host: Host
    api: str
    sandbox: Sandbox
    kind: str
    runs: int = 0
    shims: dict[str, str] = field(default_factory=lambda: {"pipx": PIPX, "pip": "#!/bin/sh\n", "jmctl": ""})

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        git(self.folder, "init", "-q", "--bare", "-b", "main", "host.git")
        (self.bare / "hooks" / "update").write_text(PROTECT)
        (self.bare / "hooks" / "update").chmod(0o755)
        (self.folder / "bin").mkdir()
        for name, text in self.shims.items():
            path = self.folder / "bin" / name
            path.write_text(text or f'#!/bin/sh\nexec {COMMAND} "$@"\n')
            path.chmod(0o755)
        git(self.folder, "clone", "-q", str(self.bare), "developer")
        home = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        words = [COMMAND, "init", "--project", "tests", "--ci", self.kind]
        subprocess.run(words, cwd=self.developer, env=home, check=True, capture_output=True, timeout=SECONDS)
        config = self.developer / "jmctl.yaml"
        assert "\nstate: git\n" in config.read_text()
        config.write_text(config.read_text().replace("endpoint: sandbox:.sandbox", f"endpoint: {self.sandbox.url}"))
        shutil.rmtree(self.developer / "interviews")
        self.commit("start")
        self.merge()

    @property
    def bare(self) -> Path:
        return self.folder / "host.git"

    @property
    def developer(self) -> Path:
        return self.folder / "developer"

    def write(self, name: str, **spec: Any) -> None:
        path = self.developer / "interviews" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(manifest(name, **spec))

    def commit(self, branch: str) -> str:
        """Everything that the developer has, on a branch of the host."""
        git(self.developer, "checkout", "-q", "-B", branch)
        git(self.developer, "add", "-A")
        git(self.developer, "commit", "-q", "-m", branch)
        git(self.developer, "push", "-q", "-f", "origin", branch)
        return git(self.developer, "rev-parse", "HEAD")

    def merge(self) -> str:
        """What the host does when the button is pressed."""
        (self.bare / "merging").touch()
        git(self.developer, "push", "-q", "origin", "HEAD:refs/heads/main")
        (self.bare / "merging").unlink()
        return git(self.developer, "rev-parse", "HEAD")

    def start(self, script: str, branch: str, variables: Mapping[str, str]) -> tuple[subprocess.Popen[str], Path]:
        """Starts the lines of a job on a runner of its own."""
        self.runs += 1
        runner = self.folder / f"runner-{self.runs}"
        git(self.folder, "clone", "-q", "--branch", branch, str(self.bare), runner.name)
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder / f"home-{self.runs}"),
            "LC_ALL": "C.UTF-8",
            "CI": "true",
            **variables,
        }
        words = ["bash", "-e", "-o", "pipefail", "-c", script]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(words, cwd=runner, env=environment, text=True, **pipes), runner


def ended(process: subprocess.Popen[str]) -> Run:
    out, err = process.communicate(timeout=SECONDS)
    return Run(process.returncode, out, err)


def loaded(day: Day, path: str) -> Any:
    return YAML(typ="safe").load((day.developer / path).read_text())


@pytest.fixture
def github(tmp_path: Path, sandbox: Sandbox) -> Iterator[Day]:
    host = GitHubHost()
    with serving(host) as api:
        yield Day(tmp_path / "day", host, api, sandbox, "github")


@pytest.fixture
def gitlab(tmp_path: Path, sandbox: Sandbox) -> Iterator[Day]:
    host = GitLabHost()
    with serving(host) as api:
        yield Day(tmp_path / "day", host, api, sandbox, "gitlab")


def github_job(day: Day, job: str, branch: str, *, secrets: bool = True, **variables: str) -> tuple[Any, Path]:
    """The `run:` lines of `job` as they are shipped, with the env of their step."""
    (step,) = [step for step in loaded(day, ".github/workflows/jmctl.yml")["jobs"][job]["steps"] if "run" in step]
    values = {"${{ github.token }}": JOB, "${{ secrets.JOBMOJITO_TOKEN }}": TOKEN if secrets else ""}
    given = {name: values[text] for name, text in step["env"].items()}
    given |= {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": day.api,
        "GITHUB_REPOSITORY": "acme/interviews",
        "GITHUB_RUN_ID": str(day.runs + 1),
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_STEP_SUMMARY": str(day.folder / "summary.md"),
    }
    return day.start(step["run"], branch, given | variables)


def test_a_day_at_github(github: Day) -> None:
    day, host = github, github.host
    for name in ("one", "two"):
        day.write(name)
    head = day.commit("feature")
    with pytest.raises(AssertionError, match="main is protected"):
        git(day.developer, "push", "-q", "origin", "HEAD:refs/heads/main")
    host.pulls[3] = {"number": 3, "head": {"sha": head}, "merge_commit_sha": "", "merged_at": None}
    review = {"GITHUB_REF": "refs/pull/3/merge", "GITHUB_BASE_REF": "main", "GITHUB_SHA": head}
    plan = ended(github_job(day, "plan", "feature", **review)[0])
    assert plan.code == 0, plan
    (comment,), (check,) = host.comments[3], host.checks
    assert "2 to create" in sections_of(comment["body"])["default"].body
    assert (check["head_sha"], check["conclusion"]) == (head, "success")
    assert day.sandbox.interviews() == []

    merged = day.merge()
    host.pulls[3] |= {"merge_commit_sha": merged, "merged_at": "2026-11-24T00:00:00Z"}
    push = {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": merged}
    racing = [github_job(day, "apply", "main", **push)[0] for _ in range(2)]
    codes = sorted(run.code for run in map(ended, racing))
    assert codes in ([0, 0], [0, 5])
    assert sorted(row["name"] for row in day.sandbox.interviews()) == ["Support agent", "Support agent"]
    assert git(day.bare, "rev-parse", "main") == merged
    assert "refs/jmctl/state/default" in git(day.bare, "for-each-ref")

    day.write("three")
    day.commit("fork")
    fork = {**review, "GITHUB_REF": "refs/pull/4/merge"}
    event = day.folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"repo": {"full_name": "mallory/interviews"}}}}))
    plan = ended(github_job(day, "plan", "fork", secrets=False, GITHUB_EVENT_PATH=str(event), **fork)[0])
    assert plan.code == 0, plan
    assert "no access token: the plan compares with what was last applied" in plan.err
    assert "1 to create" in (day.folder / "summary.md").read_text()
    assert 4 not in host.comments

    first = day.sandbox.interviews()[0]
    for description in ("By hand", "By hand", first["description"]):
        day.sandbox.edit(first["id"], description=description)
        night = ended(github_job(day, "drift", "main", **push)[0])
        assert night.code == 0, night
    (issue,) = host.issues
    assert issue["history"] == ["opened", "closed"]


def gitlab_job(day: Day, job: str, branch: str, **variables: str) -> tuple[Any, Path]:
    """The `before_script:` and `script:` lines of `job` as they are shipped."""
    pipeline = loaded(day, ".gitlab-ci.yml")
    lines = [*pipeline[pipeline[job]["extends"]]["before_script"], *pipeline[job]["script"]]
    given = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{day.api}/api/v4",
        "CI_PROJECT_ID": "17",
        "CI_JOB_ID": str(day.runs + 1),
        "CI_JOB_TOKEN": JOB,
        "CI_DEFAULT_BRANCH": "main",
        "JOBMOJITO_TOKEN": TOKEN,
    }
    return day.start("\n".join(lines), branch, given | variables)


def test_a_day_at_gitlab(gitlab: Day) -> None:
    day, host = gitlab, gitlab.host
    day.write("one")
    day.commit("feature")
    request = {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    process, runner = gitlab_job(day, "jmctl-plan", "feature", **request)
    plan = ended(process)
    assert plan.code == 0, plan
    assert host.comments == {}
    reports = loaded(day, ".gitlab-ci.yml")["jmctl-plan"]["artifacts"]["reports"]
    assert all((runner / name).exists() for name in reports.values())
    assert json.loads((runner / reports["terraform"]).read_bytes()) == {"create": 1, "update": 0, "delete": 0}
    merged = day.merge()
    process, runner = gitlab_job(day, "jmctl-plan", "main")
    assert ended(process).code == 0
    artifact = (runner / "jmctl-plan.json").read_bytes()
    apply = ended(gitlab_job(day, "jmctl-apply", "main")[0])
    assert (apply.code, "no reviewed plan" in apply.err) == (6, True)
    (day.folder / "bin" / "pip").write_text(f"#!/bin/sh\ncp {day.folder}/artifact.json jmctl-plan.json\n")
    (day.folder / "artifact.json").write_bytes(artifact)
    apply = ended(gitlab_job(day, "jmctl-apply", "main")[0])
    assert apply.code == 0, apply
    assert len(day.sandbox.interviews()) == 1
    assert git(day.bare, "rev-parse", "main") == merged
