"""jmctl apply: carry out a plan. Plans under the lock, asks, and carries out what was approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.choice_options import choice_options, review_options
from reconciler.cli.interaction import apply_here, approval
from reconciler.cli.options import format_option

if TYPE_CHECKING:
    from reconciler.engine.policy import Review
    from reconciler.plan.selection import Selection


@click.command()
@choice_options
@format_option()
@click.option("--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is applied unless given.")
@review_options
@click.option(
    "--on-unknown",
    type=click.Choice(["settle", "stop"]),
    default="settle",
    show_default=True,
    help="Look up creates of unknown outcome, or leave those interviews alone.",
)
@click.option("--allow-older", is_flag=True, help="Apply manifests older than what was applied last.")
@click.option(
    "--new",
    metavar="NAMES",
    help="Create these, comma-separated, without looking whether they are on the service already.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), help="How many interviews at a time. Default: jmctl.yaml's."
)
def command(  # noqa: PLR0913 - one parameter an option
    *,
    selection: Selection | None,
    form: str,
    auto_approve: bool,
    review: Review,
    on_unknown: str,
    allow_older: bool,
    new: str | None,
    concurrency: int | None,
) -> int:
    """Make the interviews what the manifests say, and record their ids and embed keys.

    With NAMEs, only these; what is left out is shown. With --reviewed, only changes that were reviewed; ends with 3
    when there are others.
    """
    return apply_here(
        lambda project, stop: project.with_concurrency(concurrency).apply(
            approve=approval(auto_approve=auto_approve),
            approved=review.approved,
            expect=review.expect,
            saved=review.saved,
            reviewed=review.reviewed,
            all_or_nothing=review.all_or_nothing,
            settle=on_unknown == "settle",
            selection=selection,
            allow_older=allow_older,
            new=frozenset(word.strip() for word in (new or "").split(",") if word.strip()),
            stop=stop,
        ),
        form,
    )
