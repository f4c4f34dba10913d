"""Fixtures that every room may use; what they are made of stands in workshop.py."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from workshop import TOKEN, Project, Run, Sandbox

from reconciler.cli import main

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


SLOW_FOLDERS = {"cli", "life", "oauth", "recovery"}
SLOW_FILES = {
    "test_git_store.py", "test_http_store.py", "test_local.py", "test_object_store.py", "test_results_commands.py",
    "test_sandbox_command.py",
    "test_sandbox_results.py", "test_text_lints.py", "test_use_cases.py", "test_wrong_edits.py", "test_yaml_parsers.py",
}  # fmt: skip
PROCESSES = {"project", "sandbox", "served"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what starts processes, draws random cases or lies among such tests."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if (
            item.path.parent.name in SLOW_FOLDERS
            or item.path.name in SLOW_FILES
            or getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
            or (fixtures & PROCESSES and "inside" not in fixtures)
        ):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project against the embedded sandbox, with a recipient and its identity; no manifest yet."""
    return Project(tmp_path / "project", tmp_path / "home")


@pytest.fixture(scope="session")
def _sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("served") / "data")
    yield sandbox
    sandbox.end()


@pytest.fixture
def sandbox(_sandbox_process: Sandbox) -> Sandbox:
    """The served sandbox, empty and well-behaved: one process for all tests, forgetting between them."""
    _sandbox_process.reset()
    return _sandbox_process


@pytest.fixture
def served(tmp_path: Path, sandbox: Sandbox) -> Project:
    """A project whose endpoint is the served sandbox."""
    made = Project(tmp_path / "served", tmp_path / "served-home", endpoint=sandbox.url)
    made.variables["JOBMOJITO_TOKEN"] = TOKEN
    return made


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Runs a command of a project in this process: the same `main`, a tenth of the time."""

    def run(project: Project, *arguments: str) -> Run:
        for name, value in project.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(project.folder)
        monkeypatch.setattr("sys.argv", ["jmctl", *arguments])
        capsys.readouterr()
        before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        try:
            code = main()
        finally:
            for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
                signal.signal(number, handler)
        said = capsys.readouterr()
        return Run(code, said.out, said.err)

    return run
