"""Read results: what candidates answered, joined to the manifest that asked. Sends nothing but GETs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.errors import NotFound
from reconciler.events import ResultsRead

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.results.aggregate import ReportData
    from reconciler.results.columns import Column, Per
    from reconciler.results.conformance import Finding
    from reconciler.results.held import Held
    from reconciler.results.listed_result import Listed
    from reconciler.results.provenance import Belonging
    from reconciler.results.selection import Selection
    from reconciler.results.view import View
    from reconciler.state.model import Entry, State

RowWriter = Callable[[BinaryIO, Sequence[Any], Iterable[dict[str, Any]]], int]
"""Writes rows, whose columns are given, as a file of some format; returns how many values it had to shorten."""


@dataclass(slots=True)
class ReadCounts:
    """What became of the rows of the list: details read, kept from before, not begun by the candidate, gone.

    `shortened` counts the values that were longer than the format of the file allows.
    """

    read: int = 0
    kept: int = 0
    not_begun: int = 0
    gone: int = 0
    shortened: int = 0
    order: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Conformance:
    """What a candidate was asked against what the manifest says; `language` is the one that the interview was in."""

    result: Held
    belongs: Belonging
    language: str | None
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Results:
    """The use cases of `jmctl results`. All raise Unanswered, and NotFound for a name that the state does not know."""

    project: Project

    async def rows(self, selection: Selection) -> AsyncGenerator[tuple[Listed, str | None], None]:
        """Every row of the selection in the order asked for, with the name of its interview if the state knows it."""
        from reconciler.results.provenance import index

        state = self.project.state()
        known = index(state)
        progress = _Progress(self.project)
        async with open_session(self.project) as session:
            async for row in _rows(session, state, selection, known, progress.listed):
                yield row, known[row.interview_id][0].name if row.interview_id in known else None

    async def show(self, result_id: str, *, recordings: bool = False) -> Held:
        """One result with its row of the list, joined to its manifest; with `recordings` their signed URLs too."""
        from reconciler.api.results import listed_row, result_detail
        from reconciler.results.held import held
        from reconciler.results.provenance import index, scopes

        state = self.project.state()
        async with open_session(self.project) as session:
            found = await result_detail(session.reader, result_id, recordings=recordings)
            if found is None:
                raise NotFound("no such result", result_id, hint="see: jmctl results list")
            return held(found, await listed_row(session.reader, scopes(state), result_id), index(state))

    async def check(self, result_id: str) -> Conformance:
        """Compares what a candidate was asked with what the manifest says. Raises NotFound if there is no manifest."""
        from reconciler.results.conformance import findings

        result = await self.show(result_id)
        belongs = result.belongs
        if belongs is None:
            raise NotFound("the result is of no manifest in this state", result_id, hint="see: jmctl state list")
        language = result.listed.text("mojito_language_code") if result.listed else None
        return Conformance(result, belongs, language, findings(result.detail, belongs, result.joins, language))

    async def read(
        self, selection: Selection, counts: ReadCounts, skip: Callable[[Listed], bool] = lambda _: False
    ) -> AsyncIterator[Held]:
        """Every result of the selection with its details, oldest first, at the project's concurrency.

        Oldest first, because what comes in meanwhile then comes at the end and moves no page. What `skip` accepts is
        not read; `counts` is kept up to date.
        """
        from reconciler.api.results import result_detail
        from reconciler.results.held import held
        from reconciler.results.ordered_map import in_order
        from reconciler.results.provenance import index

        state = self.project.state()
        known = index(state)
        ordered = replace(selection, filters={**selection.filters, "order_by": "created_at_oldest"})
        progress = _Progress(self.project)
        async with open_session(self.project) as session:

            async def wanted() -> AsyncIterator[Listed]:
                async for row in _rows(session, state, ordered, known, progress.found):
                    if row.result_id is None:
                        counts.not_begun += 1
                        continue
                    counts.order.append(row.result_id)
                    if skip(row):
                        counts.kept += 1
                        progress.dealt_with()
                    else:
                        yield row

            async def read(row: Listed) -> Held | None:
                found = await result_detail(session.reader, row.result_id or "")
                return None if found is None else held(found, row, known)

            async for result in in_order(wanted(), read, session.concurrency):
                progress.dealt_with()
                if result is None:
                    counts.gone += 1
                else:
                    counts.read += 1
                    yield result

    async def report(
        self, selection: Selection, *, redact: bool = False, with_tests: bool = False
    ) -> tuple[ReportData, ReadCounts]:
        """How every question, in every wording, does: the results of the selection, folded one by one."""
        from reconciler.results.aggregate import ReportData, fold

        counts, data = ReadCounts(), ReportData(redact=redact, with_tests=with_tests)
        async for result in self.read(selection, counts):
            fold(data, result)
        return data, counts

    async def write_report(
        self,
        selection: Selection,
        out: Path,
        *,
        render: Callable[[ReportData], bytes],
        redact: bool = False,
        with_tests: bool = False,
    ) -> ReadCounts:
        """Writes the report of `selection`, made by `render`, to `out`, atomically. Raises Misconfigured."""
        from reconciler.atomic_file import PRIVATE, replace_file
        from reconciler.errors import Misconfigured, Where

        data, counts = await self.report(selection, redact=redact, with_tests=with_tests)
        try:
            replace_file(out, render(data), mode=PRIVATE)
        except OSError as error:
            raise Misconfigured(
                "the report cannot be written", error.strerror or "", hint="check the path", where=Where(str(out))
            ) from None
        return counts

    async def export(  # noqa: PLR0913 - what, of which, where, how
        self,
        selection: Selection,
        out: Path,
        *,
        per: Per,
        columns: Sequence[Column],
        write: RowWriter,
        view: View = "full",
    ) -> ReadCounts:
        """Writes `columns` of the selection to `out` by `write`, atomically; a row is an answer or an interview.

        Turns inside a column have the fields of `view`.
        Broken off and called again it goes on where it was. Raises Misconfigured when `out` cannot be written.
        """
        from reconciler.engine.export_results import export

        return await export(self, selection, out, per, columns, write, view)


class _Progress:
    """Reports how many rows of the list were dealt with, of how many that are known to be there."""

    def __init__(self, project: Project) -> None:
        self._notify = project.notify
        self._done = self._total = 0

    def listed(self, seen: int, total: int) -> None:
        """Rows are dealt with as they are listed."""
        self._notify(ResultsRead(seen, total))

    def found(self, _seen: int, total: int) -> None:
        """Rows are listed first and dealt with later."""
        self._total = total
        self._notify(ResultsRead(self._done, total))

    def dealt_with(self) -> None:
        self._done += 1
        self._notify(ResultsRead(self._done, self._total))


async def _rows(
    session: Session,
    state: State,
    selection: Selection,
    known: Mapping[str, tuple[Entry, bool]],
    count: Callable[[int, int], None],
) -> AsyncIterator[Listed]:
    """Every row of the selection, page after page; `count` is called with how many were seen and how many there are."""
    from reconciler.api.results import result_pages
    from reconciler.results.selection import is_meant, is_past, queries

    seen = before = total = 0
    for query in queries(state, selection):
        async for page in result_pages(session.reader, query):
            seen += len(page.rows)
            total = page.total
            count(seen, before + total)
            for row in page.rows:
                if is_meant(row, selection, known):
                    yield row
            if page.rows and is_past(page.rows[-1], selection):
                break
        before += total
