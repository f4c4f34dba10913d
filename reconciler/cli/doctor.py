"""jmctl doctor: what stands between this project and its next apply."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, identity_option, print_json, project_here, run
from reconciler.cli.write import write
from reconciler.text.sanitize import printable

_SIGNS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "error": ("error", "red")}


@click.command()
@format_option()
@identity_option
def command(*, form: str, identity: Path | None) -> ExitCode:
    """Check token, account, clock, catalogue, recipients, state and clone; each finding has the next command.

    Ends with 1 when something is wrong, with 0 when there are only warnings. Changes nothing.
    """
    from reconciler.engine.doctor import examine

    found = run(examine(project_here(), identity))
    code = ExitCode.ERROR if any(one.level == "error" for one in found) else ExitCode.DONE
    if form == "json":
        print_json({"version": 1, "findings": [asdict(one) for one in found]})
        return code
    for one in found:
        word, colour = _SIGNS[one.level]
        write(f"{click.style(f'{word:<8}', fg=colour)} {one.subject:<11} {printable(one.detail)}")
        if one.next:
            write(f"{'':<21}next: {printable(one.next)}")
    return code
