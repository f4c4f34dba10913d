"""jmctl fmt: manifests in their usual form. Writes only files that say the same afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, say
from reconciler.cli.suggestions import files as files_of_shell
from reconciler.cli.write import write
from reconciler.errors import Invalid, Problem
from reconciler.text.plural import counted, is_or_are
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler.engine.format_files import FormattedFile


@click.command()
@click.argument("files", nargs=-1, shell_complete=files_of_shell)
@click.option("--check", is_flag=True, help="Write nothing; name the files that are not formatted and exit with 1.")
@click.option("--diff", "as_diff", is_flag=True, help="Write nothing; show what would be written.")
@click.option("--fix", is_flag=True, help="Mend what a word processor left: invisible characters, quotes around names.")
@format_option()
def command(*, files: tuple[str, ...], check: bool, as_diff: bool, fix: bool, form: str) -> int:
    """Put manifests into their usual form: FILES, or all of the project.

    Keys come in a reader's order, two spaces a level. Comments, quotes and the order in free objects stay; no value
    changes, except for invisible characters with --fix. The names of the files that were not in this form are printed.
    """
    found, problems = _format(files, fix=fix)
    changed = [file for file in found if not file.is_formatted]
    if not (check or as_diff):
        from reconciler.engine.format_files import write_formatted

        for file in changed:
            write_formatted(file)
    if form == "json":
        _print_document(found, problems, written=not (check or as_diff))
        return ExitCode.ERROR if problems or (check and changed) else ExitCode.DONE
    for file in changed:
        for line in _difference(file) if as_diff else [printable(file.shown)]:
            write(line)
    if problems:
        raise Invalid(problems)
    if check and changed:
        number = f"{len(changed)} of {counted(len(found), 'file')} {is_or_are(len(changed))}"
        say(f"{number} not formatted; write them with: jmctl fmt{' --fix' if fix else ''}")
        return ExitCode.ERROR
    return ExitCode.DONE


def _format(files: tuple[str, ...], *, fix: bool) -> tuple[list[FormattedFile], list[Problem]]:
    from reconciler.engine.format_files import format_manifests, format_named

    if files:
        return format_named(click.get_current_context().obj["directory"], files, fix=fix)
    return format_manifests(project_here(), fix=fix)


def _difference(file: FormattedFile) -> Iterator[str]:
    from difflib import unified_diff

    before, after = (data.decode().splitlines() for data in (file.before, file.after))
    for line in unified_diff(before, after, file.shown, f"{file.shown} (formatted)", lineterm=""):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        yield click.style(printable(line), fg=colour)


def _print_document(found: list[FormattedFile], problems: list[Problem], *, written: bool) -> None:
    from reconciler.views.problems import problem_json

    files = [{"path": file.shown, "formatted": file.is_formatted} for file in found]
    print_json({"written": written, "files": files, "problems": [problem_json(problem) for problem in problems]})
