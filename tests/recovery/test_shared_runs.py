"""Runners that share a state: twenty at once, and killed ones of which nothing is left. Real processes, git, moto."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workshop import Project, Run, Sandbox, ended

sys.path.insert(0, str(Path(__file__).parents[1] / "state"))
from git_scene import git, scene  # the folder is on the path only when its own tests run
from s3_scene import make_bucket, moto, variables

UNKNOWN, BUSY = 4, 5
KILLS = 5
SEED = 20_260_201


class Runners:
    """New machines for one project: a clone, a home, nothing else in common but the store and the service."""

    def __init__(self, folder: Path, sandbox: Sandbox, token: str, state: str, environment: dict[str, str]) -> None:
        self.folder, self.sandbox, self.token = folder, sandbox, token
        self.state, self.environment = state, environment
        self.bare = scene(folder).bare
        self._number = 0
        seed = folder / "seed"
        git(folder, "clone", "-q", str(self.bare), str(seed))
        project = self._project(seed, folder / "seed-home")
        self.names = project.write_many(8)
        project.configure(
            state=state,
            timeouts={"connect": 1, "total": 2},
            recovery={"grace": 0.1, "skew": 1, "lease": 6},
        )
        git(seed, "add", "-A")
        git(seed, "commit", "-q", "-m", "interviews")
        git(seed, "push", "-q", "origin", "HEAD:main")
        self.bare.joinpath("hooks").mkdir(exist_ok=True)
        hook = self.bare / "hooks" / "update"
        hook.write_text('#!/bin/sh\ncase "$1" in refs/heads/main) exit 1;; esac\n')
        hook.chmod(0o755)

    def new(self) -> Project:
        self._number += 1
        clone = self.folder / f"runner-{self._number}" / "clone"
        clone.parent.mkdir()
        git(self.folder, "clone", "-q", "--depth=1", "-b", "main", f"file://{self.bare}", str(clone))
        config = (clone / "jmctl.yaml").read_bytes()
        project = self._project(clone, clone.parent / "home")
        (clone / "jmctl.yaml").write_bytes(config)
        return project

    def _project(self, folder: Path, home: Path) -> Project:
        project = Project(folder, home, endpoint=self.sandbox.url)
        project.variables |= {"JOBMOJITO_TOKEN": self.token, **self.environment}
        return project

    def settled(self) -> Run:
        """A further runner applies, as often as the lease of a dead one makes it wait."""
        project = self.new()
        for _ in range(60):
            run = project.jmctl("apply", "--auto-approve")
            if run.code != BUSY:
                return run
            time.sleep(0.5)
        raise AssertionError("the lease never ended")

    def check(self) -> None:
        """Declared equals existing equals remembered, each once."""
        rows = self.sandbox.interviews()
        assert Counter(row["name"] for row in rows) == Counter(f"Interview {n}" for n in range(len(self.names)))
        ids = self.new().ids()
        assert sorted(ids) == self.names
        assert sorted(map(str, ids.values())) == sorted(row["id"] for row in rows)


@pytest.fixture
def token(served: Project) -> str:
    return served.variables["JOBMOJITO_TOKEN"]


@pytest.fixture
def in_git(tmp_path: Path, sandbox: Sandbox, token: str) -> Runners:
    return Runners(tmp_path, sandbox, token, "git", {})


@pytest.fixture
def in_s3(tmp_path: Path, sandbox: Sandbox, token: str) -> Iterator[Runners]:
    with moto() as address:
        make_bucket(address, "states")
        yield Runners(tmp_path, sandbox, token, "s3://states/hr", variables(address))


def test_twenty_racing_applies_from_twenty_clones_make_nothing_twice(in_git: Runners) -> None:
    projects = [in_git.new() for _ in range(20)]
    processes = [project.start("apply", "--auto-approve") for project in projects]
    runs = [ended(process) for process in processes]
    # a request outlasts its 2 s where twenty processes share a machine: its outcome is unknown, and settled later
    assert {run.code for run in runs} <= {0, UNKNOWN, BUSY}, [run for run in runs if run.code not in (0, BUSY)]
    assert in_git.settled().code == 0
    in_git.check()
    refs = git(in_git.bare, "for-each-ref", "--format=%(refname)").splitlines()
    assert refs == ["refs/heads/main", "refs/jmctl/state/default"]


def killed(runners: Runners, moment: int) -> None:
    """An apply is killed at some moment, and its machine goes with it."""
    chance = random.Random(SEED + moment)  # noqa: S311 - a repeatable die, not a secret
    delay = 0.3 + chance.uniform(0, 1.7)
    print(f"seed {SEED + moment}: killed after {delay * 1000:.0f} ms")  # noqa: T201 - to repeat it
    runners.sandbox.switch(latency_ms=chance.choice([5, 60, 150]))
    project = runners.new()
    process = project.start("apply", "--auto-approve", "--concurrency", str(chance.choice([1, 3])))
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    ended(process)
    shutil.rmtree(project.folder.parent)
    runners.sandbox.switch(latency_ms=0)


@pytest.mark.parametrize("moment", range(KILLS))
@pytest.mark.parametrize("store", ["in_git", "in_s3"])
def test_killed_runner_of_which_nothing_is_left_makes_nothing_twice(
    store: str, moment: int, request: pytest.FixtureRequest
) -> None:
    runners: Runners = request.getfixturevalue(store)
    killed(runners, moment + (100 if store == "in_s3" else 0))
    run = runners.settled()
    assert run.code == 0, run
    runners.check()


COMMANDS: list[tuple[str, ...]] = [
    ("plan",),
    ("apply", "--auto-approve"),
    ("drift",),
    ("state", "list"),
    ("state", "verify", "--remote"),
    ("state", "mv", "interview-0001", "renamed"),
    ("state", "rm", "renamed"),
    ("orphans",),
    ("destroy", "--auto-approve"),
]


def test_no_command_touches_the_clone(in_git: Runners) -> None:
    project = in_git.new()
    before = clone_of(project)
    for words in COMMANDS:
        run = project.jmctl(*words)
        assert run.code in (0, 2), (words, run)
        assert clone_of(project) == before, words


def clone_of(project: Project) -> tuple[str, ...]:
    index: Callable[[], bytes] = (project.folder / ".git" / "index").read_bytes
    content = index().hex()
    return (
        git(project.folder, "rev-parse", "HEAD"),
        git(project.folder, "for-each-ref"),
        content,
        git(project.folder, "--no-optional-locks", "status", "--porcelain", "--ignored"),
    )
