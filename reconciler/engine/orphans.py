"""Orphans: interviews on the service that carry this environment's mark and that no state knows."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from reconciler.engine import find_unknown
from reconciler.engine.account import checked_account
from reconciler.engine.observe import read_all
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.resources.kind import kind_named, kinds
from reconciler.resources.mark import Owner, parse_mark
from reconciler.resources.observed import Observed


def known_ids(project: Project) -> set[str]:
    """Every id that the state of any environment of `project` knows, now or in its history."""
    backend = project.backend()
    states = (backend.read().state, *backend.other_states())
    return find_unknown.known_ids(*states)


async def orphans(project: Project) -> list[Observed]:
    """The orphans of `project`, archived ones too, but for what was archived when its manifest went. Raises Unanswered.

    An interview that was only forgotten is still there, and is an orphan.
    """
    backend = project.backend()
    states = (backend.read().state, *backend.other_states())
    removed = {tombstone.id for state in states for tombstone in state.tombstones}
    async with open_session(project) as session:
        await checked_account(project, session, states[0])
        found = await marked(project, session, known_ids(project))
    return [one for one in found if one.status != "deleted" and not (one.status == "archived" and one.id in removed)]


async def marked(project: Project, session: Session, known: Collection[str]) -> list[Observed]:
    """Every resource with the mark of this environment, or of the first form, whose id is not in `known`.

    Reads each unknown one once.
    """
    lists = ((kind, resource_type) for kind in kinds() for resource_type in kind.calls.types)
    pages = await asyncio.gather(*(session.reader.list_resources(*one) for one in lists))
    unknown = {row.id: row.kind for page in pages for row in page.rows if row.id not in known}
    seen = await read_all(unknown, session.reader, session.concurrency)
    return [one for one in seen.values() if one and _is_ours(one, project.config.owner)]


def _is_ours(seen: Observed, owner: Owner) -> bool:
    found = parse_mark(seen.attributes.get(kind_named(seen.kind).mark_field))
    return found is not None and found.is_of(owner)
