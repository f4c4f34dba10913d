"""The files that `jmctl plan` writes: plans by the ending of their name, reports for code hosts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import json_bytes
from reconciler.cli.write import write_commands
from reconciler.engine.write_file import write_file
from reconciler.errors import Misused, Problem

if TYPE_CHECKING:
    from reconciler.plan.model import Plan
    from reconciler.views.plan_review import PlanReview

GITHUB = "github"


@dataclass(frozen=True, slots=True)
class _Reported:
    """What reports are made of; `plan` is None when mistakes in manifests leave none."""

    problems: Sequence[Problem]
    paths: Sequence[str]
    plan: Plan | None


def write_files(review: PlanReview, files: Sequence[Path], reports: Sequence[str]) -> None:
    """Writes the plan to `files` and the `reports`, given as FORMAT=FILE. Raises Misused or Misconfigured."""
    for file in files:
        writer = _PLANS.get(file.suffix.lower())
        if writer is None:
            raise Misused("no such format of a file", str(file), hint=f"name it {', '.join(_PLANS)}")
        write_file(file, writer(review))
    plan = review.plan
    paths = [change.where.path for change in plan.changes if change.where]
    _report(_Reported([*review.refusals, *review.warnings], paths, plan), reports)


def reports_for_mistakes(problems: Sequence[Problem], reports: Sequence[str]) -> None:
    """Writes the `reports` when mistakes in manifests leave no plan."""
    _report(_Reported(problems, (), None), reports)


def _report(reported: _Reported, reports: Sequence[str]) -> None:
    if GITHUB in reports or os.environ.get("GITHUB_ACTIONS") == "true":
        from reconciler.views.reports.github import annotation_lines

        for line in annotation_lines(reported.problems):
            write_commands(line)
    for text in reports:
        if text == GITHUB:
            continue
        form, _, file = text.partition("=")
        if form not in _REPORTS or not file:
            known = ", ".join([*(f"{name}=FILE" for name in _REPORTS), GITHUB])
            raise Misused("not a report", text, hint=f"write one of: {known}")
        write_file(Path(file), _REPORTS[form](reported))


def _json(review: PlanReview) -> bytes:
    from reconciler.views.plan_json import plan_json

    return json_bytes(plan_json(review)) + b"\n"


def _text(review: PlanReview) -> bytes:
    from reconciler.views.plan_text import plan_lines

    return ("\n".join(click.unstyle(line) for line in plan_lines(review, "full")) + "\n").encode()


def _markdown(review: PlanReview) -> bytes:
    from reconciler.views.plan_markdown import plan_markdown

    return plan_markdown(review).encode()


def _html(review: PlanReview) -> bytes:
    from reconciler.views.plan_html import plan_html

    return plan_html(review).encode()


def _sarif(reported: _Reported) -> bytes:
    from reconciler import __version__
    from reconciler.problem_table import rows
    from reconciler.views.reports.sarif import sarif

    return json_bytes(sarif(reported.problems, rows(), __version__))


def _junit(reported: _Reported) -> bytes:
    from reconciler.views.reports.junit import junit

    return junit(reported.paths, reported.problems).encode()


def _codequality(reported: _Reported) -> bytes:
    from reconciler.views.reports.codequality import codequality

    return json_bytes(codequality(reported.problems))


def _gitlab_terraform(reported: _Reported) -> bytes:
    from reconciler.views.reports.gitlab_terraform import gitlab_terraform

    empty = {"create": 0, "update": 0, "delete": 0}
    return json_bytes(gitlab_terraform(reported.plan) if reported.plan else empty)


_PLANS: Mapping[str, Callable[[PlanReview], bytes]] = {
    ".json": _json,
    ".md": _markdown,
    ".html": _html,
    ".txt": _text,
}
_REPORTS: Mapping[str, Callable[[_Reported], bytes]] = {
    "sarif": _sarif,
    "junit": _junit,
    "codequality": _codequality,
    "gitlab-terraform": _gitlab_terraform,
}
