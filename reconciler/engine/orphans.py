"""Orphans: interviews on the service that carry this project's mark and that no state knows."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from reconciler.engine.observe import read_all
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.resources.kind import kind_named, kinds
from reconciler.resources.mark import mark
from reconciler.resources.observed import Observed
from reconciler.state.model import State


def known_ids(project: Project) -> set[str]:
    """Every id that the state of any environment of `project` knows, now or in its history."""
    backend = project.backend()
    states = (backend.read().state, *backend.other_states())
    return {interview_id for state in states for interview_id in _ids(state)}


def _ids(state: State) -> set[str]:
    entries = state.entries.values()
    return {entry.id for entry in entries} | {former.id for entry in entries for former in entry.history}


async def orphans(project: Project) -> list[Observed]:
    """The orphans of `project`, archived ones too, but for what was archived when its manifest went. Raises Unanswered.

    An interview that was only forgotten is still there, and is an orphan.
    """
    backend = project.backend()
    states = (backend.read().state, *backend.other_states())
    removed = {tombstone.id for state in states for tombstone in state.tombstones}
    async with open_session(project) as session:
        found = await marked(project, session, known_ids(project))
    return [one for one in found if one.status != "deleted" and not (one.status == "archived" and one.id in removed)]


async def marked(project: Project, session: Session, known: Collection[str]) -> list[Observed]:
    """Every resource with this project's mark whose id is not in `known`; reads each unknown one once."""
    lists = ((kind, resource_type) for kind in kinds() for resource_type in kind.calls.types)
    pages = await asyncio.gather(*(session.reader.list_resources(*one) for one in lists))
    unknown = {row.id: row.kind for page in pages for row in page if row.id not in known}
    seen = await read_all(unknown, session.reader, session.concurrency)
    prefix = mark(project.config.project, "")
    return [
        one
        for one in seen.values()
        if one and str(one.attributes.get(kind_named(one.kind).mark_field) or "").startswith(prefix)
    ]
