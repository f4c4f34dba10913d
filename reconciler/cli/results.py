"""jmctl results: what candidates answered, joined to the manifest that asked. Reads only."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import format_option, say
from reconciler.cli.project import configuration, store
from reconciler.cli.result_options import selection_options
from reconciler.errors import Misused
from reconciler.results.columns import Per
from reconciler.results.selection import ORDERS, Selection

DIFFERENT = 2


@click.group()
def command() -> None:
    """Look at what candidates answered, and at which wording of the questions."""


@command.command("show")
@click.argument("result_id")
@format_option("human", "json", "yaml", "markdown", "html")
@click.option("--recordings", is_flag=True, help="Ask for signed links to the recordings; they expire within minutes.")
def show(*, result_id: str, form: str, recordings: bool) -> None:
    """Show everything of the result RESULT_ID, each answer under its question."""
    from reconciler.engine.read_results import read_result

    config, _ = configuration()
    read = read_result(config, store(config).read().state, result_id, recordings=recordings)
    if form in {"json", "yaml"}:
        from reconciler.views.results.document import as_json, as_yaml, result_document

        document = result_document(read)
        click.echo(as_json(document) if form == "json" else as_yaml(document), nl=form == "json")
        return
    from reconciler.views.results.result_layout import outline

    told = outline(read)
    if form == "html":
        from reconciler.views.results.html import result_html

        click.echo(result_html(told))
    elif form == "markdown":
        from reconciler.views.results.markdown import result_markdown

        click.echo("\n".join(result_markdown(told)))
    else:
        from shutil import get_terminal_size

        from reconciler.views.results.result_text import result_lines

        for line in result_lines(told, min(get_terminal_size((100, 24)).columns, 120)):
            click.echo(line)


@command.command("check")
@click.argument("result_id")
@click.option("--drift", is_flag=True, help="Count only differences that no later revision of the manifest explains.")
@format_option()
def check(*, result_id: str, drift: bool, form: str) -> int:
    """Compare what a candidate was asked with what the manifest says.

    Exits with 2 on a difference.
    """
    from reconciler.engine.read_results import read_result
    from reconciler.results.conformance import findings, held_in
    from reconciler.views.results.check import check_json, check_lines

    config, _ = configuration()
    read = read_result(config, store(config).read().state, result_id)
    belongs = read.belongs
    if belongs is None:
        raise Misused("the result is of no manifest in this state", result_id, hint="see: jmctl state list")
    language = read.listed.text("mojito_language_code") if read.listed else None
    found = findings(read.detail, belongs, read.joins, language)
    told = (result_id, belongs, held_in(read.joins, language), found)
    if form == "json":
        from reconciler.views.results.document import as_json

        click.echo(as_json(check_json(*told)))
    else:
        for line in check_lines(*told):
            click.echo(line)
    return DIFFERENT if any(item.counts and not (drift and item.explained) for item in found) else 0


@command.command("list")
@selection_options
@click.option("--order", type=click.Choice(ORDERS), default=ORDERS[0], show_default=True, help="What comes first.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many.")
@click.option("--others", is_flag=True, help="Also results of interviews that this state does not know.")
@format_option()
def list_results(*, selection: Selection, order: str, limit: int | None, others: bool, form: str) -> None:
    """List results, newest first; of the interviews NAME, or of all."""
    import asyncio
    from dataclasses import replace

    from reconciler.cli.result_options import told

    config, _ = configuration()
    chosen = replace(selection, filters={**selection.filters, "order_by": order}, others=others)
    asyncio.run(told(config, store(config).read().state, chosen, limit=limit, form=form))


@command.command("export")
@selection_options
@format_option("jsonl", "csv", "parquet")
@click.option(
    "--per", type=click.Choice(("answer", "interview")), default="answer", show_default=True, help="What a row is."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="Where to.")
@click.option("--concurrency", type=click.IntRange(1, 256), help="Calls at the same time. Default: that of jmctl.yaml.")
@click.option("--redact", is_flag=True, help="Leave out names, e-mail addresses, answers and all that may quote them.")
def export_results(  # noqa: PLR0913 - click passes options
    *, selection: Selection, form: str, per: Per, out: Path, concurrency: int | None, redact: bool
) -> None:
    """Export results with all details to a file; of the interviews NAME, or of all.

    Broken off, the same command goes on where it was.
    """
    import asyncio
    from dataclasses import replace

    from reconciler.engine.export_results import export, writer
    from reconciler.engine.read_results import closing_words
    from reconciler.results.columns import columns

    config, _ = configuration()
    config = replace(config, concurrency=concurrency or config.concurrency)
    write = writer(form)
    tally = asyncio.run(
        export(config, store(config).read().state, selection, per, columns(per, redact=redact), write, out)
    )
    say(f"{closing_words(tally)}: {out}")


@command.command("report")
@selection_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="Where to.")
@click.option("--redact", is_flag=True, help="Leave out names, e-mail addresses and answers.")
@click.option("--tests", is_flag=True, help="Count test results too.")
def report(*, selection: Selection, out: Path, redact: bool, tests: bool) -> None:
    """Write one HTML page: how every question, in every wording, does.

    It is self-contained, holds no script and can be mailed, printed and archived.
    """
    import asyncio

    from reconciler.engine.report_results import make_report

    config, _ = configuration()
    words = asyncio.run(make_report(config, store(config).read().state, selection, out, redact=redact, tests=tests))
    say(f"{words}: {out}")
