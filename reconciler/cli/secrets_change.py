"""jmctl secrets rekey and rotate: change who can open embed keys, and the keys themselves."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interaction import apply_here, approval
from reconciler.cli.options import format_option, identity_option, project_here, run
from reconciler.cli.suggestions import recorded_names
from reconciler.cli.write import write
from reconciler.errors import Misused
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=recorded_names)
@identity_option
@click.option("--from-service", is_flag=True, help="Read the keys from the service again; needs no identity.")
def rekey(*, names: tuple[str, ...], identity: Path | None, from_service: bool) -> int:
    """Seal embed keys to the recipients of jmctl.yaml; without NAME all that are sealed to others.

    It can be interrupted and run again. Who could open a key before still can, in the history of the repository: a key
    that someone must not have any more is rotated.
    """
    if from_service and identity:
        raise Misused("--from-service needs no identity", hint="leave out one of the two")
    secrets = project_here().secrets
    result = run(secrets.rekey_from_service(names)) if from_service else secrets.rekey(identity, names)
    for name in result.names:
        write(f"sealed anew: {printable(name)}")
    if result.problems:
        from reconciler.views.problems import problem_lines

        for problem in result.problems:
            for line in problem_lines(problem):
                write(line, err=True)
    anew, failed = len(result.names), len(result.problems)
    write(f"{counted(anew, 'key')} sealed anew, {result.current} current, {failed} failed")
    if not result.problems:
        return ExitCode.DONE
    return ExitCode.PARTIAL if result.names else ExitCode.ERROR


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=recorded_names)
@format_option()
@click.option("--auto-approve", is_flag=True, help="Do not ask. Without a terminal nothing is done unless given.")
def rotate(*, names: tuple[str, ...], form: str, auto_approve: bool) -> ExitCode:
    """Replace the embed keys of the interviews NAME: the service forgets the old key and makes a new one.

    Shows what it does and asks. When it fails in between, `jmctl apply` reads the key that there is, and rotating again
    goes on.
    """
    approve = approval(auto_approve=auto_approve)
    return apply_here(lambda project, stop: project.secrets.rotate(names, approve=approve, stop=stop), form)
