"""The console script and `python -m`: jmctl starts, and a foreign package of our name leads to one line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import Project, Run

from reconciler import __version__

ROOT = Path(__file__).parents[2]


def run(*words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    paths = [str(part) for part in (path, ROOT) if part]
    script = f"import sys; sys.path[:0] = {paths!r}; sys.argv = ['jmctl', *{words!r}]; import jmctl; exit(jmctl.main())"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_launcher_starts_jmctl() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"jmctl {__version__}\n", "")


def test_module_starts_jmctl() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"jmctl {__version__}\n")


@pytest.mark.parametrize("file", ["__init__.py", "other.py"], ids=["a package", "a folder"])
def test_foreign_package_leads_to_one_line(tmp_path: Path, file: str) -> None:
    (tmp_path / "reconciler").mkdir()
    (tmp_path / "reconciler" / file).write_text("")
    done = run("--version", path=tmp_path)
    if file == "other.py":  # a folder without __init__.py loses against a package
        assert done.returncode == 0
        return
    assert done.returncode == 1
    assert done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error.startswith(f"jmctl: error: another package called reconciler is in the way: {tmp_path}")
    assert hint.endswith("uv tool install jmctl")


def test_mixed_packages_lead_to_one_line(tmp_path: Path) -> None:
    """A foreign wheel wrote its files over ours, in the same folder."""
    (tmp_path / "reconciler").mkdir()
    (tmp_path / "reconciler" / "__init__.py").write_text("")
    (tmp_path / "jmctl.py").write_bytes((ROOT / "jmctl.py").read_bytes())
    done = run("--version", path=tmp_path)
    assert done.returncode == 1
    assert "another package called reconciler is in the way" in done.stderr
    assert "Traceback" not in done.stderr


def test_sandbox_without_its_extra_names_it(
    project: Project, inside: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a wheel without extras does; `.ci/distribution` tries it with a real one."""
    project.write("support")
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    run = inside(project, "plan")
    assert run.code == 1
    assert run.err.splitlines() == [
        "jmctl: error[JM0620]: the sandbox is not installed: no module named jsonschema_rs",
        "jmctl: hint: pip install 'jmctl[sandbox]'",
    ]
