"""jmctl orphans: interviews on the service that carry this project's mark and that no state knows."""

from __future__ import annotations

import asyncio

import click

from reconciler.cli.options import TYPES, format_option, print_json
from reconciler.cli.project import configuration, store
from reconciler.project.config import Config
from reconciler.resources.mark import mark
from reconciler.resources.observed import Observed
from reconciler.state.model import State
from reconciler.text.sanitize import printable

FOUND = 2


@click.command()
@format_option()
def command(*, form: str) -> int:
    """List interviews that carry this project's mark and that no state knows; exit with 2 when there are some."""
    config, _ = configuration()
    known = known_ids(config)
    lost = [seen for seen in asyncio.run(marked(config, known)) if seen.status not in ("deleted", "archived")]
    if form == "json":
        print_json([{"id": seen.id, "code": seen.attributes.get("code"), "status": seen.status} for seen in lost])
        return FOUND if lost else 0
    for seen in lost:
        click.echo(f"{seen.id}  {seen.status:<8}  {printable(str(seen.attributes.get('code')))}")
    if lost:
        click.echo(
            "To keep one: jmctl import NAME ID, with a manifest NAME. Whatever is not needed: archive it in the admin."
        )
    else:
        click.echo(f"No orphans: every interview marked {mark(config.project, '…')} is known to a state.")
    return FOUND if lost else 0


def known_ids(config: Config) -> set[str]:
    """Every id that any environment's state knows, now or in its history."""
    place = store(config)
    return {interview_id for state in (place.read().state, *place.other_states()) for interview_id in _ids(state)}


def _ids(state: State) -> set[str]:
    entries = state.entries.values()
    return {entry.id for entry in entries} | {former.id for entry in entries for former in entry.history}


async def marked(config: Config, known: set[str]) -> list[Observed]:
    """Every interview with this project's mark whose id is not in `known`; reads each unknown interview once."""
    from reconciler.engine.connect import connect
    from reconciler.engine.observe import read_all

    async with connect(config, read_only=True) as service:
        pages = await asyncio.gather(*(service.list_interviews(kind) for kind in TYPES))
        unknown = [row.id for page in pages for row in page if row.id not in known]
        seen = await read_all(unknown, service, config.concurrency)
    prefix = mark(config.project, "")
    return [one for one in seen.values() if one and str(one.attributes.get("code") or "").startswith(prefix)]
