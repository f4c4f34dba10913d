"""Options that several commands share: which interviews are meant, and what was reviewed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import IO, TYPE_CHECKING, Any

import click

from reconciler.cli.options import json_file
from reconciler.cli.suggestions import declared_names, graded_actions
from reconciler.errors import Misused
from reconciler.plan.guards import GRADED
from reconciler.plan.model import Action

if TYPE_CHECKING:
    from reconciler.engine.policy import Review


def choice_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """NAME..., `--selector` and `--exclude`, gathered into `selection`; None when nothing is chosen."""

    @wraps(function)
    def gathered(*, names: tuple[str, ...], selector: str, exclude: tuple[str, ...], **options: Any) -> Any:
        if not (names or selector or exclude):
            return function(selection=None, **options)
        from reconciler.plan.selection import Selection

        return function(selection=Selection(names, selector, exclude), **options)

    wrapped: Callable[..., Any] = click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=declared_names)(
        gathered
    )
    wrapped = click.option(
        "--exclude", metavar="NAME", multiple=True, shell_complete=declared_names, help="All but this one; repeatable."
    )(wrapped)
    return click.option(
        "--selector", metavar="LABELS", default="", help="Only those with these labels: team=support,tier!=test."
    )(wrapped)


def review_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--approve`, `--expect`, `--plan`, `--reviewed` and `--all-or-nothing`, gathered into `review`."""

    @wraps(function)
    def gathered(
        *,
        approve: str | None,
        expect: str | None,
        saved: IO[bytes] | None,
        reviewed: tuple[IO[bytes], ...],
        all_or_nothing: bool,
        **options: Any,
    ) -> Any:
        from reconciler.engine.policy import Review

        if all_or_nothing and not reviewed:
            raise click.UsageError("--all-or-nothing goes with --reviewed FILE", click.get_current_context())
        document = json_file(saved) if saved else None
        review: Review = Review(_approved(approve), expect, document, [*map(json_file, reviewed)], all_or_nothing)
        return function(review=review, **options)

    wrapped: Callable[..., Any] = click.option(
        "--plan", "saved", type=click.File("rb"), help="Refuse unless the plan is that of FILE (jmctl plan --out)."
    )(gathered)
    wrapped = click.option(
        "--all-or-nothing", is_flag=True, help="Refuse all when a change is not the one that was reviewed."
    )(wrapped)
    wrapped = click.option(
        "--reviewed",
        type=click.File("rb"),
        multiple=True,
        help="Only the changes that FILE (jmctl plan --out) holds; others are left out and named. Repeatable.",
    )(wrapped)
    wrapped = click.option(
        "--expect", metavar="DIGEST", help="Refuse unless the plan's digest is the one that was reviewed."
    )(wrapped)
    return click.option(
        "--approve",
        metavar="ACTIONS",
        shell_complete=graded_actions,
        help="Allow only these, comma-separated: " + ", ".join(GRADED) + ".",
    )(wrapped)


def _approved(approve: str | None) -> frozenset[Action]:
    if approve is None:
        return frozenset(GRADED)
    words = [word.strip() for word in approve.split(",") if word.strip()]
    unknown = [word for word in words if word not in GRADED]
    if unknown:
        raise Misused("no such action to approve", ", ".join(unknown), hint=f"choose among {', '.join(GRADED)}")
    return frozenset(map(Action, words))
