"""Whether this process is the job of a pull request, by the variables that CI systems set. Pure."""

from __future__ import annotations

from collections.abc import Mapping

BASE_VARIABLE = "JMCTL_BASE_REF"


def target_branch(variables: Mapping[str, str]) -> str | None:
    """The ref of the target branch when the variables are those of a pull or merge request's job, else None.

    JMCTL_BASE_REF names it for other CI systems. GitHub sets GITHUB_BASE_REF for events of pull requests only, GitLab
    sets CI_MERGE_REQUEST_TARGET_BRANCH_NAME for pipelines of merge requests only.
    """
    if named := variables.get(BASE_VARIABLE):
        return named
    branch = variables.get("GITHUB_BASE_REF") or variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
    return f"refs/remotes/origin/{branch}" if branch else None
