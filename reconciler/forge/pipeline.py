"""The pipeline that this process is a job of, by the variables that GitHub Actions and GitLab CI set. Pure.

https://docs.github.com/actions/reference/variables-reference and https://docs.gitlab.com/ci/variables/predefined_variables
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

_GITHUB_PULL = re.compile(r"refs/pull/([0-9]+)/(?:merge|head)")
_GITHUB_QUEUE = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]+)-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A job at `host`. `number` is that of the pull request, also of one in a merge queue (`is_queued`).

    `run` grows with each run of the pipeline. `commit` is the one that is checked out.
    """

    host: Literal["github", "gitlab"]
    number: int | None
    run: int
    commit: str
    is_queued: bool = False


def pipeline_of(variables: Mapping[str, str]) -> Pipeline | None:
    """None outside of both."""
    if variables.get("GITHUB_ACTIONS") == "true":
        ref = variables.get("GITHUB_REF", "")
        pull, queued = _GITHUB_PULL.fullmatch(ref), _GITHUB_QUEUE.fullmatch(ref)
        number = pull or queued
        run = _number(variables, "GITHUB_RUN_ID") * 1000 + _number(variables, "GITHUB_RUN_ATTEMPT") % 1000
        commit = variables.get("GITHUB_SHA", "")
        return Pipeline("github", int(number[1]) if number else None, run, commit, is_queued=queued is not None)
    if variables.get("GITLAB_CI") == "true":
        request = _number(variables, "CI_MERGE_REQUEST_IID") or None
        return Pipeline("gitlab", request, _number(variables, "CI_JOB_ID"), variables.get("CI_COMMIT_SHA", ""))
    return None


def _number(variables: Mapping[str, str], name: str) -> int:
    text = variables.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else 0
