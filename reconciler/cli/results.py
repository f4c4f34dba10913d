"""jmctl results: what candidates answered, joined to the manifest that asked. Reads only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import format_option, project_here, run, say
from reconciler.cli.result_options import (
    STDOUT,
    ReadingProgress,
    counts_text,
    selection_options,
    view_option,
    written_to,
)
from reconciler.cli.write import write
from reconciler.errors import Misused
from reconciler.results.columns import Per
from reconciler.results.selection import ORDERS, Selection
from reconciler.results.view import View
from reconciler.text.plural import counted

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.engine.results import RowWriter


@click.group()
def command() -> None:
    """Look at what candidates answered, and at which wording of the questions."""


@command.command("show")
@click.argument("result_id")
@format_option("human", "json", "yaml", "markdown", "html")
@click.option("--recordings", is_flag=True, help="Ask for signed links to the recordings; they expire within minutes.")
@view_option("standard, for json and yaml full")
def show(*, result_id: str, form: str, recordings: bool, view: View | None) -> None:
    """Show everything of the result RESULT_ID, each answer under its question."""
    read = run(project_here().results.show(result_id, recordings=recordings))
    if form in {"json", "yaml"}:
        from reconciler.views.results.document import as_json, as_yaml, result_document

        document = result_document(read, view or "full")
        write(as_json(document) if form == "json" else as_yaml(document), nl=form == "json")
        return
    from reconciler.views.results.result_layout import outline

    layout = outline(read, view or "standard")
    if form == "html":
        from reconciler.views.results.html import result_html

        write(result_html(layout))
    elif form == "markdown":
        from reconciler.views.results.markdown import result_markdown

        write("\n".join(result_markdown(layout)))
    else:
        from shutil import get_terminal_size

        from reconciler.views.results.result_text import result_lines

        for line in result_lines(layout, min(get_terminal_size((100, 24)).columns, 120)):
            write(line)


@command.command("check")
@click.argument("result_id")
@click.option("--drift", is_flag=True, help="Count only differences that no later revision of the manifest explains.")
@format_option()
def check(*, result_id: str, drift: bool, form: str) -> int:
    """Compare what a candidate was asked with what the manifest says.

    Exits with 2 on a difference.
    """
    from reconciler.results.conformance import held_in
    from reconciler.views.results.check import check_json, check_lines

    checked = run(project_here().results.check(result_id))
    found = checked.findings
    parts = (result_id, checked.belongs, held_in(checked.result.joins, checked.language), found)
    if form == "json":
        from reconciler.views.results.document import as_json

        write(as_json(check_json(*parts)))
    else:
        for line in check_lines(*parts):
            write(line)
    is_different = any(item.counts and not (drift and item.explained) for item in found)
    return ExitCode.PENDING if is_different else ExitCode.DONE


@command.command("list")
@selection_options
@click.option("--order", type=click.Choice(ORDERS), default=ORDERS[0], show_default=True, help="What comes first.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many.")
@click.option("--others", is_flag=True, help="Also results of interviews that this state does not know.")
@format_option()
def list_results(*, selection: Selection, order: str, limit: int | None, others: bool, form: str) -> None:
    """List results, newest first; of the interviews NAME, or of all."""
    from dataclasses import replace

    chosen = replace(selection, filters={**selection.filters, "order_by": order}, others=others)
    with ReadingProgress("results", shown=form == "json" or not sys.stdout.isatty()) as progress:
        run(_print_rows(project_here(progress), chosen, limit, form, progress))


async def _print_rows(
    project: Project, selection: Selection, limit: int | None, form: str, progress: ReadingProgress
) -> None:
    """The list on stdout: lines as they come, or one document."""
    from contextlib import aclosing

    from reconciler.views.results.document import as_json
    from reconciler.views.results.listing import header, row_json, row_line

    width = max((len(address.name) for address in project.state().entries), default=8)
    documents: list[dict[str, Any]] = []
    number = 0
    async with aclosing(project.results.rows(selection)) as rows:
        async for row, name in rows:
            number += 1
            if form == "json":
                documents.append(row_json(row, name))
            else:
                if number == 1:
                    write(header(width))
                write(row_line(row, name, width))
            if number == limit:
                break
    if form == "json":
        write(as_json({"version": 1, "count": number, "results": documents}))
    else:
        is_part = number == limit and progress.total > number
        write(
            f"{number} of {progress.total} results; see more with --limit"
            if is_part
            else f"{counted(number, 'result')}."
        )


@command.command("export")
@selection_options
@format_option("jsonl", "csv", "parquet")
@click.option(
    "--per", type=click.Choice(("answer", "interview")), default="answer", show_default=True, help="What a row is."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; - prints it.",
)
@click.option("--concurrency", type=click.IntRange(1, 256), help="Calls at the same time. Default: that of jmctl.yaml.")
@click.option("--redact", is_flag=True, help="Leave out names, e-mail addresses, answers and all that may quote them.")
@view_option("standard for csv, else full")
def export_results(  # noqa: PLR0913 - click passes options
    *,
    selection: Selection,
    form: str,
    per: Per,
    out: Path,
    concurrency: int | None,
    redact: bool,
    view: View | None,
) -> None:
    """Export results with all details to a file; of the interviews NAME, or of all.

    Broken off, the same command goes on where it was.
    """
    from reconciler.results.columns import columns

    writer = _row_writer(form)
    if form == "parquet" and out == STDOUT:
        raise Misused("Parquet is no text", "it cannot be printed", hint="name a file: --out results.parquet")
    chosen = view or ("standard" if form == "csv" else "full")
    parts = columns(per, redact=redact, view=chosen)
    with ReadingProgress("reading") as progress:
        results = project_here(progress).with_concurrency(concurrency).results
        with written_to(out) as file:
            counts = run(results.export(selection, file, per=per, columns=parts, write=writer, view=chosen))
    say(f"{counts_text(counts)}: {out}")


def _row_writer(form: str) -> RowWriter:
    """What writes rows in this format. Raises Misconfigured when its library is missing."""
    if form == "csv":
        from reconciler.views.results.rows_csv import write_csv

        return write_csv
    if form == "parquet":
        from reconciler.views.results.rows_parquet import require, write_parquet

        require()
        return write_parquet
    from reconciler.views.results.rows_jsonl import write_jsonl

    return write_jsonl


@command.command("report")
@selection_options
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; - prints it.",
)
@click.option("--redact", is_flag=True, help="Leave out names, e-mail addresses and answers.")
@click.option("--tests", is_flag=True, help="Count test results too.")
def report(*, selection: Selection, out: Path, redact: bool, tests: bool) -> None:
    """Write one HTML page: how every question, in every wording, does.

    It is self-contained, holds no script and can be mailed, printed and archived.
    """
    from datetime import UTC, datetime

    from reconciler.views.results.page import require
    from reconciler.views.results.report import Heading, report_html

    require()
    with ReadingProgress("reading") as progress:
        project = project_here(progress)
        config = project.config
        heading = Heading(config.project, config.environment, datetime.now(UTC), selection.text(redact=redact))
        with written_to(out) as file:
            counts = run(
                project.results.write_report(
                    selection,
                    file,
                    render=lambda data: report_html(data, heading).encode(),
                    redact=redact,
                    with_tests=tests,
                )
            )
    say(f"{counts_text(counts)}: {out}")
