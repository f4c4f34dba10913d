"""jmctl orphans: interviews on the service that carry this environment's mark and that no state knows."""

from __future__ import annotations

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, run
from reconciler.cli.write import write
from reconciler.text.sanitize import printable


@click.command()
@format_option()
def command(*, form: str) -> int:
    """List interviews with this environment's mark that no state knows; exit with 2 when one is not archived."""
    project = project_here()
    found = run(project.orphans())
    living = [seen for seen in found if seen.status != "archived"]
    code = ExitCode.PENDING if living else ExitCode.DONE
    if form == "json":
        print_json([{"id": seen.id, "code": seen.attributes.get("code"), "status": seen.status} for seen in found])
        return code
    for seen in found:
        write(f"{printable(seen.id)}  {printable(seen.status):<8}  {printable(str(seen.attributes.get('code')))}")
    if living:
        write(
            "To keep one: jmctl import NAME ID, with a manifest NAME. Whatever is not needed: archive it in the admin."
        )
    elif found:
        write("All of them are archived: nothing to do. To keep one: jmctl import NAME ID, with a manifest NAME.")
    else:
        owner = project.config.owner
        write(f"No orphans: every interview marked by {owner.project}/{owner.environment} is known to a state.")
    return code
