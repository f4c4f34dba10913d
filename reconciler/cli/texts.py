"""jmctl texts: how far translations are; confirm them; exchange them with translators as PO files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, print_json, project_here, say
from reconciler.cli.write import write
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler.engine.texts import TextFiles

_STATUS = ("done", "stale", "missing")
_language_option = click.option("--language", metavar="CODE", required=True, help="The language of the texts.")


@click.group()
def command() -> None:
    """Texts in other languages: how far they are, confirm them, exchange them with translators."""


@command.command("status")
@format_option()
def status(*, form: str) -> ExitCode:
    """Count done, stale and missing texts by set or interview, and language."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for one in _files().translations:
        counts = rows.setdefault((one.of, one.language), dict.fromkeys(_STATUS, 0))
        if one.status in counts:
            counts[one.status] += 1
    if form == "json":
        texts = [{"of": of, "language": language, **counts} for (of, language), counts in rows.items()]
        print_json({"version": 1, "texts": texts})
        return ExitCode.DONE
    width = max((len(of) for of, _ in rows), default=0)
    for (of, language), counts in rows.items():
        numbers = "  ".join(f"{counts[name]:>4} {name}" for name in _STATUS)
        write(f"{printable(of):<{width}}  {printable(language):<3}  {numbers}")
    if not rows:
        write("No texts: no interview is asked in another language than its sets.")
    return ExitCode.DONE


@command.command("accept")
@click.argument("of", metavar="SOURCE")
@click.argument("units", metavar="[TEXT]...", nargs=-1)
@_language_option
def accept_texts(*, of: str, units: tuple[str, ...], language: str) -> ExitCode:
    """Confirm that texts of SOURCE still fit: all stale ones, or each TEXT.

    SOURCE is a set or an interview, such as QuestionSet/teamwork, TEXT the key of a question.
    """
    from reconciler.engine.texts import accept

    files = _files()
    chosen = files.chosen(of, language, units)
    stale = sum(one.status == "stale" for one in chosen)
    for path in accept(files, chosen):
        write(printable(path))
    say(f"{counted(stale, 'text')} accepted")
    return ExitCode.DONE


@command.command("export")
@_language_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: standard output."
)
def export_texts(*, language: str, out: Path | None) -> ExitCode:
    """Print a PO file with every text to translate: finished ones too, stale ones marked as fuzzy."""
    from reconciler.engine.texts_po import po_text

    text = po_text(_files().chosen(None, language), language)
    if out is None:
        write(text, nl=False)
        return ExitCode.DONE
    from reconciler.engine.write_file import write_file

    write_file(out, text.encode())
    return ExitCode.DONE


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_texts(*, file: Path) -> ExitCode:
    """Write the finished texts of a PO FILE into the project's files; comments there stay."""
    from reconciler.engine.texts_po import import_po

    paths, unfinished = import_po(_files(), file.read_text("utf-8"), str(file))
    for path in paths:
        write(printable(path))
    if unfinished:
        say(f"{counted(unfinished, 'text')} not finished in the file")
    return ExitCode.DONE


def _files() -> TextFiles:
    from reconciler.engine.texts import read_texts

    return read_texts(project_here(lambda _: None))
