"""The library as a program uses it: in a running loop, in a thread, twice, stopped, cancelled, with one token."""

from __future__ import annotations

import ast
import asyncio
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import stamina
from workshop import TOKEN, Project, Sandbox

import reconciler
from reconciler import StopSignal, events

ROOT = Path(__file__).parents[2]


def opened(project: Project, notify: Any = lambda _: None) -> reconciler.Project:
    return reconciler.open_project(project.folder, variables=project.environment, notify=notify)


def yes(_: reconciler.Plan) -> bool:
    return True


def test_apply_in_a_running_loop_reports_events_and_prints_nothing(
    served: Project, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    served.write_many(3, is_embedded=True)
    seen: list[reconciler.Event] = []

    async def run() -> reconciler.ApplyReport:
        return await opened(served, seen.append).apply(approve=yes)

    report = asyncio.run(run())
    assert [result.ending for result in report.results] == ["done"] * 3
    assert not report.interrupted
    kinds = [type(event) for event in seen]
    assert kinds[:2] == [events.PlanMade, events.ApplyStarted]
    assert kinds[2:] == [events.ChangeFinished] * 3
    assert len(sandbox.interviews()) == 3
    assert asyncio.run(opened(served).plan()).pending == ()
    assert capfd.readouterr() == ("", "")


def test_an_asynchronous_approval_that_says_no_sends_nothing(served: Project, sandbox: Sandbox) -> None:
    served.write_many(1)

    async def no(plan: reconciler.Plan) -> bool:
        await asyncio.sleep(0)
        assert len(plan.pending) == 1
        return False

    with pytest.raises(reconciler.Refused, match="the plan was not approved"):
        asyncio.run(opened(served).apply(approve=no))
    assert sandbox.interviews() == []


def test_in_a_thread_and_twice_in_one_process(project: Project) -> None:
    """No signal handler is installed: that works in the main thread alone."""
    project.write_many(2)
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    reports: list[reconciler.ApplyReport] = []

    def work() -> None:
        reports.append(asyncio.run(opened(project).apply(approve=yes)))

    for _ in range(2):
        thread = Thread(target=work)
        thread.start()
        thread.join()
    assert [len(report.results) for report in reports] == [2, 0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_the_process_environment_is_not_read(served: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMOJITO_TOKEN", TOKEN)
    served.write_many(1)
    with pytest.raises(reconciler.Unanswered, match="no access token"):
        asyncio.run(reconciler.open_project(served.folder).apply(approve=yes))


def test_the_stamina_hooks_of_the_process_stay(served: Project, sandbox: Sandbox) -> None:
    retries: list[stamina.instrumentation.RetryDetails] = []

    def keep(details: stamina.instrumentation.RetryDetails) -> None:
        retries.append(details)

    stamina.instrumentation.set_on_retry_hooks((keep,))
    try:
        served.write_many(1)
        asyncio.run(opened(served).apply(approve=yes))
        sandbox.set_faults("error_before:list:count=1")
        assert asyncio.run(opened(served).plan()).pending == ()
        assert len(retries) == 1
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)


def counting(project: Project, tmp_path: Path) -> Path:
    """Lets the token come from a command that leaves a line for each time it runs."""
    runs = tmp_path / "runs"
    script = tmp_path / "token"
    script.write_text(f"#!/bin/sh\necho run >> {runs}\necho {TOKEN}\n")
    script.chmod(0o755)
    project.variables["JMCTL_TOKEN_COMMAND"] = str(script)
    del project.variables["JOBMOJITO_TOKEN"]
    return runs


def test_an_apply_that_settles_plans_and_updates_asks_for_one_token(
    served: Project, sandbox: Sandbox, tmp_path: Path
) -> None:
    served.hurry()
    runs = counting(served, tmp_path)
    served.write_many(2)
    sandbox.set_faults("drop_after:create:count=1")
    assert served.jmctl("apply", "--auto-approve").code == 4
    served.write("interview-0000", description="Other")
    served.write("interview-0001", description="Other")
    runs.unlink()
    assert served.applied().code == 0
    assert runs.read_text().splitlines() == ["run"]


@pytest.mark.parametrize("how", ["request", "abort", "cancel"])
def test_a_stop_from_another_thread_leaves_a_state_that_the_next_run_continues(
    how: str, served: Project, sandbox: Sandbox
) -> None:
    served.write_many(6)
    stop = StopSignal()
    seen: list[reconciler.Event] = []

    async def run() -> reconciler.ApplyReport | None:
        project = opened(served, seen.append).with_concurrency(2)
        task = asyncio.create_task(project.apply(approve=yes, stop=stop))
        while not sandbox.interviews():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
        if how == "cancel":
            task.cancel()
        else:
            await asyncio.to_thread(getattr(stop, how))
        with suppress(asyncio.CancelledError):
            return await task
        assert task.cancelled(), "cancelling is not swallowed"
        return None

    sandbox.switch(latency_ms=300)
    report = asyncio.run(run())
    sandbox.switch(latency_ms=0)
    assert (report is None) == (how == "cancel")
    if report:
        assert report.interrupted
        endings = {result.ending for result in report.results}
        assert endings <= ({"done", "not started"} if how == "request" else {"done", "unknown", "not started"})
    assert not served.journal.exists(), "what is known is committed"
    served.hurry()
    served.jmctl("apply", "--auto-approve")
    marks = [row["code"] for row in sandbox.interviews()]
    assert len(marks) == len(set(marks)) == 6


def test_the_example_plans_and_applies(project: Project) -> None:
    project.write_many(2)
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "apply_from_python.py"), str(project.folder)],
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "interview-0000 create done",
        "interview-0001 create done",
        "2 changes applied, 0 pending",
    ]


def test_the_process_environment_is_read_by_the_command_line_alone() -> None:
    package = ROOT / "reconciler"
    readers = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if ast.unparse(node) in ("os.environ", "os.getenv", "getproxies", "from os import environ")
    }
    assert readers == {"cli"}
