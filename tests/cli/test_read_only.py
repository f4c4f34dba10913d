"""Looking changes nothing: not a byte on disk, and the service is asked by GET alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from workshop import Project, Sandbox

LOOKING = [
    ("validate",),
    ("validate", "--format", "json"),
    ("plan",),
    ("plan", "--detailed-exitcode", "--format", "json"),
    ("plan", "--no-refresh"),
    ("drift",),
    ("drift", "--format", "json"),
    ("orphans",),
    ("show", "interview-0001"),
    ("state", "list"),
    ("state", "show", "interview-0001", "--format", "json"),
    ("state", "verify"),
    ("output", "interview-0001"),
    ("output", "interview-0001", "--reveal", "--format", "env"),
    ("results", "list"),
    ("schema",),
    ("schema", "--config"),
    ("completion", "bash"),
    ("--help",),
    ("--version",),
    # what is refused has looked, too
    ("apply",),
    ("apply", "--auto-approve", "--expect", "0123456789abcdef"),
]


def everything(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below `folders`, with its time and its bytes."""
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".lock"  # whoever means to apply writes there who they are
    }


def settled(project: Project) -> None:
    """Three interviews applied; then one changed here, one on the service, one added, one removed: all is pending."""
    project.write_many(3, is_embedded=True)
    project.applied()
    project.write("interview-0000", description="Changed here")
    project.write("interview-0003", name="New")
    (project.folder / "interviews" / "interview-0002.yaml").unlink()
    project.jmctl("validate")  # fills the cache
    time.sleep(2.1)  # a file that was touched moments ago is not yet trusted by its time, see project/seen_files.py
    project.jmctl("validate")


@pytest.mark.parametrize("arguments", LOOKING, ids=" ".join)
def test_looking_writes_nothing_and_sends_nothing_but_gets(
    arguments: tuple[str, ...], served_and_settled: tuple[Project, Sandbox]
) -> None:
    project, sandbox = served_and_settled
    before = everything(project.folder, project.home)
    held = sandbox.interviews()
    run = project.jmctl(*arguments)
    assert run.code in (0, 2, 6), run
    assert everything(project.folder, project.home) == before
    assert sandbox.interviews() == held
    methods = {request["method"] for request in sandbox.requests()["latest"][sandbox_mark(sandbox) :]}
    assert methods <= {"GET"}


_MARKS: dict[int, int] = {}


def sandbox_mark(sandbox: Sandbox) -> int:
    """How many requests came before looking began."""
    return _MARKS[id(sandbox)]


@pytest.fixture(scope="module")
def served_and_settled(tmp_path_factory: pytest.TempPathFactory, _sandbox_process: Sandbox) -> tuple[Project, Sandbox]:
    sandbox = _sandbox_process
    sandbox.reset()
    folder = tmp_path_factory.mktemp("settled")
    project = Project(folder / "project", folder / "home", endpoint=sandbox.url)
    project.variables["JOBMOJITO_TOKEN"] = "token"  # noqa: S105 - any will do
    settled(project)
    sandbox.edit(project.state["interviews"][1]["id"], description="Changed by a colleague")
    _MARKS[id(sandbox)] = len(sandbox.requests()["latest"])
    return project, sandbox


def test_a_journal_left_behind_is_read_and_left_behind(project: Project) -> None:
    settled(project)
    state = project.state
    journal = project.journal
    journal.write_bytes(header(state["lineage"], state["serial"]))
    before = everything(project.folder / "state", project.home)
    for arguments in LOOKING[:13]:
        run = project.jmctl(*arguments)
        assert run.code in (0, 2), run
    assert everything(project.folder / "state", project.home) == before


def header(lineage: str, serial: int) -> bytes:
    from reconciler.state.journal_format import dump_header
    from reconciler.state.model import State

    return dump_header(State(lineage, serial), None)


def test_looking_works_where_nothing_can_be_written(project: Project) -> None:
    settled(project)
    folders = [project.folder / "state", project.folder / "interviews", project.home / "cache"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        for arguments in (("validate",), ("plan",), ("state", "list")):
            assert project.jmctl(*arguments).code == 0
    finally:
        for folder in folders:
            folder.chmod(0o755)
