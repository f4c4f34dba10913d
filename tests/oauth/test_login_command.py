"""jmctl login and logout as commands: the session stands in for JOBMOJITO_TOKEN, is renewed, and ends."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from workshop import COMMAND, Project

Browse = Callable[[str], str]


@pytest.fixture
def signed_in(served: Project, issuer: str, browse: Browse, tmp_path: Path) -> Project:
    """A project against the served sandbox, without a token in the environment, after `jmctl login`."""
    served.variables.pop("JOBMOJITO_TOKEN")
    served.variables |= {"JMCTL_ISSUER": issuer, "JMCTL_SESSION_DIR": str(tmp_path / "sessions")}
    served.variables["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    with subprocess.Popen(
        [COMMAND, "login", "--no-browser"],
        cwd=served.folder,
        env=served.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        url = next(found[0] for line in process.stderr if (found := re.search(r"https?://\S+", line)))
        browse(url)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out.startswith("Signed in; the session is kept in ")
    return served


def test_session_is_the_token_and_is_renewed(signed_in: Project, tmp_path: Path) -> None:
    signed_in.write("one")
    assert signed_in.jmctl("apply", "--auto-approve").code == 0
    (kept,) = (tmp_path / "sessions").glob("session-*.json")
    session = json.loads(kept.read_text())
    kept.write_text(json.dumps({**session, "expires_at": time.time() + 30}))
    assert signed_in.jmctl("plan").code == 0
    renewed = json.loads(kept.read_text())
    assert renewed["refresh_token"] != session["refresh_token"]


def test_token_of_the_environment_comes_first(signed_in: Project, tmp_path: Path) -> None:
    signed_in.write("one")
    (kept,) = (tmp_path / "sessions").glob("session-*.json")
    kept.write_text("damaged")
    assert signed_in.jmctl("apply", "--auto-approve").code == 1
    signed_in.variables["JOBMOJITO_TOKEN"] = "a-token"  # noqa: S105 - the sandbox accepts any
    assert signed_in.jmctl("apply", "--auto-approve").code == 0


def test_logout_ends_the_session(signed_in: Project, tmp_path: Path) -> None:
    assert signed_in.jmctl("logout").out == "Signed out.\n"
    assert not list((tmp_path / "sessions").glob("session-*.json"))
    assert signed_in.jmctl("logout").out == "Not signed in.\n"
    signed_in.write("one")
    signed_in.write("two")
    ended = signed_in.jmctl("apply", "--auto-approve")
    assert ended.code == 1
    assert "jmctl login" in ended.err


def test_sandbox_needs_no_login(project: Project) -> None:
    ended = project.jmctl("login")
    assert ended.code == 1
    assert "the sandbox needs no signing in" in ended.err
