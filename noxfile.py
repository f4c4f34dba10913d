"""The tests under every supported Python: `nox`. One version: `nox -p 3.13`; words after `--` go to pytest.

With uv on the machine nox creates the environments with it, and fetches interpreters that are missing; without, it
looks for `python3.x` on the PATH and says which sessions it skipped.
"""

from __future__ import annotations

import os

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv|virtualenv"


@nox.session(python=nox.project.python_versions(nox.project.load_toml("pyproject.toml")))
def tests(session: nox.Session) -> None:
    """Install the package with what the tests need, and run them."""
    session.install("--editable", ".[sandbox]", "--group", "test")
    workers = str(min(4, os.cpu_count() or 1))
    session.run("pytest", "-n", workers, "--dist", "loadfile", *(session.posargs or ["tests"]))
