"""One jmctl at a time: who comes second is told who is there, and a dead holder stands in nobody's way."""

from __future__ import annotations

import getpass
import json
import os
import signal
from pathlib import Path

import pytest
from workshop import Project, Sandbox, ended, wait_until

from reconciler.errors import Locked, Misconfigured
from reconciler.state.lock import acquire, current_holder

HOLDER = current_holder("jmctl apply")


def test_the_second_apply_ends_at_once_and_names_the_first(served: Project, sandbox: Sandbox) -> None:
    served.write_many(3)
    sandbox.set_faults("latency:create:seconds=1.5")
    first = served.start("apply", "--auto-approve")
    wait_until(served.journal.exists)
    second = served.jmctl("apply", "--auto-approve", "--format", "json")
    assert second.code == 5
    (problem,) = second.document["problems"]
    assert problem["summary"] == "another jmctl is at work"
    for part in (f"process {first.pid},", "since 20", "jmctl apply --auto-approve"):
        assert part in problem["detail"]
    assert ended(first).code == 0
    assert len(sandbox.interviews()) == 3, "the second sent nothing"
    assert served.applied().err == "", "a lock that was released is not spoken of"


def test_reading_needs_no_lock(served: Project, sandbox: Sandbox) -> None:
    served.write_many(2)
    sandbox.set_faults("latency:create:seconds=1")
    first = served.start("apply", "--auto-approve")
    wait_until(served.journal.exists)
    assert served.jmctl("plan", "--no-refresh").code == 0
    assert served.jmctl("state", "list").code == 0
    assert ended(first).code == 0


def test_a_lock_left_by_a_killed_apply_is_taken_over_and_said(served: Project, sandbox: Sandbox) -> None:
    served.write_many(1)
    sandbox.set_faults("latency:create:seconds=30")
    first = served.start("apply", "--auto-approve")
    wait_until(lambda: len(sandbox.interviews()) == 1)  # else its create may not have left, and is waited for
    first.send_signal(signal.SIGKILL)
    ended(first)
    sandbox.set_faults()
    second = served.jmctl("apply", "--auto-approve")
    assert "an earlier run ended without releasing the lock" in second.err
    assert f"process {first.pid}," in second.err
    assert "without releasing" not in served.jmctl("apply", "--auto-approve").err


def test_an_error_in_between_releases_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    with pytest.raises(ZeroDivisionError), acquire(path, HOLDER):
        raise ZeroDivisionError
    with acquire(path, HOLDER) as left_behind:
        assert left_behind is None


def test_the_holder_is_told_to_whoever_comes_second(tmp_path: Path) -> None:
    path = tmp_path / "default.lock"
    with acquire(path, HOLDER):
        with pytest.raises(Locked) as raised, acquire(path, HOLDER):
            pass
        assert f"process {os.getpid()}," in raised.value.problems[0].detail


def test_a_user_without_a_name_can_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1000770000")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert current_holder("jmctl apply").user == "unknown"


def test_a_lock_that_is_a_link_is_refused_and_its_target_untouched(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "default.lock").symlink_to(target)
    with pytest.raises(Misconfigured, match="the lock is a link"), acquire(tmp_path / "default.lock", HOLDER):
        pass
    assert target.read_text() == "precious"


def test_control_characters_in_a_lock_do_not_reach_the_terminal(served: Project, sandbox: Sandbox) -> None:
    served.write("one")
    served.snapshot.parent.mkdir(exist_ok=True)
    left = {"user": "\x1b[31mroot", "host": "h", "process": 1, "command": "c", "since": "s"}
    served.snapshot.with_suffix(".lock").write_text(json.dumps(left))
    run = served.jmctl("apply", "--auto-approve")
    assert "an earlier run ended without releasing the lock" in run.err
    assert "\x1b" not in run.err
    assert len(sandbox.interviews()) == 1
