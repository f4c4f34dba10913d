"""A project in one process: manifests in memory, the real pipeline and client, the sandbox without a socket.

Everything between YAML text and HTTP is the product's own library; only the state is kept in memory. Every request is
noted before it is answered.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import httpx
import orjson
import pyrage
from workshop import MINIMAL, interview

from reconciler.engine.carry_out import carry_out
from reconciler.engine.plan import plan_observed, plan_without_service
from reconciler.engine.project import Project
from reconciler.engine.session import Session, open_session
from reconciler.engine.walk import StopSignal
from reconciler.events import AppliedDiffers, Event
from reconciler.manifest.desired import Desired
from reconciler.plan.guards import ApplyPolicy
from reconciler.plan.model import Change, Plan
from reconciler.plan.outcome import Result
from reconciler.project.config import Config
from reconciler.project.cross_checks import check_across
from reconciler.project.validate import judge
from reconciler.resources.kind import kind_named
from reconciler.resources.observed import Observed
from reconciler.sandbox.service import Service
from reconciler.sandbox.transport import SandboxTransport
from reconciler.state.backend import Snapshot
from reconciler.state.model import State
from reconciler.state.records import Begun, Record
from reconciler.state.replay import replay

CREATE = "job-interview-create-from-array"
UPDATE = "job-interview-update"
SET_STATE = "job-interview-set-state"
GET = "job-interview-get"
LIST = "merchant-interview-list"
PROJECT = "tests"
RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())


@dataclass(frozen=True)
class Sent:
    """One request as it left."""

    method: str
    operation: str
    query: Mapping[str, str]
    body: Any

    @property
    def fields(self) -> set[str]:
        """What a write is about: the names in its body without the id."""
        return set(self.body) - {"position_id"}


class Wire(httpx.AsyncBaseTransport):
    """Notes what passes and hands it to the sandbox; `meanwhile` is called with each request before it is answered."""

    def __init__(self, sandbox: SandboxTransport) -> None:
        self.sandbox = sandbox
        self.sent: list[Sent] = []
        self.meanwhile: Callable[[Sent], None] = lambda _: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        operation = request.url.path.rsplit("/", 1)[-1]
        sent = Sent(request.method, operation, dict(request.url.params), orjson.loads(body) if body else None)
        self.sent.append(sent)
        self.meanwhile(sent)
        return await self.sandbox.handle_async_request(request)

    async def aclose(self) -> None:
        """Connections come and go, the sandbox stays."""


class Memory:
    """A writer of the state of a world, without a file."""

    left_behind = None
    announces_together = False

    def __init__(self, world: World) -> None:
        self._world = world
        self.snapshot = Snapshot(world.state)
        self.records: list[Record] = []

    @property
    def state(self) -> State:
        return replay(self.snapshot.state, self.records)

    def announce(self, intents: Sequence[Begun]) -> None:
        self.records.extend(intents)

    def append(self, records: Sequence[Record]) -> None:
        self.records.extend(records)

    def checkpoint(self) -> None:
        """Nothing outlives this process."""

    def finish(self, unwritten: Sequence[Record] = ()) -> Snapshot:
        self.append(unwritten)
        self._world.state, self._world.records = self.state, [*self._world.records, *self.records]
        return Snapshot(self.state)

    def seconds_left(self) -> float:
        return inf


def document(name: str, /, *, metadata: Any = None, lifecycle: Any = None, **spec: Any) -> dict[str, Any]:
    """A manifest as a value: the smallest interview with `spec` over it; a field that is `...` is left out."""
    fields = {key: value for key, value in {**MINIMAL, **spec}.items() if value is not ...}
    made = {"apiVersion": "jmctl/v1", "kind": "Interview", "metadata": {"name": name, **(metadata or {})}}
    return {**made, "spec": fields, **({"lifecycle": lifecycle} if lifecycle else {})}


def resolved(documents: Iterable[Mapping[str, Any] | str]) -> list[Desired]:
    """What manifests want, through the front that reads files; JSON is YAML."""
    desired: list[Desired] = []
    for number, given in enumerate(documents):
        text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        found, problems = judge(text.encode(), f"interviews/{number}.yaml")
        assert not [problem for problem in problems if problem.severity == "error"], (problems, text)
        desired += found
    across = [problem for problem in check_across(desired) if problem.severity == "error"]
    assert not across, across
    return sorted(desired, key=lambda want: want.name)


class World:
    """One project and one service; `state` is what jmctl remembers."""

    def __init__(self, folder: Path, **switches: Any) -> None:
        self.wire = Wire(SandboxTransport(folder))
        self.state = State(lineage="tests")
        self.records: list[Record] = []
        self.events: list[Event] = []
        config = Config(
            root=folder,
            file=folder / "jmctl.yaml",
            environment="default",
            project=PROJECT,
            manifests=(),
            endpoint="sandbox:.",
            state="state",
            recipients=(RECIPIENT,),
        )
        self.project = Project(config, notify=self.events.append, transport=self.wire)
        self._runner = asyncio.Runner()
        if switches:
            self.service.switch(**switches)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()
        self.service.close()

    def begin_again(self, **switches: Any) -> None:
        """An empty service and an empty state."""
        self.service.reset()
        self.service.switch(**switches)
        self.state, self.records = State(lineage="tests"), []
        self.wire.sent.clear()
        self.wire.meanwhile = lambda _: None

    @property
    def service(self) -> Service:
        return self.wire.sandbox.service

    @property
    def sent(self) -> list[Sent]:
        return self.wire.sent

    @property
    def writes(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.method != "GET"]

    def asked(self, ask: Callable[[Session], Any]) -> Any:
        """What `ask` gives in a session of its own."""

        async def run() -> Any:
            async with open_session(self.project) as session:
                return await ask(session)

        return self._runner.run(run())

    def plan(self, *documents: Mapping[str, Any] | str, refresh: bool = True) -> Plan:
        """What `jmctl plan` would show."""
        desired = resolved(documents)
        plan = plan_without_service(self.project, desired, self.state, refresh=refresh)
        if plan is None:
            made: Plan = self.asked(lambda session: plan_observed(self.project, session, desired, self.state))
            return made
        return plan

    def carry_out(
        self,
        changes: Sequence[Change],
        permit: ApplyPolicy | None = None,
        looked_up: Mapping[str, str] = MappingProxyType({}),
    ) -> list[Result]:
        """What `jmctl apply` would do with these changes, and the looking back after it."""
        permit = permit or ApplyPolicy((RECIPIENT,), len(self.state.entries), max_destroy=None)
        self.events.clear()
        results: list[Result] = self.asked(
            lambda session: carry_out(
                self.project, session, changes, permit, Memory(self), StopSignal(), looked_up=looked_up
            )
        )
        return results

    @property
    def surprises(self) -> list[AppliedDiffers]:
        """The interviews that did not show, after the last apply, what was applied."""
        return [event for event in self.events if isinstance(event, AppliedDiffers)]

    def grow_older(self) -> None:
        """An hour passes since the creates: an interview that the service no longer shows is gone, not late."""
        entries = {
            address: replace(entry, made_at="2026-01-01T00:00:00.000Z" if entry.made_at else None)
            for address, entry in self.state.entries.items()
        }
        self.state = replace(self.state, entries=entries)

    def apply(self, *documents: Mapping[str, Any] | str) -> Plan:
        """Plans and applies; every change has to go well, and as foretold."""
        plan = self.plan(*documents)
        results = self.carry_out(plan.pending, looked_up=plan.looked_up)
        assert [(result.name, result.ending, result.detail) for result in results] == [
            (change.name, "done", "") for change in plan.pending
        ]
        assert self.surprises == []
        return plan

    def settle(self, *documents: Mapping[str, Any] | str) -> Plan:
        """Applies, and holds the law that the next plan is empty."""
        plan = self.apply(*documents)
        again = self.plan(*documents)
        assert told(again) == []
        return plan

    def read(self, interview_id: str) -> Observed | None:
        seen: Observed | None = self.asked(lambda session: session.reader.read(kind_named("Interview"), interview_id))
        return seen

    def stored(self, interview_id: str) -> dict[str, Any]:
        """Everything that the service keeps of one interview."""
        return next(row for row in self.service.dump() if row["id"] == interview_id)

    def questions(self, interview_id: str) -> list[dict[str, Any]]:
        return [step for step in self.stored(interview_id)["steps"] if step["kind"] == "question"]

    def edit_questions(self, interview_id: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
        """A colleague works on the questions in the admin."""
        steps = self.stored(interview_id)["steps"]
        around = [step for step in steps if step["kind"] != "question"]
        closing = [step for step in around if step["kind"] == "thank_you"]
        opening = [step for step in around if step["kind"] != "thank_you"]
        questions = change([step for step in steps if step["kind"] == "question"])
        self.service.admin_edit(interview_id, {"steps": [*opening, *questions, *closing]})

    def id(self, name: str) -> str:
        return self.state.entries[interview(name)].id


def told(plan: Plan) -> list[tuple[Any, ...]]:
    """What a plan would do, short enough to be read in a failed assertion."""
    return [
        (
            change.name,
            change.action.value,
            *(f"{'.'.join(field.path)}: {field.before} -> {field.after} {field.kind}" for field in change.fields),
            *([change.blocked.summary] if change.blocked else []),
        )
        for change in plan.pending
    ]
