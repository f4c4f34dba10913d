"""jmctl trust: lets the token_command of this jmctl.yaml run, as long as it stays what it is."""

from __future__ import annotations

import click

from reconciler.cli.options import project_here, say
from reconciler.cli.write import write
from reconciler.text.sanitize import printable


@click.command()
@click.option("--revoke", is_flag=True, help="Withdraw the approval of this jmctl.yaml.")
@click.option("--digest", is_flag=True, help="Only print the digest, for JMCTL_TRUST in CI.")
def command(*, revoke: bool, digest: bool) -> None:
    """Allow the token_command of this jmctl.yaml to run.

    The approval is kept in your configuration folder and covers project, endpoint and token_command as they are now:
    when one of them changes, it is void.
    """
    from reconciler.engine.trust import approve_settings, revoke_approval, settings_to_trust

    project = project_here()
    covered, value = settings_to_trust(project)
    if digest:
        write(value)
        return
    if revoke:
        say(f"no longer trusted; approvals are kept in {printable(str(revoke_approval(project)))}")
        return
    for setting, content in covered.items():
        write(f"{setting:<13}  {printable(content)}")
    say(f"trusted as long as these stay so; approvals are kept in {printable(str(approve_settings(project)))}")
