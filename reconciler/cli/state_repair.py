"""jmctl state verify, rebuild and recover: when the state itself is in question."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import project_here, run, say
from reconciler.cli.write import write
from reconciler.text.plural import counted


@click.command("verify")
@click.option("--remote", is_flag=True, help="Also look whether the service still has every interview.")
def verify(*, remote: bool) -> int:
    """Check that the state can be trusted."""
    project = project_here()
    state = project.state()
    faults = project.edits.faults()
    if remote:
        faults += [
            f"{entry.name}: {entry.id} is gone on the service; jmctl plan creates it again"
            for entry in run(project.edits.missing())
        ]
    for fault in faults:
        say(f"error: {fault}")
    summary = f"{counted(len(state.entries), 'interview')}, {len(state.in_doubt)} in doubt, serial {state.serial}"
    write(f"{project.backend().label}: {summary}: {f'{len(faults)} faults' if faults else 'sound'}")
    return ExitCode.ERROR if faults else ExitCode.DONE


@click.command("rebuild")
def rebuild() -> None:
    """Make a lost state anew from the marks that interviews carry on the service."""
    rebuilt = run(project_here().edits.rebuild())
    write(f"Rebuilt {rebuilt.found} of {counted(rebuilt.declared, 'interview')}. Next: jmctl plan")
    if rebuilt.unmarked:
        names = ", ".join(rebuilt.unmarked)
        say(f"warning: these carry a code of their own and cannot be found by it: {names}")
        say("hint: jmctl import NAME ID")


@click.command("recover")
@click.argument("file", type=click.File("rb"))
def recover(*, file: BinaryIO) -> None:
    """Bring back the records of a rescue FILE that an apply wrote when it could not write the state.

    FILE may be the log of that apply, and - for standard input.
    """
    useful, stale = project_here().edits.recover(file.read(), file.name)
    write(f"Brought back {useful} records; {stale} were settled in the meantime.")


@click.command("merge")
@click.argument("base", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("ours", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("theirs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def merge(*, base: Path, ours: Path, theirs: Path) -> None:
    """Merge two state files that grew from BASE into OURS, by interview; a git merge driver.

    Nothing that either holds is dropped. To let git use it: git config merge.jmctl.driver "jmctl state merge %O %A %B",
    and state/*.json merge=jmctl in .gitattributes.
    """
    from reconciler.engine.state_stores import merge_files

    for address in merge_files(base, ours, theirs):
        say(f"warning: {address.name} was changed on both sides; the next plan looks at it")
