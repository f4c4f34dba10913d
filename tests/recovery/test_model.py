"""A model of the whole: whatever people, networks and deaths do in whatever order, it ends as declared.

Rules edit manifests, apply, kill an apply at any durable point, lose answers, let a colleague edit and delete, let the
list lag and a second runner come. The waiting of a settling apply is virtual: the clock of the service is moved on, and
with it the work that it does late and the list that lags. JMCTL_MODEL_SEQUENCES=5000 tries more than the usual ones,
and others.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from driver import install
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from scene import GONE, check_keys, check_no_secret, remembered
from workshop import Project, interview

from reconciler.api import connection
from reconciler.cli import main
from reconciler.engine import find_lost
from reconciler.sandbox.clock import SECOND
from reconciler.sandbox.service import Service
from reconciler.state.local import LocalBackend
from reconciler.state.lock import current_holder

SEQUENCES = int(os.environ.get("JMCTL_MODEL_SEQUENCES", "200"))
PARTS = 2  # that are tried side by side
STEPS = 20
LAG, LATE, GRACE = 20.0, 25.0, 30.0  # virtual seconds; what lags or comes late stays within the grace
MORE_RUNS = 4
NAMES = ["a", "b", "c"]
LOSSES = [
    "drop_before",
    "drop_after",
    "late",
    "error_before",
    "error_after",
    "truncated",
    "invalid_json",
    "wrong_shape",
]

names = st.sampled_from(NAMES)
specs = st.fixed_dictionaries(
    {},
    optional={
        "is_embedded": st.booleans(),
        "description": st.sampled_from(["One", "Two"]),
        "max_duration": st.sampled_from([900, 1800]),
        "welcome_message": st.sampled_from(["Hello", "Good day"]),
        "status": st.sampled_from(["draft", "active"]),
        "questions": st.sampled_from([["x"], ["x", "y"], ["y", "x"]]).map(
            lambda keys: [{"id": key, "question": f"{key}?"} for key in keys]
        ),
    },
)
calls = st.sampled_from(["create", "create", "update", "set-state"])
edits = st.sampled_from(
    [{"description": "Mine"}, {"status": "active"}, {"status": "archived"}, {"status": "deleted"}, {"name": "Mine"}]
)
points = st.integers(1, 15) | st.integers(1, 60)  # of those that a run passes, in their order
tried: Counter[str] = Counter()


class Virtual:
    """The clock that a waiting apply sees; sleeping moves it, and the service with it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._passed = 0.0
        self.ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.ahead += seconds
        self.passes(seconds)
        await asyncio.sleep(0)

    def passes(self, seconds: float) -> None:
        """The service's clock moves on; what was due until then is due now, and the list has caught up as far."""
        self._passed += seconds
        self._service.switch(clock_skew_seconds=self._passed)
        connection = self._service._db.connection
        connection.execute("UPDATE late SET due_us = due_us - ?", (int(seconds * SECOND),))
        lags = [rule for rule in self._service.faults if rule["fault"] == "list_lag"]
        others = [rule for rule in self._service.faults if rule["fault"] != "list_lag"]
        left = [{**rule, "seconds": rule["seconds"] - seconds} for rule in lags if rule["seconds"] > seconds]
        self._service.set_faults([*others, *left])


