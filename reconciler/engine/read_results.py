"""Every result of a selection with its details, read at bounded concurrency, with what is seen of it meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reconciler.errors import Misused
from reconciler.results.listed_result import Listed
from reconciler.text.plural import counted

if TYPE_CHECKING:
    from reconciler.project.config import Config
    from reconciler.results.held import Held
    from reconciler.results.selection import Selection
    from reconciler.state.model import State


@dataclass(slots=True)
class Tally:
    """How many rows of the list there were, how many had nothing to read, how many were read before."""

    read: int = 0
    recalled: int = 0
    not_begun: int = 0
    gone: int = 0
    order: list[str] = field(default_factory=list)


def read_result(config: Config, state: State, result_id: str, *, recordings: bool = False) -> Held:
    """One result with its row of the list, joined to the manifest that it belongs to. Raises Misused."""
    import asyncio

    from reconciler.api.results import listed_row, result_detail
    from reconciler.engine.connect import connect
    from reconciler.results.held import held
    from reconciler.results.provenance import index, scopes

    async def read() -> Held:
        async with connect(config, read_only=True) as service:
            found = await result_detail(service, result_id, recordings=recordings)
            if found is None:
                raise Misused("no such result", result_id, hint="see: jmctl results list")
            return held(found, await listed_row(service, scopes(state), result_id), index(state))

    return asyncio.run(read())


async def read_all(
    config: Config, state: State, selection: Selection, tally: Tally, skip: Callable[[Listed], bool] = lambda _: False
) -> AsyncIterator[Held]:
    """Every result of the selection with its details, oldest first, a live bar on a terminal; what `skip` is not read.

    Oldest first, because what comes in meanwhile then comes at the end and moves no page.
    """
    from reconciler.api.results import result_detail
    from reconciler.cli.result_options import rows
    from reconciler.engine.connect import connect
    from reconciler.results.held import held
    from reconciler.results.ordered_map import in_order
    from reconciler.results.provenance import index
    from reconciler.views.progress_bar import live

    known = index(state)
    ordered = replace(selection, filters={**selection.filters, "order_by": "created_at_oldest"})
    async with connect(config, read_only=True) as service:
        with live("reading") as move:

            async def wanted() -> AsyncIterator[Listed]:
                async for row in rows(service, state, ordered, known, count=lambda _, total: move(total=total)):
                    if row.result_id is None:
                        tally.not_begun += 1
                        continue
                    tally.order.append(row.result_id)
                    if skip(row):
                        tally.recalled += 1
                        move(advance=1)
                    else:
                        yield row

            async def read(row: Listed) -> Held | None:
                found = await result_detail(service, row.result_id or "")
                return None if found is None else held(found, row, known)

            async for result in in_order(wanted(), read, config.concurrency):
                move(advance=1)
                if result is None:
                    tally.gone += 1
                else:
                    tally.read += 1
                    yield result


def closing_words(tally: Tally) -> str:
    """What came of it, for stderr."""
    parts = [f"{counted(tally.read, 'result')} read"]
    parts += [f"{tally.recalled} kept from before"] if tally.recalled else []
    parts += [f"{tally.not_begun} not begun"] if tally.not_begun else []
    parts += [f"{tally.gone} no longer there"] if tally.gone else []
    return ", ".join(parts)
