"""A kind is a folder and a row in the registry: plan, state, apply, fmt and views know it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import click
import pytest

from reconciler.address import Address
from reconciler.api.protocol import Changed, Created
from reconciler.engine.apply_change import Applier
from reconciler.engine.create import Creator
from reconciler.engine.observe import observe
from reconciler.engine.recorder import Recorder
from reconciler.errors import Where
from reconciler.fmt.arrange import arranged
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action, Plan
from reconciler.plan.reconcile import reconcile
from reconciler.project.cache_entry import kept, recalled
from reconciler.project.validate import judge
from reconciler.resources.kind import KINDS, kind_named
from reconciler.resources.observed import Listed, Observed
from reconciler.resources.read import attributes
from reconciler.state.format import dump_state, parse_state
from reconciler.state.model import State
from reconciler.state.records import Record
from reconciler.state.replay import replay
from reconciler.views.plan_text import plan_lines

GOLD = Address("Badge", "gold")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "Badge", "badge.kind:BADGE")


def manifest(**spec: str) -> bytes:
    lines = ["apiVersion: jmctl/v1", "kind: Badge", "metadata:", "  name: gold", "spec:"]
    return "\n".join([*lines, *(f"  {name}: {value}" for name, value in spec.items()), ""]).encode()


def declared(**spec: str) -> list[Desired]:
    desired, problems = judge(manifest(**spec), "badges/gold.yaml")
    assert problems == []
    return desired


class Badges:
    """A service that knows badges, in memory, by its own names."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[Any, ...]] = []

    async def list_interviews(
        self, kind: str, merchant_id: str | None = None, *, since: str | None = None
    ) -> list[Listed]:
        assert (kind, merchant_id, since) == ("badge", None, None)
        return [Listed(key, row["title"], kind, "active", "t0", row["moved"]) for key, row in self.rows.items()]

    async def read(self, interview_id: str) -> Observed | None:
        row = self.rows.get(interview_id)
        found = row and attributes(kind_named("Badge").fields, row)
        return Observed(interview_id, found, "active", "t0", row["moved"]) if row and found else None

    async def create(self, attributes: Mapping[str, Any]) -> Created:
        self.calls.append(("create", dict(attributes)))
        key = f"id-{len(self.rows)}"
        self.rows[key] = {"title": None, "shape": None, "look": {}, "code": None}
        self._write(key, attributes)
        return Created(key)

    async def update(self, interview_id: str, patch: Mapping[str, Any]) -> Changed:
        self.calls.append(("update", interview_id, dict(patch)))
        self._write(interview_id, patch)
        return Changed({})

    async def set_state(
        self, interview_id: str, *, status: str | None = None, is_embedded: bool | None = None
    ) -> Changed:
        self.calls.append(("set_state", interview_id, status))
        assert is_embedded is None
        if status in ("archived", "deleted"):
            del self.rows[interview_id]
        return Changed({})

    def _write(self, key: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            *above, last = kind_named("Badge").fields[name].read or ()
            place = self.rows[key]
            for step in above:
                place = place[step]
            place[last] = value
        self.rows[key]["moved"] = f"t{len(self.calls)}"


class Writer:
    """The state in memory, as the engine writes it."""

    def __init__(self) -> None:
        self.state = State("lineage")

    def announce(self, intents: Sequence[Record]) -> None:
        self.append(intents)

    def append(self, records: Sequence[Record]) -> None:
        self.state = replay(self.state, records)

    def seconds_left(self) -> float:
        return inf


def plan(desired: list[Desired], writer: Writer, service: Badges) -> Plan:
    sights = asyncio.run(observe(desired, writer.state, service, 2))
    return reconcile(desired, writer.state, sights, owner="demo")


def apply(desired: list[Desired], writer: Writer, service: Badges) -> list[Action]:
    async def run(made: Plan) -> list[Action]:
        recorder = Recorder(writer)  # type: ignore[arg-type] - as much of a writer as applying needs
        applier = Applier(service, recorder, Creator(service, recorder, (), "demo"))
        results = [await applier.apply(change) for change in made.pending]
        assert {result.ending for result in results} <= {"done"}, results
        return [result.action for result in results]

    return asyncio.run(run(plan(desired, writer, service)))


def test_its_life() -> None:
    writer, service = Writer(), Badges()
    assert apply(declared(name="Gold", shape="round", colour="Yellow"), writer, service) == [Action.CREATE]
    assert service.calls == [
        ("create", {"name": "Gold", "shape": "round", "colour": "Yellow", "code": "jmctl:demo/gold"})
    ]
    assert writer.state.entries[GOLD].attributes == {"name": "Gold", "shape": "round", "colour": "Yellow"}
    assert plan(declared(name="Gold", shape="round", colour="yellow"), writer, service).changes[0].action is Action.KEEP

    assert apply(declared(name="Gold", shape="round", colour="red"), writer, service) == [Action.UPDATE]
    assert service.calls[-1] == ("update", "id-0", {"colour": "red"})
    assert apply(declared(name="Gold", shape="square", colour="red"), writer, service) == [Action.REPLACE]
    assert [call[0] for call in service.calls[2:]] == ["create", "set_state"]
    assert plan(declared(name="Gold", shape="square", colour="red"), writer, service).pending == ()

    assert apply([], writer, service) == [Action.ARCHIVE]
    assert (writer.state.entries, service.rows) == ({}, {})


def test_the_state_keeps_it() -> None:
    writer = Writer()
    apply(declared(name="Gold"), writer, Badges())
    again = parse_state(dump_state(writer.state), Where("state/default.json"))
    assert again.entries[GOLD].attributes == {"name": "Gold"}


def test_the_view_of_a_plan_shows_it() -> None:
    writer, service = Writer(), Badges()
    created = plan(declared(name="Gold", colour="yellow"), writer, service)
    assert '      + colour  "yellow"' in shown(created)
    apply(declared(name="Gold", colour="yellow", shape="round"), writer, service)
    changed = shown(plan(declared(name="Gold", colour="red", shape="square"), writer, service))
    assert '      ~ shape  "round" -> "square"  # forces replacement' in changed
    repainted = shown(plan(declared(name="Gold", colour="red", shape="round"), writer, service))
    assert "      note: repaint before the next shift" in repainted


def shown(made: Plan) -> list[str]:
    return [click.unstyle(line) for line in plan_lines(made)]


def test_its_mistakes_are_explained_by_its_own_table_and_words() -> None:
    desired, problems = judge(manifest(name="Gold", color="red", shape="oval"), "badges/gold.yaml")
    assert desired == []
    assert [(problem.summary, problem.hint) for problem in problems] == [
        ("unknown value", "write round or square"),
        ("unknown field", "did you mean `colour`?"),
    ]


def test_its_keys_have_their_order() -> None:
    written = arranged(manifest(colour="red", name="Gold", shape="round").decode())
    assert written.encode() == manifest(name="Gold", shape="round", colour="red")


def test_the_cache_gives_it_back_as_what_it_is() -> None:
    desired = declared(name="Gold")
    known = recalled(kept({"digest": "badges/gold.yaml"}, desired, []), {"digest": "badges/gold.yaml"})
    assert known is not None
    assert known[0][0].address == GOLD
