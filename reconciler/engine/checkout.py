"""The git checkout that the manifests are read from: its commit, and whether it contains another one. Only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler import __version__
from reconciler.errors import Misconfigured, Refused
from reconciler.state.model import ApplyRun, State
from reconciler.state.records import Ran, now
from reconciler.state.stores.git_command import Git

# Where pipelines say on which branch, in which run and for whom they work: GitHub, GitLab, Jenkins; JMCTL_ comes first
_BRANCH = ("JMCTL_BRANCH", "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BRANCH_NAME")
_RUN = ("JMCTL_RUN_URL", "CI_JOB_URL", "BUILD_URL")
_BY = ("JMCTL_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID", "USER", "LOGNAME")
_SHORT = 12
_MOST = 200  # letters of a value that a variable brings


@dataclass(frozen=True, slots=True)
class Checkout:
    """The clone that holds `root`. `variables` are those of the process environment.

    Outside of a clone, or without git, `head` is None: nothing is recorded then, and nothing checked.
    """

    root: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def head(self) -> str | None:
        """The id of the commit that is checked out."""
        return self._line("rev-parse", "--verify", "--quiet", "HEAD")

    def commit(self, name: str) -> str | None:
        """The id of the commit that `name` names; None when there is none."""
        return None if name.startswith("-") else self._line("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")

    def contains(self, commit: str) -> bool:
        """Whether `commit` is HEAD or one of its ancestors, as far as this clone knows."""
        return self._code("merge-base", "--is-ancestor", commit, "HEAD") == 0

    def is_shallow(self) -> bool:
        """Whether the clone holds only the newest commits."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def uncommitted(self, path: str) -> bool | None:
        """Whether files under `path` are not committed as they are; None outside of a clone."""
        if self._code("rev-parse", "--is-inside-work-tree") != 0:
            return None
        return self._line("status", "--porcelain", "--untracked-files=all", "--", path) is not None

    def behind(self) -> int | None:
        """How many commits the upstream branch has that HEAD lacks, as of the last fetch; None without an upstream."""
        count = self._line("rev-list", "--count", "HEAD..@{upstream}")
        return int(count) if count and count.isdigit() else None

    def begun(self, commit: str | None, changes: tuple[str, ...]) -> Ran:
        """The record of an apply of the manifests of `commit` that begins now."""
        branch = self._variable(_BRANCH) or self._line("symbolic-ref", "--quiet", "--short", "HEAD")
        return Ran(now(), __version__, commit, branch, self._run_url(), self._variable(_BY), changes)

    def _run_url(self) -> str | None:
        server, repository, run = (
            self.variables.get(f"GITHUB_{part}") for part in ("SERVER_URL", "REPOSITORY", "RUN_ID")
        )
        github = f"{server}/{repository}/actions/runs/{run}"[:_MOST] if server and repository and run else None
        return self._variable(_RUN) or github

    def _variable(self, names: tuple[str, ...]) -> str | None:
        found = next((text for name in names if (text := self.variables.get(name, "").strip())), "")
        return found[:_MOST] if found.isprintable() and found else None

    def _line(self, *words: str) -> str | None:
        try:
            done = Git(self.root, self.variables).run(*words)
        except Misconfigured:  # no git here
            return None
        return (done.out.decode("utf-8", "replace").strip() or None) if done.code == 0 else None

    def _code(self, *words: str) -> int | None:
        try:
            return Git(self.root, self.variables).run(*words).code
        except Misconfigured:
            return None


def last_commit(state: State) -> ApplyRun | None:
    """The newest apply whose commit is known."""
    return next((run for run in reversed(state.applied) if run.commit), None)


def going_back(checkout: Checkout, state: State, *, allow_older: bool) -> str:
    """What these manifests go back to, for the plan; empty when they contain what was applied last.

    Raises Refused, naming both commits, unless `allow_older`.
    """
    last = last_commit(state)
    if last is None or last.commit is None:
        return ""
    head = checkout.head()
    if head is None or head == last.commit or checkout.contains(last.commit):
        return ""
    by = f" by {last.by}" if last.by else ""
    applied = f"{last.commit[:_SHORT]}{f' ({last.branch})' if last.branch else ''}, applied at {last.at}{by}"
    if allow_older:
        return f"goes back to {head[:_SHORT]}, which does not contain {applied}"
    fetch = "take it over first: git pull"
    if checkout.is_shallow():
        fetch = "the clone is shallow: git fetch --unshallow (in a pipeline fetch the whole history, fetch-depth: 0)"
    raise Refused(
        "this checkout does not contain what was applied last",
        f"it is at {head[:_SHORT]}; the state is of {applied}",
        hint=f"{fetch}; to go back on purpose: jmctl apply --allow-older",
    )
