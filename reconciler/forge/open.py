"""The code host of the pipeline that this process is a job of."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import Misconfigured
from reconciler.forge.github import GitHub
from reconciler.forge.gitlab import GitLab
from reconciler.forge.pipeline import Pipeline
from reconciler.secret import Secret

TOKEN_VARIABLE = "JMCTL_FORGE_TOKEN"  # noqa: S105 - the name of a variable


def open_forge(pipeline: Pipeline, variables: Mapping[str, str]) -> GitHub | GitLab:
    """The repository of `pipeline`, with the token of the job or JMCTL_FORGE_TOKEN. Raises Misconfigured without one.

    Addresses come from the variables of the process, never from a file of the branch.
    """
    return github(variables) if pipeline.host == "github" else _gitlab(variables)


def github(variables: Mapping[str, str]) -> GitHub:
    """The repository of a job of GitHub Actions. Raises Misconfigured without a token."""
    token = _token(variables, "GITHUB_TOKEN")
    if token is None:
        raise _missing("env: {GITHUB_TOKEN: ${{ github.token }}}")
    api = variables.get("GITHUB_API_URL", "https://api.github.com")
    return GitHub(api, variables.get("GITHUB_REPOSITORY", ""), token)


def _gitlab(variables: Mapping[str, str]) -> GitLab:
    own = _token(variables)
    token = own or _token(variables, "CI_JOB_TOKEN")
    if token is None:
        raise _missing(f"a variable {TOKEN_VARIABLE} with a project access token of the scope api")
    api = variables.get("CI_API_V4_URL", "https://gitlab.com/api/v4")
    return GitLab(api, variables.get("CI_PROJECT_ID", ""), token, of_job=own is None)


def _token(variables: Mapping[str, str], *names: str) -> Secret | None:
    found = (variables.get(name, "").strip() for name in (TOKEN_VARIABLE, *names))
    text = next((text for text in found if text), "")
    return Secret(text) if text.isascii() and text.isprintable() and text else None


def _missing(hint: str) -> Misconfigured:
    return Misconfigured("no token for the code host", "the pipeline gives this step none", hint=f"set {hint}")
