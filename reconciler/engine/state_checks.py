"""Gather what speaks against the state: its checksums, the target branch, the newest serial that this machine saw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.engine.trust import target_branch
from reconciler.errors import Damaged, Where
from reconciler.plan.model import Plan, StateFinding
from reconciler.plan.state_checks import branch_changes, edits, signs_of_age
from reconciler.state.location import parse_location
from reconciler.state.model import State

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.project.cache import Pack

_SERIAL = "serial"


def state_findings(project: Project, state: State, plan: Plan) -> tuple[StateFinding, ...]:
    """Everything that speaks against `state`, from which `plan` was made. Raises Misconfigured as `load_settings`."""
    last = _pack(project, state)
    seen = last.find(_SERIAL) if last else None
    serial = seen if isinstance(seen, int) else None
    return (*edits(state), *_of_branch(project, state), *signs_of_age(plan.changes, state, serial))


def remember_serial(project: Project, state: State) -> None:
    """Keeps the serial of `state` in the cache of this machine, where there is one."""
    pack = _pack(project, state)
    if pack and pack.find(_SERIAL) != state.serial:
        pack.keep(_SERIAL, state.serial)
        pack.save()


def _pack(project: Project, state: State) -> Pack | None:
    return project.cache.pack(project.config.root, f"state-{state.lineage}") if project.cache else None


def _of_branch(project: Project, state: State) -> Iterator[StateFinding]:
    """What the branch of a pull request changes in a state that lies in the repository."""
    ref = target_branch(project.variables)
    location = parse_location(project.config.state)
    if ref is None or location.kind != "folder":
        return
    from reconciler.state.format import parse_state
    from reconciler.trust.review import file_where_it_began

    file = Path(project.config.root) / location.address / f"{project.config.environment}.json"
    data = file_where_it_began(ref, file, project.variables)
    try:
        before = parse_state(data, Where(str(file))) if data is not None else State(state.lineage)
    except Damaged:
        yield StateFinding("branch", "", "the state of the target branch is damaged: nothing to compare with")
        return
    yield from branch_changes(before, state)
