"""Whole states: merge two files, and bring a state from one store to another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.address import Address
from reconciler.atomic_file import replace_file
from reconciler.errors import Misused, Refused, Where
from reconciler.resources.recorded import check_recorded
from reconciler.state.format import dump_state, parse_state
from reconciler.state.location import FORMS, parse_location
from reconciler.state.lock import current_holder
from reconciler.state.merge import merge
from reconciler.state.model import State

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.state.backend import Backend


def merge_files(base: Path, ours: Path, theirs: Path) -> tuple[Address, ...]:
    """Merges `theirs` into the file `ours`; returns the interviews that both sides changed.

    An empty or missing `base` means that it is not known. Raises Damaged when a file is no state, or when the two are
    of different lineages; nothing is written then.
    """
    here, there = (parse_state(path.read_bytes(), Where(str(path)), check_recorded) for path in (ours, theirs))
    data = base.read_bytes() if base.is_file() else b""
    before = parse_state(data, Where(str(base)), check_recorded) if data.strip() else None
    merged = merge(before, here, there)
    state = replace(merged.state, serial=merged.state.serial + 1)
    replace_file(ours, dump_state(state))
    return merged.conflicts


def transfer(project: Project, source: str, target: str) -> tuple[State, str]:
    """Brings the state of the environment from one store to another, which must be empty; gives it and the new label.

    The old one stays as it is. Raises Misused for what is no store, Refused when the target holds a state, Locked.
    """
    old, new = _backend(project, source), _backend(project, target)
    if old.label == new.label:
        raise Misused("nothing to move", f"both stores are {old.label}")
    holder = current_holder(project.command)
    with old.open(holder) as reader, new.open(holder) as writer:
        reader.announce(())  # takes the lease: no other run writes to the old one meanwhile
        if writer.snapshot.version:
            detail = f"serial {writer.snapshot.state.serial}"
            hint = "name another store, or merge two state files: jmctl state merge BASE OURS THEIRS"
            raise Refused("the target holds a state", detail, hint=hint, where=Where(new.label))
        state = writer.install(reader.state).state
        reader.finish()
    return state, new.label


def _backend(project: Project, setting: str) -> Backend:
    try:
        parse_location(setting)
    except ValueError as error:
        raise Misused("not a place for the state", str(error), hint=f"write {FORMS}") from None
    return replace(project, config=replace(project.config, state=setting)).backend()
