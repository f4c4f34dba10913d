"""Read embed keys from the service again and seal them to the recipients of now; needs no identity."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from reconciler.api.protocol import Writer
from reconciler.engine.sealing import Sealer
from reconciler.engine.secrets import Rekeyed, chosen, is_current, is_embedded, set_embedded
from reconciler.engine.session import open_session
from reconciler.errors import Problem
from reconciler.plan.outcome import Failed, done
from reconciler.state.records import Embedded, now

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.state.model import Entry


async def reread_keys(project: Project, names: Collection[str]) -> Rekeyed:
    """See Secrets.rekey_from_service. The keys of `names` are read even when they are current."""
    sealer = Sealer.of(project.config)
    await asyncio.to_thread(sealer.check)
    with project.open_state() as writer:
        entries = chosen(writer.state, names)
        stale = [entry for entry in entries if names or not is_current(entry, sealer)]
        writer.announce(())  # fails here, before anything is sent, when the state cannot be written
        renewed: list[str] = []
        problems: list[Problem] = []
        async with open_session(project) as session:
            size = session.concurrency
            for batch in (stale[start : start + size] for start in range(0, len(stale), size)):
                found = await asyncio.gather(*(_reread(session.writer, sealer, entry) for entry in batch))
                records = [one for one in found if isinstance(one, Embedded)]
                writer.append(records)
                renewed.extend(record.address.name for record in records)
                problems.extend(one for one in found if isinstance(one, Problem))
        writer.finish()
    return Rekeyed(tuple(renewed), len(entries) - len(stale), tuple(problems))


async def _reread(service: Writer, sealer: Sealer, entry: Entry) -> Embedded | Problem:
    if not is_embedded(entry):
        return Problem("the interview is not embedded", entry.name, "set is_embedded: true in its manifest, and apply")
    try:
        outcome = done(await set_embedded(service, entry, embedded=True))
    except Failed as failed:
        return Problem("the embed key could not be read", f"{entry.name}: {failed}", "run it again")
    if outcome.embed_signing_key is None:
        return Problem("the embed key could not be read", f"{entry.name}: the service gave none", "run it again")
    sealed = sealer.seal(outcome.embed_signing_key, entry.id, outcome.embed_id)
    return Embedded(entry.address, now(), outcome.embed_id, *sealed)
