"""When the state itself is in question: verified, made anew from the marks, brought back from a rescue file."""

from __future__ import annotations

import json
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from scene import Scene, by_mark, check_keys, check_no_secret, opened, remembered
from workshop import COMMAND, Project, Run, Sandbox, ended, interview, wait_until

from reconciler.errors import Where
from reconciler.state.journal_format import parse_journal
from reconciler.state.local import LocalBackend
from reconciler.state.model import State
from reconciler.state.records import Confirmed, Moved

LATENCY = 600
NAMES = [f"interview-{number:04}" for number in range(6)]


def running(project: Project, sandbox: Sandbox) -> subprocess.Popen[str]:
    """An apply of six creates, all of them announced, none of them answered."""
    project.configure(recovery={"grace": 0.2, "skew": 5}, timeouts={"total": 5})
    for number, name in enumerate(NAMES):
        project.write(name, is_embedded=number < 3)
    sandbox.switch(latency_ms=LATENCY)
    process = project.start("apply", "--auto-approve")
    wait_until(lambda: len(sandbox.interviews()) == len(NAMES))
    wait_until(lambda: project.journal.read_bytes().count(b'"begun"') == len(NAMES))
    return process


def limited(process: subprocess.Popen[str], size: int) -> None:
    """From now on none of its files can grow beyond `size`: the kernel says so, as it does on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))


def converged(project: Project, sandbox: Sandbox, *said: str) -> None:
    sandbox.switch(latency_ms=0)
    assert project.jmctl("state", "verify").code == 0
    project.applied()
    rows = sandbox.interviews()
    assert {name: len(found) for name, found in by_mark(rows).items()} == dict.fromkeys(NAMES, 1)
    state = remembered(project)
    assert {entry.name: entry.id for entry in state.entries.values()} == {
        name: found[0]["id"] for name, found in by_mark(rows).items()
    }
    assert sum(entry.embed_signing_key is not None for entry in state.entries.values()) == 3
    check_keys(state, rows, project)
    check_no_secret(project, rows, *said)
    assert project.jmctl("plan", "--detailed-exitcode").code == 0


def test_a_disk_that_fills_up_leaves_a_rescue_file(served: Project, sandbox: Sandbox) -> None:
    process = running(served, sandbox)
    limited(process, served.journal.stat().st_size)
    run = ended(process)
    assert run.code == 1, run
    assert "the state cannot be written: File too large" in run.err
    (path,) = re.findall(r"jmctl state recover (\S+)", run.err)
    assert served.home in Path(path).parents
    content = parse_journal(Path(path).read_bytes(), Where(path))
    assert content
    lineage, records = content.lineage, content.records
    assert {record.address.name for record in records if isinstance(record, Confirmed)} == set(NAMES)
    assert (lineage, run.err.count('"record":"created"')) == (remembered(served).lineage, len(NAMES)), "on stderr too"
    before = sandbox.requests()["counts"]
    brought = served.jmctl("state", "recover", path)
    assert brought.code == 0, brought
    assert "Brought back 6 records; 0 were settled in the meantime." in brought.out
    assert sandbox.requests()["counts"] == before, "nothing has to be asked"
    assert served.jmctl("state", "recover", path).out.startswith("Brought back 0 records; 6 were")
    converged(served, sandbox, run.out, run.err)


def test_without_its_rescue_file_everything_is_looked_up(served: Project, sandbox: Sandbox) -> None:
    process = running(served, sandbox)
    limited(process, 1)
    run = ended(process)
    assert run.code == 1, run
    assert "state recover" not in run.err, "there was no place for a rescue file"
    assert run.err.count('"record":"created"') == len(NAMES), "so they stand on stderr"
    converged(served, sandbox, run.out, run.err)


def test_a_folder_that_goes_away_and_comes_back(served: Project, sandbox: Sandbox) -> None:
    process = running(served, sandbox)
    folder = served.snapshot.parent
    folder.rename(folder.with_name("away"))
    run = ended(process)
    assert run.code == 1, run
    assert "the state cannot be written" in run.err
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name("away").rename(folder)
    converged(served, sandbox, run.out, run.err)


def test_a_state_that_cannot_be_written_from_the_start_sends_nothing(scene: Scene) -> None:
    scene.project.write("one")
    scene.project.snapshot.parent.write_text("not a folder")
    run = scene.apply(code=1)
    assert "cannot be" in run.err
    assert scene.creates() == 0


@pytest.mark.parametrize(("size", "told"), [(0, "the lock cannot be taken"), (8, "the state cannot be written")])
def test_a_disk_that_is_full_from_the_start_sends_nothing(
    served: Project, sandbox: Sandbox, size: int, told: str
) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    served.write("one")
    run = subprocess.run(
        [COMMAND, "apply", "--auto-approve"],
        cwd=served.folder,
        env={**served.environment, "PYTHONDONTWRITEBYTECODE": "1"},  # else half-written bytecode stays for later runs
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=full,
    )
    assert run.returncode == 1, run
    assert told in run.stderr
    assert "Traceback" not in run.stderr
    assert sandbox.interviews() == []
    served.applied()


class TestRecover:
    def rescue(self, scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
        """What an apply leaves when its first confirmation cannot be written."""
        from reconciler.state.rescue import write_rescue

        scene.project.write("one", is_embedded=True)
        scene.lose("drop_after")
        (row,) = scene.rows()
        snapshot = LocalBackend(scene.project.snapshot.parent, "default").read()
        state = snapshot.state
        record = Confirmed(
            interview("one"), state.in_doubt[interview("one")].attempt, "2026-01-01T00:00:00.000Z", row["id"]
        )
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "rescued"))
        first, second = write_rescue(snapshot, [record]), write_rescue(snapshot, [record])
        assert first is not None
        assert second not in (None, first), "an earlier rescue is never overwritten"
        assert first.stat().st_mode & 0o077 == 0
        return first

    def test_of_another_state(self, scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = self.rescue(scene, monkeypatch, tmp_path)
        scene.project.snapshot.write_text(
            scene.project.snapshot.read_text().replace(remembered(scene.project).lineage, "another")
        )
        run = scene.jmctl("state", "recover", str(path))
        assert run.code == 1
        assert "belongs to another state" in run.err

    def test_settled_meanwhile(self, scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = self.rescue(scene, monkeypatch, tmp_path)
        scene.apply()
        run = scene.jmctl("state", "recover", str(path))
        assert run.out == "Brought back 0 records; 1 were settled in the meantime.\n"
        scene.check("one")

    def test_damaged_or_empty(self, scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        path = self.rescue(scene, monkeypatch, tmp_path)
        path.write_bytes(path.read_bytes().replace(b"created", b"creates"))
        assert scene.jmctl("state", "recover", str(path)).code == 1
        path.write_bytes(b"")
        assert scene.jmctl("state", "recover", str(path)).code == 64


class TestVerify:
    def tampered(self, scene: Scene, change: Callable[[dict[str, str]], None]) -> Run:
        for name in ("one", "two"):
            scene.project.write(name, is_embedded=True)
        scene.apply()
        assert scene.jmctl("state", "verify", "--remote").code == 0
        document = scene.project.state
        change(document["interviews"][0])
        scene.project.snapshot.write_text(json.dumps(document))
        return scene.jmctl("state", "verify")

    def test_a_key_in_clear(self, scene: Scene) -> None:
        run = self.tampered(scene, lambda entry: entry.update(embed_signing_key="in-clear"))
        assert (run.code, "its embed key is not sealed" in run.err, "in-clear" in run.err) == (1, True, False)

    def test_one_interview_under_two_names(self, scene: Scene) -> None:
        run = self.tampered(scene, lambda entry: entry.update(id=scene.id_of("two")))
        assert (run.code, "have the same id" in run.err) == (1, True)

    def test_an_interview_that_is_gone(self, scene: Scene) -> None:
        for name in ("one", "two"):
            scene.project.write(name)
        scene.apply()
        scene.service.admin_delete(scene.id_of("one"))
        assert scene.jmctl("state", "verify").code == 0
        run = scene.jmctl("state", "verify", "--remote")
        assert (run.code, "one: " in run.err, "is gone on the service" in run.err) == (1, True, True)
        scene.apply()
        scene.check("one", "two")


class TestRebuild:
    def test_a_lost_state_is_made_anew(self, scene: Scene) -> None:
        scene.project.write("one", is_embedded=True, max_duration=900)
        scene.project.write("two", type="assessment")
        scene.project.write("gone")
        scene.apply()
        ids = {name: scene.id_of(name) for name in ("one", "two", "gone")}
        shutil.rmtree(scene.project.snapshot.parent)
        (scene.project.folder / "interviews" / "gone.yaml").unlink()
        orphans = scene.jmctl("orphans", "--format", "json")
        assert (orphans.code, {row["id"] for row in orphans.document}) == (2, set(ids.values()))
        run = scene.jmctl("state", "rebuild")
        assert run.code == 0, run
        assert "Rebuilt 2 of 2 interviews" in run.out
        assert f"left out {ids['gone']}: no manifest declares gone" in run.err
        planned = scene.jmctl("plan")
        assert "Plan: 1 to update, 1 unchanged." in planned.out, "its key is read again, and that is all"
        scene.apply()
        scene.service.admin_edit(ids["gone"], {"status": "archived"})
        scene.check("one", "two")
        assert scene.creates() == 3
        held = remembered(scene.project).entries[interview("one")].embed_signing_key
        assert held
        assert opened(held, scene.project)

    def test_not_over_a_state_that_is_there(self, scene: Scene) -> None:
        scene.project.write("one")
        scene.apply()
        before = scene.project.snapshot.read_bytes()
        assert scene.jmctl("state", "rebuild").code == 6
        assert scene.project.snapshot.read_bytes() == before

    def test_not_where_two_carry_one_mark(self, scene: Scene) -> None:
        scene.project.write("one")
        first = scene.made_elsewhere(code="jmctl:tests/one")
        second = scene.made_elsewhere(code="jmctl:tests/one")
        run = scene.jmctl("state", "rebuild")
        assert (run.code, first in run.err, second in run.err) == (6, True, True)
        assert not scene.project.snapshot.exists()
        scene.service.admin_edit(second, {"status": "archived"})
        assert scene.jmctl("state", "rebuild").code == 0
        assert remembered(scene.project).entries[interview("one")].id == first

    def test_what_carries_a_code_of_its_own_has_to_be_imported(self, scene: Scene) -> None:
        scene.project.write("one", code="OURS")
        scene.apply()
        shutil.rmtree(scene.project.snapshot.parent)
        run = scene.jmctl("state", "rebuild")
        assert (run.code, "hint: jmctl import" in run.err) == (0, True)

    def test_another_projects_interviews_are_not_ours(self, scene: Scene) -> None:
        scene.project.write("one")
        scene.made_elsewhere(code="jmctl:tests-of-others/one")
        scene.made_elsewhere(code=None)
        assert scene.jmctl("state", "rebuild").code == 0
        assert remembered(scene.project).entries == {}


def test_a_record_after_a_rename_is_brought_back_in_order() -> None:
    from reconciler.state.model import Entry
    from reconciler.state.records import Seen
    from reconciler.state.rescue import bring_back

    state = State("line", entries={interview("old"): Entry(interview("old"), "id", {})})
    records = [
        Moved(interview("old"), interview("new"), "at"),
        Seen(interview("new"), None, "at"),
        Seen(interview("old"), None, "at"),
    ]
    useful, stale = bring_back(state, records)
    assert (useful, stale) == (records[:2], 1)


def test_an_interrupt_saves_what_is_known(served: Project, sandbox: Sandbox) -> None:
    process = running(served, sandbox)
    process.send_signal(signal.SIGINT)
    run = ended(process)
    assert run.code == 130, run
    assert len(remembered(served).entries) == len(NAMES), "what was under way is finished and recorded"
    converged(served, sandbox, run.out, run.err)


def test_a_second_interrupt_stops_at_once_and_leaves_a_doubt(served: Project, sandbox: Sandbox) -> None:
    process = running(served, sandbox)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: process.poll() is not None or True)
    run = ended(process)
    assert run.code == 130, run
    converged(served, sandbox, run.out, run.err)
