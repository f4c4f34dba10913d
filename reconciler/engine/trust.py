"""What a project may do with the user's token: which command prints it, and where it may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.project.cache import Cache
from reconciler.project.config import Config, load_config
from reconciler.trust.hosts import ALLOW_VARIABLE, check_token_host
from reconciler.trust.pins import Command, pin, settings_digest

if TYPE_CHECKING:
    from reconciler.engine.project import Project


def check_endpoint(project: Project) -> None:
    """Raises Refused when the endpoint of `project` may not receive a token; the embedded sandbox receives none."""
    if project.config.sandbox is None:
        allowed = project.variables.get(ALLOW_VARIABLE, "")
        check_token_host(project.config.endpoint, allowed, project.config.at("endpoint"))


def token_command(project: Project) -> Command:
    """The command that prints the token of `project`. Raises Refused when only an unapproved jmctl.yaml names one."""
    from reconciler.trust.token_command import Named, trusted_command

    config = project.config
    digest = settings_digest(config.project, config.endpoint, config.token_command)
    named = Named(config.token_command, digest, _place(project), config.at("token_command"))
    return trusted_command(named, project.variables)


def settings_to_trust(project: Project) -> tuple[dict[str, str], str]:
    """What an approval covers, by setting, and its digest."""
    config = project.config
    command = config.token_command
    words = " ".join(command) if isinstance(command, tuple) else command
    covered = {"project": config.project, "endpoint": config.endpoint, "token_command": words or "none"}
    return covered, settings_digest(config.project, config.endpoint, command)


def approve_settings(project: Project) -> Path:
    """Remember that the user approved `settings_to_trust`; returns the file that holds approvals. Raises OSError."""
    return pin(_place(project), settings_to_trust(project)[1])


def revoke_approval(project: Project) -> Path:
    """Forget the approval of this jmctl.yaml and environment. Raises OSError."""
    return pin(_place(project), None)


def load_settings(folder: Path, environment: str | None, cache: Cache | None, variables: Mapping[str, str]) -> Config:
    """The configuration in force: in the job of a pull request with the decisive settings of the target branch.

    Raises Misconfigured, also when this clone does not hold the target branch, and Invalid.
    """
    ref = target_branch(variables)
    if ref is None:
        return load_config(folder, environment, cache, variables)
    from reconciler.trust.review import file_at

    return load_config(folder, environment, cache, variables, lambda file: file_at(ref, file, variables))


def _place(project: Project) -> str:
    return f"{project.config.file.resolve()}#{project.config.environment}"


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
