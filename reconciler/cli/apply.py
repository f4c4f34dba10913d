"""jmctl apply: makes it so. Plans under the lock, asks, and hands what was agreed to the applying."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

import click

from reconciler.cli.options import format_option, print_json_line, say
from reconciler.cli.project import configuration, holder, manifests, store
from reconciler.cli.suggestions import comma_separated
from reconciler.engine.plan import make_plan, show_plan
from reconciler.errors import Misused, Refused
from reconciler.manifest.desired import Desired
from reconciler.plan.approval import check_digest, check_saved
from reconciler.plan.guards import GRADED, ApplyPolicy, check_not_empty, refusals
from reconciler.plan.model import Action, Plan
from reconciler.plan.outcome import Result
from reconciler.project.config import Config
from reconciler.state.model import State
from reconciler.text.sanitize import printable


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
    config, cache = configuration()
    config = replace(config, concurrency=concurrency or config.concurrency)
    found = manifests(config, cache)
    approved = _approved(approve)

    def check(plan: Plan) -> None:
        if expect:
            check_digest(plan, expect)
        if saved:
            check_saved(plan, _document(saved))

    def permit(state: State) -> ApplyPolicy:
        check_not_empty(found.desired, state)
        guards = config.guards
        return ApplyPolicy(
            config.recipients, len(state.entries), guards.max_destroy, guards.max_destroy_minimum, approved
        )

    wish = ApplyRequest(found.desired, permit, check, settle=on_unknown == "settle")
    return plan_and_apply(config, wish, form=form, auto_approve=auto_approve)


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What is to become true, how far it may go, and what its plan is held against."""

    desired: Sequence[Desired]
    permit_for: Callable[[State], ApplyPolicy]
    check: Callable[[Plan], None] = lambda _: None
    settle: bool = True


def plan_and_apply(config: Config, wish: ApplyRequest, *, form: str, auto_approve: bool) -> int:
    """Settles, plans under the lock, checks, asks, applies, tells; gives the exit code."""
    from reconciler.engine.carry_out import carry_out

    place = store(config)
    with place.open(holder()) as writer:
        if writer.left_behind:
            left_behind = printable(writer.left_behind)
            say(f"an earlier run ended without releasing the lock ({left_behind}); its records are kept")
        state = writer.state
        permit = wish.permit_for(state)
        if state.in_doubt and wish.settle:
            from reconciler.cli.resolve import settle

            state = settle(config, writer)
        plan = make_plan(config, wish.desired, state, look_up_doubts=False)
        if form == "human":
            show_plan(plan, config, form)
        wish.check(plan)
        problems = refusals(plan.pending, permit)
        if problems:
            raise Refused.because(problems)
        results: list[Result] = []
        code = 0
        if plan.pending:
            _ask(auto_approve=auto_approve)
            results, code = carry_out(plan.pending, permit, config, writer, form=form)
    _tell(plan, results, place.label, form, code)
    return code


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
        return orjson.loads(saved.read())
    except orjson.JSONDecodeError:
        return None


def _ask(*, auto_approve: bool) -> None:
    if auto_approve:
        return
    if not sys.stdin.isatty():
        raise Refused(
            "nobody is there to approve the plan",
            "standard input is not a terminal",
            hint="jmctl apply --auto-approve",
        )
    if click.prompt("Apply these changes? Only 'yes' does", default="", show_default=False, err=True) != "yes":
        raise Refused("the plan was not approved", "nothing was sent", hint="jmctl apply")


def _tell(plan: Plan, results: list[Result], state_file: str, form: str, code: int) -> None:
    if form == "json":
        print_json_line({"event": "end", "digest": plan.digest, "exit_code": code, "state": state_file})
    elif plan.pending:
        from reconciler.views.apply_text import result_lines

        for line in result_lines(results, state_file):
            click.echo(line)
