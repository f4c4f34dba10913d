"""Who applied what and when: what the state records, and for a folder in git what its earlier versions recorded."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from reconciler.engine.project import Project
from reconciler.errors import Damaged, Misconfigured, Where
from reconciler.state.format import parse_state
from reconciler.state.local import LocalBackend
from reconciler.state.model import ApplyRun
from reconciler.state.stores.git_command import Git

_VERSIONS = 500  # of the state's file that are looked at


@dataclass(frozen=True, slots=True)
class StateLog:
    """Applies, newest first. `versions` counts the versions of the state's file that git holds, as far as read."""

    applies: tuple[ApplyRun, ...]
    versions: int = 0


def state_log(project: Project, name: str | None = None) -> StateLog:
    """The applies of the environment, or those that had `name` (bare or KIND/NAME) in their plan."""
    backend = project.backend()
    earlier = _committed(backend, project) if isinstance(backend, LocalBackend) else []
    runs = set(backend.read().state.applied).union(*earlier)
    chosen = [run for run in runs if name is None or any(_is_of(change, name) for change in run.changes)]
    return StateLog(tuple(sorted(chosen, key=lambda run: (run.at, run.changes), reverse=True)), len(earlier))


def _is_of(change: str, name: str) -> bool:
    address = change.rpartition(" ")[2]
    return name in (address, address.partition("/")[2])


def _committed(backend: LocalBackend, project: Project) -> list[tuple[ApplyRun, ...]]:
    """The applies that each committed version of the state's file records; none outside of a clone."""
    path = backend.snapshot
    git = Git(path.parent, project.variables)
    try:
        done = git.run("log", f"--max-count={_VERSIONS}", "--format=%H", "--", path.name)
    except Misconfigured:
        return []
    commits = done.out.split() if done.code == 0 else []
    batch = git.run("cat-file", "--batch", data=b"".join(b"%b:./%b\n" % (one, path.name.encode()) for one in commits))
    found, offset = [], 0
    for _ in commits:
        end = batch.out.find(b"\n", offset)
        about = batch.out[offset:end].split(b" ")
        size = int(about[2]) if about[-1].isdigit() else -1  # the commit that removed the file has none
        found.append(_applied(batch.out[end + 1 : end + 1 + size]) if size >= 0 else ())
        offset = end + size + 2
    return found


def _applied(document: bytes) -> tuple[ApplyRun, ...]:
    try:
        return parse_state(document, Where("")).applied
    except (Damaged, orjson.JSONDecodeError):  # an earlier version that was broken has nothing to tell
        return ()
