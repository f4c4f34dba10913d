"""jmctl state log and bind: from where the state comes, and whose it is."""

from __future__ import annotations

from dataclasses import asdict

import click

from reconciler.cli.options import format_option, print_json, project_here, run
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.text.sanitize import printable

_SHORT = 12


@click.command("log")
@click.argument("name", required=False, shell_complete=recorded_names)
@format_option()
def log(*, name: str | None, form: str) -> None:
    """Show who applied what and when, newest first; with NAME only what was done to that interview."""
    from reconciler.engine.state_log import state_log

    found = state_log(project_here(), name)
    if form == "json":
        print_json([asdict(one) for one in found.applies])
        return
    for one in found.applies:
        commit = one.commit[:_SHORT] if one.commit else "no commit"
        parts = [one.at, commit, one.branch, one.by and f"by {one.by}", f"jmctl {one.jmctl}", one.run]
        write("  ".join(printable(part) for part in parts if part))
        for change in one.changes:
            write(f"    {printable(change)}")
    if not found.applies:
        write("No apply is recorded.")


@click.command("bind")
def bind() -> None:
    """Bind the state to the account of the token and the endpoint of now."""
    from reconciler.engine.account import bind as bind_state

    before, after = run(bind_state(project_here()))
    was = f"; it was of merchant {printable(before.merchant)} at {printable(before.endpoint)}" if before else ""
    write(f"The state is of merchant {printable(after.merchant)} at {printable(after.endpoint)}{was}")
