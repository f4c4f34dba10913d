"""kill -9 of a running apply: what the service confirmed is never lost, and nothing is ever there twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest
from workshop import Project, Run, Sandbox, ended, interview, name_in, names_of, wait_until

from reconciler.state.local import LocalBackend, LocalWriter
from reconciler.state.model import State

INTERVIEWS = 12
SEED = 20_260_101
TAIL = 0.05  # seconds that an apply takes beside its requests, more or less


def remembered(project: Project) -> State:
    return LocalBackend(project.snapshot.parent, "default").read().state


def check(state: State, sandbox: Sandbox, names: list[str]) -> None:
    """What must hold after every death and every apply."""
    held = Counter(name_in(row["code"]) for row in sandbox.interviews())
    ids = {name_in(row["code"]): row["id"] for row in sandbox.interviews()}
    assert set(held) <= set(names)
    assert set(held.values()) <= {1}, "none is there twice"
    for name, interview_id in ids.items():
        entry = state.entries.get(interview(name))
        known = entry is not None and entry.id == interview_id
        assert known or interview(name) in state.in_doubt, f"{name} was made and is forgotten"
    for entry in state.entries.values():
        assert ids[entry.name] == entry.id, f"{entry.name} is remembered and was never made"


@pytest.mark.parametrize("moment", range(20))
def test_a_killed_apply_loses_nothing_and_makes_nothing_twice(moment: int, served: Project, sandbox: Sandbox) -> None:
    chance = random.Random(SEED + moment)  # noqa: S311 - a repeatable die, not a secret
    latency, concurrency = chance.choice([5, 20, 40]), chance.choice([1, 4, INTERVIEWS])
    delay = chance.uniform(0, INTERVIEWS / concurrency * latency / 1000 + TAIL)
    print(f"seed {SEED + moment}: killed {delay * 1000:.0f} ms after the journal began")  # noqa: T201 - for whoever repeats it
    served.hurry()
    names = served.write_many(INTERVIEWS, is_embedded=moment % 2 == 0)
    sandbox.switch(latency_ms=latency)
    process = served.start("apply", "--auto-approve", "--concurrency", str(concurrency))
    wait_until(lambda: served.journal.exists() or process.poll() is not None)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    assert ended(process).code in (-signal.SIGKILL, 0)
    sandbox.switch(latency_ms=0)
    check(remembered(served), sandbox, names)

    again = served.jmctl("apply", "--auto-approve")
    state = remembered(served)
    check(state, sandbox, names)
    assert again.code == (4 if state.in_doubt else 0), again
    assert {*names_of(state.entries), *names_of(state.in_doubt)} == set(names), "all others went on"

    before = len(sandbox.interviews())
    assert served.jmctl("apply", "--auto-approve").code == again.code
    assert len(sandbox.interviews()) == before, "what is in doubt is not sent again"


class Died(BaseException):
    """The process is no more."""


def test_what_died_before_its_commit_is_committed_by_the_next_apply(
    project: Project, inside: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Died

    names = project.write_many(3)
    with monkeypatch.context() as patched:
        patched.setattr(LocalWriter, "_commit", die)
        inside(project, "apply", "--auto-approve")
    assert (project.journal.exists(), project.snapshot.exists()) == (True, False)
    assert inside(project, "plan", "--detailed-exitcode").code == 0
    project.applied()
    assert [row["name"] for row in project.state["interviews"]] == names
    assert not project.journal.exists()
