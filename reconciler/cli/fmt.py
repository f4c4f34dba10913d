"""jmctl fmt: manifests in their usual form. Writes only files that say the same afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from reconciler.cli.options import format_option, print_json, say
from reconciler.cli.suggestions import files as files_of_shell
from reconciler.errors import Invalid, Misconfigured, Misused, Problem, Where
from reconciler.text.plural import counted, is_or_are
from reconciler.text.sanitize import printable

UNFORMATTED = 1


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is and as it should be; `shown` is its path as the user would type it."""

    path: Path
    shown: str
    before: bytes
    after: bytes

    @property
    def is_formatted(self) -> bool:
        return self.before == self.after


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
    found, problems = _formatted(files, fix=fix)
    changed = [file for file in found if not file.is_formatted]
    if not (check or as_diff):
        for file in changed:
            _write(file)
    if form == "json":
        _print_document(found, problems, written=not (check or as_diff))
        return 1 if problems or (check and changed) else 0
    for file in changed:
        for line in _difference(file) if as_diff else [printable(file.shown)]:
            click.echo(line)
    if problems:
        raise Invalid(problems)
    if check and changed:
        number = f"{len(changed)} of {counted(len(found), 'file')} {is_or_are(len(changed))}"
        say(f"{number} not formatted; write them with: jmctl fmt{' --fix' if fix else ''}")
        return UNFORMATTED
    return 0


def _formatted(files: tuple[str, ...], *, fix: bool) -> tuple[list[_File], list[Problem]]:
    """Every readable file in its usual form, and what is wrong with the others."""
    from reconciler.fmt import fixed, formatted
    from reconciler.project.files import read

    found, problems = [], []
    pairs, wrong = _named(files) if files else _project_files()
    problems += wrong
    for path, shown in pairs:
        before = read(path, shown)
        after = [before] if isinstance(before, Problem) else formatted(fixed(before, shown) if fix else before, shown)
        if isinstance(before, Problem) or not isinstance(after, bytes):
            problems += after if isinstance(after, list) else []
        else:
            found.append(_File(Path(path), shown, before, after))
    return found, problems


def _named(files: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[Problem]]:
    from reconciler.text.paths import as_typed

    folder: Path = click.get_current_context().obj["directory"]
    for name in files:
        if not (folder / name).is_file():
            hint = "name files, or nothing for all manifests of the project"
            raise Misused("no such file", printable(name), hint=hint)
    return [(str(folder / name), as_typed(folder, name)) for name in dict.fromkeys(files)], []


def _project_files() -> tuple[list[tuple[str, str]], list[Problem]]:
    from reconciler.cli.options import project_here
    from reconciler.project.files import manifest_files

    config = project_here().config
    return manifest_files(config.root, config.manifests, config.manifest_places)


def _write(file: _File) -> None:
    from reconciler.atomic_file import replace_file

    try:
        replace_file(file.path.resolve(), file.after)  # resolved: a link goes on being one
    except OSError as error:
        raise Misconfigured(
            "a manifest cannot be written",
            f"{error.strerror}",
            hint="free space or permissions, then run it again",
            where=Where(file.shown),
        ) from None


def _difference(file: _File) -> Iterator[str]:
    from difflib import unified_diff

    before, after = (data.decode().splitlines() for data in (file.before, file.after))
    for line in unified_diff(before, after, file.shown, f"{file.shown} (formatted)", lineterm=""):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        yield click.style(printable(line), fg=colour)


def _print_document(found: list[_File], problems: list[Problem], *, written: bool) -> None:
    from reconciler.views.problems import problem_json

    files = [{"path": file.shown, "formatted": file.is_formatted} for file in found]
    print_json({"written": written, "files": files, "problems": [problem_json(problem) for problem in problems]})
