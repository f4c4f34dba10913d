"""Roll back: the manifests of an earlier commit against today's state and settings. The work tree is not touched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from reconciler.engine.apply import ApplyReport, ApplyRequest, Approve, apply
from reconciler.engine.checkout import Checkout
from reconciler.engine.plan import Inputs, make_plan
from reconciler.engine.project import Project
from reconciler.engine.walk import StopSignal
from reconciler.errors import Invalid, Misconfigured, NotFound, Problem, Where
from reconciler.manifest.desired import Desired
from reconciler.plan.guards import check_not_empty
from reconciler.plan.model import Plan
from reconciler.project.load import Manifests, read_manifests
from reconciler.state.stores.git_command import Git

_FILES = ("100644", "100755")
_SHORT = 12


async def plan_rollback(project: Project, to: str) -> Plan:
    """What `rollback` would do. Raises as `manifests_at`, Refused, Unanswered."""
    commit, manifests = manifests_at(project, to)
    state = project.state()
    check_not_empty(manifests.desired, state)
    plan = await make_plan(project, Inputs(manifests, state))
    origin = replace(plan.origin, goes_back=f"goes back to {commit[:_SHORT]}") if plan.origin else None
    return replace(plan, origin=origin)


async def rollback(
    project: Project, to: str, *, approve: Approve, expect: str | None = None, stop: StopSignal | None = None
) -> ApplyReport:
    """Applies the manifests of the commit that `to` names; as `apply` in all else, guards included."""
    commit, manifests = manifests_at(project, to)
    request = ApplyRequest(manifests.desired, expect=expect, commit=commit)
    return await apply(project, request, approve, stop or StopSignal())


def manifests_at(project: Project, to: str) -> tuple[str, Manifests]:
    """The id of the commit that `to` names, and its manifests by the patterns of today's jmctl.yaml.

    Raises NotFound when this clone has no such commit, Invalid, and Misconfigured without a clone.
    """
    root = project.config.root
    commit = Checkout(root, project.variables).commit(to)
    if commit is None:
        raise NotFound("no such commit in this clone", to, hint="see: jmctl state log, and git fetch --unshallow")
    with tempfile.TemporaryDirectory(prefix="jmctl-") as name:
        folder = Path(name).resolve()
        for path, content in _files(Git(root, project.variables), commit):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        try:
            config = project.config
            found = read_manifests(folder, config.manifests, None, config.manifest_places, config.composition)
        except Invalid as error:
            raise Invalid([_placed(problem, folder, commit) for problem in error.problems]) from None
    desired = tuple(_from_commit(want, folder, commit) for want in found.desired)
    return commit, Manifests(desired, (), found.files)


def _files(git: Git, commit: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The regular files of `commit` in and below git's folder, as they are stored; links and submodules are left out.

    Not `git archive`: attributes could leave files out, and a manifest that is missing archives its interview.
    """
    listed = git.run("ls-tree", "-r", "-z", commit)
    if listed.code:
        raise Misconfigured("git cannot read the commit", listed.err.strip()[:300], hint="git fsck")
    found: list[tuple[bytes, PurePosixPath]] = []
    for line in listed.out.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, identity = about.decode().split(" ")
        path = PurePosixPath(name.decode("utf-8", "surrogateescape"))
        if mode in _FILES and not path.is_absolute() and ".." not in path.parts:
            found.append((identity.encode(), path))
    batch = git.run("cat-file", "--batch", data=b"".join(identity + b"\n" for identity, _ in found))
    offset = 0
    for _, path in found:
        end = batch.out.find(b"\n", offset)
        header = batch.out[offset:end].split(b" ")
        if end < 0 or header[-1] == b"missing":
            raise Misconfigured("git cannot read the commit", f"{path} is not in this clone", hint="git fetch")
        size = int(header[2])
        yield path, batch.out[end + 1 : end + 1 + size]
        offset = end + size + 2


def _from_commit(want: Desired, folder: Path, commit: str) -> Desired:
    places = {path: _place(where, folder, commit) for path, where in want.places.items()}
    return replace(want, where=_place(want.where, folder, commit), places=places)


def _placed(problem: Problem, folder: Path, commit: str) -> Problem:
    return replace(problem, where=_place(problem.where, folder, commit)) if problem.where else problem


def _place(where: Where, folder: Path, commit: str) -> Where:
    """A place as git writes it, COMMIT:PATH."""
    path = Path(where.path).resolve()
    return (
        replace(where, path=f"{commit[:_SHORT]}:{path.relative_to(folder)}") if path.is_relative_to(folder) else where
    )
