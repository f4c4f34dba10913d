"""Ctrl-C: once ends what is under way and starts nothing new, twice stops at once; the state is saved either way."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest
from workshop import Project, Run, Sandbox, ended, wait_until

INTERVIEWS = 12
CONCURRENCY = 4


def under_way(project: Project, sandbox: Sandbox, seconds: float) -> subprocess.Popen[str]:
    """An apply whose first creates have arrived and are not answered yet."""
    project.write_many(INTERVIEWS)
    sandbox.set_faults(f"latency:create:seconds={seconds}")
    process = project.start("apply", "--auto-approve", "--concurrency", str(CONCURRENCY))
    wait_until(lambda: len(sandbox.interviews()) == CONCURRENCY)
    return process


def interrupted(process: subprocess.Popen[str], sandbox: Sandbox) -> Run:
    run = ended(process)
    sandbox.set_faults()
    return run


def finish(project: Project, sandbox: Sandbox) -> None:
    """The next apply makes the rest; none is there twice."""
    project.jmctl("apply", "--auto-approve")
    marks = [row["code"] for row in sandbox.interviews()]
    assert len(marks) == len(set(marks))
    remembered = {row["id"] for row in project.state["interviews"]}
    doubtful = {row["code"] for row in project.state.get("in_doubt", [])}
    assert {row["id"] for row in sandbox.interviews() if row["code"] not in doubtful} == remembered
    assert len(remembered) + len(doubtful) == INTERVIEWS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_once_what_is_under_way_is_finished_and_nothing_new_started(
    number: signal.Signals, served: Project, sandbox: Sandbox
) -> None:
    process = under_way(served, sandbox, seconds=1.2)
    os.killpg(process.pid, number)
    run = interrupted(process, sandbox)
    assert run.code == 130, run
    assert "finishing what is under way" in run.err
    assert len(sandbox.interviews()) == CONCURRENCY
    assert {row["id"] for row in served.state["interviews"]} == {row["id"] for row in sandbox.interviews()}
    assert "in_doubt" not in served.state
    assert not served.journal.exists()
    assert run.out.count("not started") == INTERVIEWS - CONCURRENCY + 1, "a line each, and the sum"
    finish(served, sandbox)


def test_twice_it_stops_at_once_and_what_was_under_way_is_in_doubt(served: Project, sandbox: Sandbox) -> None:
    process = under_way(served, sandbox, seconds=30)  # below the 60 s after which a call is given up
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr is not None
    while "finishing what is under way" not in process.stderr.readline():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    run = interrupted(process, sandbox)
    assert run.code == 130, run
    assert len(served.state["in_doubt"]) == CONCURRENCY
    assert served.state["interviews"] == []
    assert not served.journal.exists()
    finish(served, sandbox)


def test_an_interrupt_while_planning_ends_with_its_code_and_without_a_traceback(
    served: Project, sandbox: Sandbox
) -> None:
    served.write_many(1)
    served.applied()
    sandbox.switch(latency_ms=5000)
    process = served.start("plan")
    before = sandbox.requests()["counts"]["merchant-interview-list"]["200"]
    wait_until(lambda: sandbox.requests()["counts"]["merchant-interview-list"]["200"] > before)
    os.killpg(process.pid, signal.SIGINT)
    run = interrupted(process, sandbox)
    assert run.code == 130
    assert "Traceback" not in run.err
