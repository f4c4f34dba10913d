"""What a pipeline's job may do: whether it can ask the service, and which plans were reviewed for what it applies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reconciler.engine.review_check import reviewed_at, reviewed_before
from reconciler.token import VARIABLE

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.forge.pipeline import Pipeline

PLAN_FILE = "jmctl-plan.json"


def can_ask(project: Project) -> bool:
    """Whether there is a way to an access token. A pull request from a fork gets no secret."""
    is_set = bool(project.variables.get(VARIABLE, "").strip())
    return is_set or project.config.sandbox is not None or project.config.token_command is not None


def reviewed_plans(project: Project, pipeline: Pipeline) -> Sequence[tuple[int, Any]]:
    """For a job of GitHub: the approvals behind its commit, with the numbers of their pull requests.

    In a merge queue it is that of the pull request which is queued. Raises Unanswered, Denied and Misconfigured.
    """
    from reconciler.forge.open import github

    host, environment = github(project.variables), project.config.environment
    if pipeline.number is None:
        return reviewed_before(host, pipeline.commit, environment)
    document = reviewed_at(host, host.head_of(pipeline.number), environment)
    return [] if document is None else [(pipeline.number, document)]