class Whole(RuleBasedStateMachine):
    """One project, one service, and everybody who can disturb them."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # noqa: S108 - only for speed
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.project = Project(self.folder / "project", self.folder / "home")
        self.project.configure(timeouts={"total": 60}, recovery={"grace": GRACE, "skew": 0})
        self.service = Service(self.project.folder / ".sandbox")
        self.clock = Virtual(self.service)
        self.declared: dict[str, dict[str, Any]] = {}
        self.renamed: dict[str, str] = {}
        self.said: list[str] = []
        self.steps = 0

    # -- people

    @initialize(spec=specs)
    def begin(self, spec: dict[str, Any]) -> None:
        self.declare("a", spec)

    @rule(name=names, spec=specs)
    def declare(self, name: str, spec: dict[str, Any]) -> None:
        self.declared[name] = spec
        for other in [new for new, old in self.renamed.items() if old == name]:
            del self.renamed[other]  # a name cannot be declared and be another's former one
            self.write(other)
        self.write(name)

    @precondition(lambda self: len(self.declared) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.take_away(data.draw(st.sampled_from(sorted(self.declared))))

    @precondition(lambda self: len(self.declared) < len(NAMES))
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(sorted(self.declared)))
        new = data.draw(st.sampled_from(sorted(set(NAMES) - self.declared.keys())))
        spec = self.declared[old]
        self.take_away(old)
        self.declare(new, spec)
        self.renamed[new] = old
        self.write(new)

    @rule(edit=edits, data=st.data())
    def a_colleague_edits(self, edit: dict[str, Any], data: st.DataObject) -> None:
        rows = [row["id"] for row in self.service.dump() if row["status"] not in GONE]
        if rows:
            self.service.admin_edit(data.draw(st.sampled_from(rows)), edit)

    @rule(data=st.data())
    def a_colleague_deletes(self, data: st.DataObject) -> None:
        rows = [row["id"] for row in self.service.dump()]
        if rows:
            self.service.admin_delete(data.draw(st.sampled_from(rows)))

    # -- the service and the network

    @rule()
    def the_list_lags(self) -> None:
        self.service.set_faults([*self.service.faults, f"list_lag:*:seconds={LAG}"])

    @rule()
    def time_passes(self) -> None:
        self.clock.passes(LATE + LAG)

    # -- runs

    @rule()
    def apply(self) -> None:
        assert self.jmctl("apply", "--auto-approve") in (0, 3, 4), self.said[-1]
        tried["applies"] += 1

    @rule(losses=st.lists(st.tuples(st.sampled_from(LOSSES), calls, st.integers(0, 2)), min_size=1, max_size=3))
    def apply_with_lost_answers(self, losses: list[tuple[str, str, int]]) -> None:
        rules = [{"fault": fault, "operation": call, "skip": skip, "count": 1} for fault, call, skip in losses]
        rules = [{**rule, "seconds": LATE} if rule["fault"] == "late" else rule for rule in rules]
        lags = [rule for rule in self.service.faults if rule["fault"] == "list_lag"]
        self.service.set_faults([*lags, *rules])
        assert self.jmctl("apply", "--auto-approve") in (0, 1, 3, 4), self.said[-1]
        self.service.set_faults([rule for rule in self.service.faults if rule["fault"] == "list_lag"])
        tried["applies with lost answers"] += 1

    @rule(number=points, truth=st.sampled_from(["did", "did_not"]), at_once=st.sampled_from([1, 8]))
    def killed_apply(self, number: int, truth: str, at_once: int) -> None:
        strike = {"point": number, "fault": "death", "truth": truth, "bystander": None, "ids": {}, "trace": None}
        with pytest.MonkeyPatch.context() as patched:
            strike = install(self.project.folder, strike, patched.setattr)  # type: ignore[assignment]
            self.jmctl("apply", "--auto-approve", "--concurrency", str(at_once))
        tried["kills"] += strike.struck  # type: ignore[attr-defined]

    @rule(number=points, spec=specs, name=names)
    def killed_while_something_is_new(self, number: int, spec: dict[str, Any], name: str) -> None:
        self.declare(name, spec)
        self.killed_apply(number, "did", 8)

    @rule()
    def a_second_runner(self) -> None:
        rows = self.service.dump()
        with LocalBackend(self.project.snapshot.parent, "default").open(current_holder("test")):
            # opening commits what a killed run left in its journal
            before = self.files()
            assert self.jmctl("apply", "--auto-approve") == 5
            assert before == self.files()
        assert rows == self.service.dump()

    @rule()
    def plan_only_looks(self) -> None:
        before = self.files()
        assert self.jmctl("plan", "--detailed-exitcode") in (0, 2), self.said[-1]
        assert before == self.files()

    # -- what must always hold

    @invariant()
    def nothing_is_lost_and_nothing_is_twice(self) -> None:
        self.steps += 1
        state = remembered(self.project)
        rows = self.service.dump()
        known = {entry.id for entry in state.entries.values()}
        assert len(known) == len(state.entries), "one interview under two names"
        former = {old.id for entry in state.entries.values() for old in entry.history}
        strange = Counter(row["code"] for row in rows if row["status"] not in GONE and row["id"] not in known | former)
        doubted = Counter(attempt.code for attempt in state.in_doubt.values())
        assert strange <= doubted, "made and forgotten, or made twice"
        check_keys(state, rows, self.project, at_rest=False)

    def teardown(self) -> None:
        try:
            if self.steps:
                self.converge()
        finally:
            self.service.close()
            shutil.rmtree(self.folder)

    def converge(self) -> None:
        """Left alone, a few runs come to what is declared."""
        self.service.set_faults([])
        self.clock.passes(GRACE)
        for _ in range(MORE_RUNS):
            code = self.jmctl("apply", "--auto-approve")
            assert code in (0, 3, 4), self.said[-1]
            if code == 0 and self.jmctl("plan", "--detailed-exitcode") == 0:
                break
        else:
            raise AssertionError(f"it does not come to rest: {self.said[-3:]}")
        state, rows = remembered(self.project), self.service.dump()
        live = {row["id"]: row for row in rows if row["status"] not in GONE}
        assert {entry.name: entry.id for entry in state.entries.values()}.keys() == self.declared.keys()
        assert Counter(entry.id for entry in state.entries.values()) == Counter(live.keys()), "declared is what exists"
        assert state.in_doubt == {}
        for name, spec in self.declared.items():
            row, entry = live[state.entries[interview(name)].id], state.entries[interview(name)]
            is_held = bool(entry.embed_signing_key)
            assert is_held == spec.get("is_embedded", is_held), (name, "\n".join(self.said[-12:]))
            if spec.get("is_embedded") is False:
                assert (row["embed_id"], row["embed_signing_key"]) == (None, None), name
            for column in ("description", "max_duration", "status"):
                assert row[column] == spec.get(column, row[column]), (name, column)
        check_keys(state, rows, self.project)
        check_no_secret(self.project, rows, *self.said)
        assert self.jmctl("state", "verify", "--remote") == 0
        tried["sequences"] += 1
        tried["steps"] += self.steps
        tried["longest"] = max(tried["longest"], self.steps)

    # -- how

    def write(self, name: str) -> None:
        path = self.project.write(name, **self.declared[name])
        if name in self.renamed:
            text = path.read_text().replace(
                f"  name: {name}\n", f"  name: {name}\n  renamed_from: [{self.renamed[name]}]\n", 1
            )
            path.write_text(text)

    def take_away(self, name: str) -> None:
        del self.declared[name]
        self.renamed.pop(name, None)
        (self.project.folder / "interviews" / f"{name}.yaml").unlink()

    def files(self) -> dict[str, bytes]:
        state = self.project.snapshot.parent
        return {path.name: path.read_bytes() for path in state.glob("*")} if state.exists() else {}

    def jmctl(self, *arguments: str) -> int:
        """Runs a command here and now."""
        self.clock.ahead = 0.0
        waiting = SimpleNamespace(sleep=self.clock.sleep, gather=asyncio.gather, Semaphore=asyncio.Semaphore)
        told = io.StringIO()
        before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        with (
            pytest.MonkeyPatch.context() as patched,
            contextlib.redirect_stdout(told),
            contextlib.redirect_stderr(told),
        ):
            for name in [name for name in os.environ if name.startswith(("XDG_", "JMCTL_", "JOBMOJITO_"))]:
                patched.delenv(name)
            for name, value in self.project.environment.items():
                patched.setenv(name, value)
            patched.chdir(self.project.folder)
            patched.setattr(sys, "argv", ["jmctl", *arguments])
            patched.setattr(find_lost, "time", self.clock)
            patched.setattr(connection, "time", self.clock)
            patched.setattr(find_lost, "asyncio", waiting)
            code = main()
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
        self.said.append(f"{json.dumps(arguments)} -> {code}\n{told.getvalue()}")
        return code


# those that die within this process leave their files to the collector
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_sequence_ends_as_declared(part: int) -> None:
    tried.clear()
    count = SEQUENCES // PARTS
    machine = Whole if "JMCTL_MODEL_SEQUENCES" in os.environ else seed(part)(type("Whole", (Whole,), {}))
    chosen = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in Phase if phase is not Phase.shrink or "JMCTL_MODEL_HASTY" not in os.environ],
    )
    run_state_machine_as_test(machine, settings=chosen)
    print(", ".join(f"{count} {what}" for what, count in sorted(tried.items())))  # noqa: T201 - what was tried
    assert tried["sequences"] >= count
    assert tried["longest"] >= STEPS
    assert tried["kills"] >= count / 2
