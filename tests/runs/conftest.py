"""A project in a git clone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest
from workshop import Project

Git = Callable[..., str]


@pytest.fixture
def git(served: Project) -> Git:
    """git in the project's folder, which is made a clone with one branch."""

    def run(*words: str) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(served.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "tests" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "tests@invalid" for who in ("AUTHOR", "COMMITTER")},
        }
        done = subprocess.run(
            ["git", *words], cwd=served.folder, env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def commit(git: Git) -> Callable[[str], str]:
    """Commits everything and gives the commit's id."""

    def commit_all(message: str) -> str:
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "-m", message)
        return git("rev-parse", "HEAD")

    return commit_all
