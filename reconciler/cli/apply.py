"""jmctl apply: carry out a plan. Plans under the lock, asks, and carries out what was approved."""

from __future__ import annotations

from typing import IO, Any

import click

from reconciler.cli.interaction import apply_here, approval
from reconciler.cli.options import format_option
from reconciler.cli.suggestions import comma_separated
from reconciler.errors import Misused
from reconciler.plan.guards import GRADED
from reconciler.plan.model import Action


@click.command()
@format_option()
@click.option("--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is applied unless given.")
@click.option(
    "--approve",
    metavar="ACTIONS",
    shell_complete=comma_separated(GRADED),
    help="Allow only these, comma-separated: " + ", ".join(GRADED) + ".",
)
@click.option("--expect", metavar="DIGEST", help="Refuse unless the plan's digest is the one that was reviewed.")
@click.option(
    "--plan", "saved", type=click.File("rb"), help="Refuse unless the plan is that of FILE (jmctl plan --out)."
)
@click.option(
    "--on-unknown",
    type=click.Choice(["settle", "stop"]),
    default="settle",
    show_default=True,
    help="Look up creates of unknown outcome, or leave those interviews alone.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), help="How many interviews at a time. Default: jmctl.yaml's."
)
def command(  # noqa: PLR0913 - one parameter an option
    *,
    form: str,
    auto_approve: bool,
    approve: str | None,
    expect: str | None,
    saved: IO[bytes] | None,
    on_unknown: str,
    concurrency: int | None,
) -> int:
    """Make the interviews what the manifests say, and record their ids and embed keys."""
    approved = _approved(approve)
    document = _document(saved) if saved else None
    return apply_here(
        lambda project, stop: project.with_concurrency(concurrency).apply(
            approve=approval(auto_approve=auto_approve),
            approved=approved,
            expect=expect,
            saved=document,
            settle=on_unknown == "settle",
            stop=stop,
        ),
        form,
    )


def _approved(approve: str | None) -> frozenset[Action]:
    if approve is None:
        return frozenset(GRADED)
    words = [word.strip() for word in approve.split(",") if word.strip()]
    unknown = [word for word in words if word not in GRADED]
    if unknown:
        raise Misused("no such action to approve", ", ".join(unknown), hint=f"choose among {', '.join(GRADED)}")
    return frozenset(map(Action, words))


def _document(saved: IO[bytes]) -> Any:
    import orjson

    try:
        return orjson.loads(saved.read()) or {}
    except orjson.JSONDecodeError:
        return {}  # no saved plan: refused like any other document that is none
