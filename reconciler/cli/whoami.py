"""jmctl whoami: for whom the token acts, and how long it lives."""

from __future__ import annotations

import click

from reconciler.cli.options import format_option, print_json, project_here, run
from reconciler.cli.write import write
from reconciler.text.sanitize import printable


@click.command()
@format_option()
def command(*, form: str) -> None:
    """Show the account of the access token: merchant, environment, credits, and how long the token lives."""
    from reconciler.engine.whoami import whoami

    who = run(whoami(project_here()))
    lives = None if who.token_seconds is None else round(who.token_seconds)
    values = {
        "project": who.project,
        "environment": who.environment,
        "endpoint": who.endpoint,
        "merchant": who.account.merchant,
        "service_environments": list(who.service_environments),
        "credits": who.account.credits,
        "token_seconds": lives,
        "state_merchant": who.bound.merchant if who.bound else None,
        "state_endpoint": who.bound.endpoint if who.bound else None,
    }
    if form == "json":
        print_json(values)
        return
    shown = {
        **values,
        "service_environments": ", ".join(who.service_environments) or None,
        "token_seconds": None if lives is None else f"{lives} s",
    }
    for name, value in shown.items():
        label = {"token_seconds": "token lives", "service_environments": "on the service"}.get(name, name)
        write(f"{label.replace('_', ' '):<15}  {printable(str(value)) if value is not None else '-'}")
