"""The story of a hostile pull request in CI: settings, links, cache, state, marks and texts, all in one branch."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from workshop import TOKEN, Project, Run, Sandbox, manifest

ATTACKER = str(pyrage.x25519.Identity.generate().to_public())
COMMANDS = ("::add-mask::x", "##vso[task.setvariable variable=PATH]/evil")


class Listener:
    """A socket of the attacker on loopback; counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0)
        self.port = self._socket.getsockname()[1]

    def heard(self) -> int:
        """How many connections were made."""
        count = 0
        while True:
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def attacked(project: Project, sandbox: Sandbox, listener: Listener, outside: Path) -> None:
    """The branch: everything that its author can write."""
    evil = f"http://127.0.0.1:{listener.port}"
    project.configure(
        endpoint=f"{evil}/functions/v1",
        token_command=f"touch {outside / 'ran'}",
        recipients=[ATTACKER],
        guards={"max_destroy": "100%"},
        embed_url=f"{evil}/embed",
        state="elsewhere",
    )
    document = project.state
    foreign = next(row["id"] for row in sandbox.interviews() if row["name"] == "Of others")
    (entry,) = document["interviews"]
    entry["lifecycle"]["protect"] = False
    entry["history"] = [{"id": foreign, "embed_id": None, "created_at": None, "retired_at": None}]
    project.snapshot.write_text(json.dumps(document))
    (project.folder / "state" / "default.lock").unlink(missing_ok=True)
    (project.folder / "state" / "default.lock").symlink_to(outside / "kept")
    interviews = project.folder / "interviews"
    (interviews / "alpha.yaml").unlink()
    (interviews / "beta.yaml").write_text(manifest("beta", description="\n".join(COMMANDS)))
    (project.home / "cache" / "jmctl").mkdir(parents=True, exist_ok=True)
    for pack in (project.home / "cache").rglob("*.json"):
        pack.write_bytes(pack.read_bytes().replace(b"Synthetic", b"Forged up"))


def test_a_hostile_pull_request_can_do_nothing_but_print(
    served: Project, sandbox: Sandbox, listener: Listener, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    served.write("alpha", is_embedded=True, lifecycle={"protect": True})
    served.applied()
    other = Project(tmp_path / "other", tmp_path / "other-home", endpoint=sandbox.url)
    other.variables["JOBMOJITO_TOKEN"] = TOKEN
    other.configure(project="others")
    other.write("lead", name="Of others")
    other.applied()
    git(served.folder, "init", "-q", "-b", "main")
    git(served.folder, "add", "-A")
    git(served.folder, "commit", "-qm", "main")
    git(served.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(served.folder, "checkout", "-qb", "attack")
    served.variables |= {"GITHUB_BASE_REF": "main", "GITHUB_ACTIONS": "true"}
    attacked(served, sandbox, listener, outside)
    before = sandbox.interviews()

    runs: list[Run] = [served.jmctl(*words) for words in (["validate"], ["plan"], ["drift"])]
    said = "".join(run.out + run.err for run in runs)
    plan = runs[1]
    for tried in (
        ATTACKER,
        "guards.max_destroy",
        "endpoint",
        "token_command",
        "embed_url",
        "State, edited since jmctl wrote it:",
        "lifecycle.protect true -> false",
        "history none ->",
        "beta",
    ):
        assert tried in plan.out, tried
    assert listener.heard() == 0, "nothing was sent to the attacker"
    assert sorted(path.name for path in outside.iterdir()) == ["kept"], "no file was made, no command ran"
    assert (outside / "kept").read_text() == "kept"
    assert sandbox.interviews() == before, "and nothing changed on the service"
    assert TOKEN not in said
    assert "Forged" not in said
    assert not any(line.lstrip().startswith("::") or "##vso[" in line for line in said.splitlines())

    # the same branch, merged unread: what belongs to others is still not touched
    apply = served.jmctl("apply", "--auto-approve")
    foreign = next(row for row in sandbox.interviews() if row["name"] == "Of others")
    assert (apply.code, foreign["status"]) != (0, "archived")
    assert foreign == next(row for row in before if row["name"] == "Of others")
    assert (outside / "kept").read_text() == "kept"
