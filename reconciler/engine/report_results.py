"""Results out of the service into one page: read, folded one by one, written at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.atomic_file import replace_file
from reconciler.engine.read_results import Tally, closing_words, read_all
from reconciler.errors import Misconfigured, Where
from reconciler.results.aggregate import ReportData, fold

if TYPE_CHECKING:
    from reconciler.project.config import Config
    from reconciler.results.selection import Selection
    from reconciler.state.model import State


async def make_report(  # noqa: PLR0913 - what, of which, where, how
    config: Config, state: State, selection: Selection, out: Path, *, redact: bool, tests: bool
) -> str:
    """Writes the report and says what it holds. Raises Misconfigured."""
    from reconciler.views.results.page import require
    from reconciler.views.results.report import Heading, report_html

    require()
    tally, counted = Tally(), ReportData(redact=redact, with_tests=tests)
    async for held in read_all(config, state, selection, tally):
        fold(counted, held)
    chosen = ", ".join(selection.names) or "all interviews"
    if selection.since:
        chosen += f", since {selection.since:%Y-%m-%d}"
    chosen += "".join(f", {name} {value}" for name, value in selection.filters.items() if not redact)
    html = report_html(counted, Heading(config.project, config.environment, datetime.now(UTC), chosen))
    try:
        replace_file(out, html.encode())
    except OSError as error:
        raise Misconfigured(
            "the report cannot be written", error.strerror or "", hint="check the path", where=Where(str(out))
        ) from None
    return closing_words(tally)
