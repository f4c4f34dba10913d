"""jmctl ci: what a pipeline runs. Reads GitHub's and GitLab's variables, prints the commands it composes, runs them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from reconciler.cli.ci_run import run_command
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import project_here, say
from reconciler.engine.ci import PLAN_FILE, can_ask, reviewed_plans
from reconciler.errors import Misused, Refused
from reconciler.forge.pipeline import Pipeline, pipeline_of

if TYPE_CHECKING:
    from reconciler.engine.project import Project

_MARKDOWN, _PAGE = "jmctl-plan.md", "jmctl-plan.html"
_REPORTS = {
    "gitlab-terraform": "jmctl-gitlab-terraform.json",
    "junit": "jmctl-junit.xml",
    "codequality": "jmctl-codequality.json",
}
_SUMMARY = 1_000_000  # bytes; near 1 MiB GitHub drops a step's summary without an error
_MADE = (ExitCode.DONE, ExitCode.PENDING, ExitCode.PARTIAL, ExitCode.REFUSED)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """What a pipeline runs: plan, apply and drift, by the variables of GitHub Actions or GitLab CI."""


@command.command("plan")
def plan() -> int:
    """Plan, and show it in the pull request: files, summary, comment, check or reports.

    Without a token the plan compares with what was last applied. In a merge queue, changes that are not those of the
    pull request's plan are refused.
    """
    project, pipeline = _here()
    files = [PLAN_FILE, _MARKDOWN, _PAGE]
    for name in (*files, *_REPORTS.values()):  # those of the branch are none of this plan
        Path(name).unlink(missing_ok=True)
    words = ["plan", *(word for name in files for word in ("--out", name))]
    if not can_ask(project):
        say("no access token: the plan compares with what was last applied, not with the service")
        words.append("--no-refresh")
    if pipeline.host == "gitlab":
        words += [word for form, name in _REPORTS.items() for word in ("--report", f"{form}={name}")]
    if pipeline.is_queued:
        with _reviewed(project, pipeline) as reviewed:
            return run_command(*words, *reviewed, "--all-or-nothing")
    code = run_command(*words)
    if code in _MADE and Path(PLAN_FILE).exists():
        return _show(pipeline) or code
    return code


@command.command("apply")
@click.option("--unreviewed", is_flag=True, help="Apply all, also what no pull request showed.")
def apply(*, unreviewed: bool) -> int:
    """Apply the changes that were reviewed: on GitHub as the checks of the merged pull requests say.

    On GitLab, or with jmctl-plan.json here, as the plan of an earlier job of this pipeline says.
    """
    project, pipeline = _here()
    if unreviewed:
        return run_command("apply", "--auto-approve")
    if pipeline.host == "gitlab":
        if not Path(PLAN_FILE).exists():
            detail = f"there is no {PLAN_FILE} of an earlier job"
            raise Refused("no reviewed plan", detail, hint="let the job need the one that ran: jmctl ci plan")
        return run_command("apply", "--auto-approve", "--reviewed", PLAN_FILE)
    with _reviewed(project, pipeline) as reviewed:
        return run_command("apply", "--auto-approve", *reviewed)


@command.command("drift")
def drift() -> int:
    """Keep an issue about drift up to date. Without a token for that, ends with 2 when there is drift."""
    _, pipeline = _here()
    if pipeline.host == "gitlab" and not os.environ.get("JMCTL_FORGE_TOKEN"):
        say("no project token in JMCTL_FORGE_TOKEN: no issue is kept")
        return run_command("drift")
    code = run_command("drift", "--issue")
    return ExitCode.DONE if code == ExitCode.PENDING else code


def _here() -> tuple[Project, Pipeline]:
    project = project_here()
    pipeline = pipeline_of(project.variables)
    if pipeline is None:
        raise Misused("not a job of GitHub Actions or GitLab CI", hint="run: jmctl plan, jmctl apply or jmctl drift")
    return project, pipeline


@contextmanager
def _reviewed(project: Project, pipeline: Pipeline) -> Iterator[Sequence[str]]:
    """`--reviewed FILE` for each approval behind this job, in files for as long as the context lasts."""
    found = reviewed_plans(project, pipeline)
    if not found:
        detail = f"no pull request with a plan of {project.config.environment} belongs to {pipeline.commit[:12]}"
        raise Refused("no reviewed plan", detail, hint="apply without a review: jmctl ci apply --unreviewed")
    with tempfile.TemporaryDirectory(prefix="jmctl-") as folder:
        words: list[str] = []
        for number, document in found:
            file = Path(folder, f"reviewed-{number}.json")
            file.write_bytes(orjson.dumps(document))
            say(f"the plan that was reviewed in #{number}: {file}")
            words += ["--reviewed", str(file)]
        yield words


def _show(pipeline: Pipeline) -> int:
    """Where people look: the summary of the step, its outputs, the comment and the check. Gives an exit code."""
    document = orjson.loads(Path(PLAN_FILE).read_bytes())
    has_changes = any(change["action"] != "keep" for change in document["resource_changes"])
    if pipeline.host == "github":
        _append("GITHUB_STEP_SUMMARY", _summary(Path(_MARKDOWN).read_bytes()))
        _append("GITHUB_OUTPUT", f"changes={str(has_changes).lower()}\n".encode())
    if pipeline.number is None:
        return ExitCode.DONE
    words: list[Any] = ["comment", "--body", _MARKDOWN]
    if pipeline.host == "github":
        if not os.environ.get("GITHUB_TOKEN") or _is_fork():
            say("no token that may write to the pull request: see the summary of this step")
            return ExitCode.DONE
        words += ["--check", PLAN_FILE]
    if not has_changes:
        words.append("--update-only")
    return run_command(*words)


def _is_fork() -> bool:
    """Whether the pull request comes from another repository, whose jobs get a token that only reads."""
    try:
        event = orjson.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
        head = event["pull_request"]["head"]["repo"]["full_name"]
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
        return False
    return bool(head != os.environ.get("GITHUB_REPOSITORY"))


def _summary(text: bytes) -> bytes:
    return text if len(text) <= _SUMMARY else b"The plan is too large for this summary; see the artifact.\n"


def _append(variable: str, content: bytes) -> None:
    if name := os.environ.get(variable):
        with Path(name).open("ab") as file:
            file.write(content)
