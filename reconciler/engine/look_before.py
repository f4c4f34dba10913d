"""Looks on the service for what a plan would create, before it is created: an interview that is there is adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.engine.find_unknown import find_unknown, looked_up
from reconciler.engine.observe import Survey
from reconciler.engine.orphans import known_ids
from reconciler.engine.project import Project
from reconciler.engine.session import Session
from reconciler.manifest.desired import Desired
from reconciler.plan.identify import identify
from reconciler.plan.look_before import after_look
from reconciler.plan.model import Plan, Sight
from reconciler.state.model import State


async def look_before(  # noqa: PLR0913, PLR0917 - for whom, where, what, and what is known already
    project: Project,
    session: Session,
    plan: Plan,
    state: State,
    lists: Survey,
    sights: Mapping[str, Sight],
    wanted: Sequence[Desired],
) -> Plan:
    """`plan` with what `lists` show of `wanted`, what it would create.

    Costs a read for each listed interview that no state knows and that could be one of them. Raises Unanswered.
    """
    names = [want.spec.get("name") for want in wanted]
    addresses = {want.address for want in wanted}
    removed = [tombstone.id for tombstone in state.tombstones if tombstone.address in addresses]
    imported = {change.desired.import_id for change in plan.changes if change.desired and change.desired.import_id}
    others = known_ids(project) | imported
    unknowns = await find_unknown(
        lists, state, others, names, sights, session.reader, session.concurrency, also=removed
    )
    declared = {change.address for change in plan.changes if change.desired}
    owner = project.config.owner
    found = identify(wanted, unknowns, owner, declared)
    return replace(after_look(plan, found, state, owner), looked_up=looked_up(lists, unknowns, owner, state.looked_up))
