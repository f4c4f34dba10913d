"""A service that limits, slows down or stops believing the token, and runners that start at once."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scene import by_mark, check_keys, check_no_secret, remembered
from workshop import COMMAND, TOKEN, Project, Run, Sandbox, ended, names_of, wait_until

MANY = 500


def whole(project: Project, sandbox: Sandbox, names: list[str], *runs: Run) -> None:
    """Each of `names` exists once and is remembered as what it is, and nothing is left to do."""
    rows = sandbox.interviews()
    live = by_mark(rows)
    state = remembered(project)
    assert {name: len(found) for name, found in live.items()} == dict.fromkeys(names, 1)
    assert {entry.name: entry.id for entry in state.entries.values()} == {
        name: found[0]["id"] for name, found in live.items()
    }
    assert state.in_doubt == {}
    check_keys(state, rows, project)
    check_no_secret(project, rows, *(run.out + run.err for run in runs))
    assert project.jmctl("plan", "--detailed-exitcode").code == 0


def test_a_storm_of_429_is_waited_out(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(60, is_embedded=True, max_duration=900)
    # each is refused several times, and less often than is given up after
    storm = {"create": 40, "update": 4, "list": 2}
    sandbox.set_faults(*(f"rate_limit:{call}:count={count},retry_after=0.05" for call, count in storm.items()))
    run = served.applied()
    refused = [row["429"] for row in sandbox.requests()["counts"].values() if "429" in row]
    assert sorted(refused) == [2, 4, 40]
    sandbox.set_faults()
    whole(served, sandbox, names, run)


def test_a_storm_without_end_ends_the_run_and_leaves_no_doubt(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(3)
    sandbox.set_faults("rate_limit:create:retry_after=0.01")
    run = served.jmctl("apply", "--auto-approve")
    assert run.code == 1, run
    assert remembered(served).in_doubt == {}, "a refusal is no doubt"
    sandbox.set_faults()
    whole(served, sandbox, names, served.applied())


def test_a_service_slower_than_the_timeout_makes_nothing_twice(served: Project, sandbox: Sandbox) -> None:
    """30 s a call against a timeout of 20 s, in a fiftieth of the time: the work is done, no answer is waited for."""
    names = served.write_many(6, is_embedded=True)
    served.configure(timeouts={"total": 0.4}, recovery={"grace": 0.5, "skew": 5})
    sandbox.set_faults("slow:create:seconds=0.6")
    first = served.jmctl("apply", "--auto-approve")
    assert first.code == 4, first
    assert names_of(remembered(served).in_doubt) == names
    sandbox.set_faults()
    served.configure(timeouts={"total": 5})
    second = served.applied()
    assert sandbox.requests()["counts"]["job-interview-create-from-array"] == {"200": len(names)}
    whole(served, sandbox, names, first, second)


def test_a_service_slower_than_usual_is_waited_for(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(16, is_embedded=True)
    served.configure(timeouts={"total": 10}, concurrency=8)
    sandbox.set_faults("slow:create:seconds=0.6")
    begun = time.monotonic()
    run = served.applied()
    assert time.monotonic() - begun < 16 * 0.6, "several at a time"
    sandbox.set_faults()
    whole(served, sandbox, names, run)


class TestATokenThatExpires:
    """In the middle of five hundred creates."""

    @contextmanager
    def applying(self, project: Project) -> Iterator[Callable[[], Run]]:
        """An apply whose long plan goes into a file; gives the way to await its end."""
        with (project.home / "said").open("w") as said:
            process = subprocess.Popen(
                [COMMAND, "apply", "--auto-approve"],
                cwd=project.folder,
                env=project.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

            def end() -> Run:
                code = process.wait(60)
                return Run(code, (project.home / "said").read_text(), "")

            yield end
            process.wait(60)

    def running(self, project: Project, sandbox: Sandbox, **settings: object) -> list[str]:
        names = project.write_many(MANY)
        project.configure(**settings)
        sandbox.switch(accepted_token="first", latency_ms=20)  # noqa: S106 - synthetic
        return names

    def expire(self, sandbox: Sandbox) -> None:
        wait_until(lambda: len(sandbox.interviews()) >= MANY // 5)
        sandbox.switch(accepted_token="second")  # noqa: S106 - synthetic

    def test_token_command_is_asked_once_more(self, served: Project, sandbox: Sandbox, tmp_path: Path) -> None:
        asked = tmp_path / "asked"
        script = (
            f"open({str(asked)!r}, 'a').write('x'); print(['first', 'second'][len(open({str(asked)!r}).read()) - 1])"
        )
        names = self.running(served, sandbox)
        served.variables["JMCTL_TOKEN_COMMAND"] = shlex.join([sys.executable, "-c", script])
        del served.variables["JOBMOJITO_TOKEN"]
        with self.applying(served) as end:
            self.expire(sandbox)
            run = end()
        assert run.code == 0, run.out[-2000:]
        assert asked.read_text() == "xx"
        counts = sandbox.requests()["counts"]["job-interview-create-from-array"]
        assert (counts["200"], 1 <= counts["401"] <= 8) == (MANY, True), "none is sent again that was not refused"
        sandbox.switch(accepted_token=None, latency_ms=0)
        served.variables["JOBMOJITO_TOKEN"] = TOKEN
        whole(served, sandbox, names, run)

    @pytest.mark.parametrize(
        "command",
        [
            None,
            "same",
            "failing",
        ],
    )
    def test_else_nothing_new_is_started(
        self, served: Project, sandbox: Sandbox, tmp_path: Path, command: str | None
    ) -> None:
        names = self.running(served, sandbox)
        served.variables |= {"JOBMOJITO_TOKEN": "first"}
        if command:
            del served.variables["JOBMOJITO_TOKEN"]
            gone = tmp_path / "gone"
            once = f"[ -e {shlex.quote(str(gone))} ] && exit 1; touch {shlex.quote(str(gone))}; echo first"
            words = ["sh", "-c", once if command == "failing" else "echo first"]
            served.variables["JMCTL_TOKEN_COMMAND"] = shlex.join(words)
        with self.applying(served) as end:
            self.expire(sandbox)
            run = end()
        assert run.code == 3, run.out[-2000:]
        made = len(sandbox.interviews())
        assert len(remembered(served).entries) == made < MANY, "what was under way is finished and recorded"
        assert remembered(served).in_doubt == {}
        assert sandbox.requests()["counts"]["job-interview-create-from-array"]["401"] <= 8
        assert "not started" in run.out
        sandbox.switch(accepted_token=None, latency_ms=0)
        served.variables["JOBMOJITO_TOKEN"] = TOKEN
        again = served.applied()
        whole(served, sandbox, names, run, again)


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
def test_two_applies_at_once(served: Project, sandbox: Sandbox, delay: float) -> None:
    names = served.write_many(8, is_embedded=True)
    sandbox.switch(latency_ms=60)
    first = served.start("apply", "--auto-approve")
    time.sleep(delay)
    second = served.start("apply", "--auto-approve")
    runs = [ended(first), ended(second)]
    codes = sorted(run.code for run in runs)
    assert codes in ([0, 5], [0, 0]), runs
    if codes == [0, 0]:
        assert any("No changes" in run.out for run in runs), "one came when the other had ended"
    else:
        (refused,) = (run for run in runs if run.code == 5)
        assert re.search(r"process \d+, since", refused.err) or "has not said who it is" in refused.err
    sandbox.switch(latency_ms=0)
    whole(served, sandbox, names, *runs)


def test_many_applies_at_once(served: Project, sandbox: Sandbox) -> None:
    names = served.write_many(8)
    sandbox.switch(latency_ms=100)
    processes = [served.start("apply", "--auto-approve") for _ in range(6)]
    runs = [ended(process) for process in processes]
    assert {run.code for run in runs} <= {0, 5}, runs
    assert sum("created" in run.out or "done" in run.out for run in runs if run.code == 0) >= 1
    sandbox.switch(latency_ms=0)
    whole(served, sandbox, names, *runs)
