"""A kind is a folder and a row in the registry: every use case knows it, through the client and a real session."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import click
import jsonschema_rs
import pytest
import workshop
from badge.service import BadgeService
from ruamel import yaml

import reconciler
from reconciler.address import Address
from reconciler.engine.json_schema import manifest_schema
from reconciler.errors import Where
from reconciler.fmt.arrange import arranged
from reconciler.manifest.desired import Desired
from reconciler.plan.model import Action, Plan
from reconciler.project.cache_entry import kept, recalled
from reconciler.project.validate import judge
from reconciler.resources.kind import KINDS
from reconciler.state.format import dump_state, parse_state
from reconciler.views.plan_review import PlanReview
from reconciler.views.plan_text import plan_lines

GOLD = Address("Badge", "gold")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "Badge", "badge.kind:BADGE")


def manifest(*, called: str = "gold", **spec: str) -> bytes:
    lines = ["apiVersion: jmctl/v1", "kind: Badge", "metadata:", f"  name: {called}", "spec:"]
    return "\n".join([*lines, *(f"  {name}: {value}" for name, value in spec.items()), ""]).encode()


def declared(**spec: str) -> list[Desired]:
    desired, problems = judge(manifest(**spec), "badges/gold.yaml")
    assert problems == []
    return desired


class Scene:
    """A project of badges on disk, and the service that it talks to."""

    def __init__(self, project: workshop.Project) -> None:
        project.configure(project="demo", recovery={"grace": 0.1}, timeouts={"connect": 1, "total": 2})
        self.folder = project.folder
        self.service = BadgeService()
        self._variables = project.environment

    @property
    def project(self) -> reconciler.Project:
        opened = reconciler.open_project(self.folder, variables=self._variables)
        return replace(opened, transport=self.service)

    def declare(self, **spec: str) -> None:
        path = self.folder / "interviews" / "gold.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(manifest(**spec))

    def plan(self) -> Plan:
        return asyncio.run(self.project.plan())

    def apply(self) -> list[tuple[Action, str]]:
        report = asyncio.run(self.project.apply(approve=lambda _: True))
        return [(result.action, result.ending) for result in report.results]


@pytest.fixture
def scene(project: workshop.Project) -> Scene:
    return Scene(project)


def test_a_badge_is_created_updated_replaced_and_archived(scene: Scene) -> None:
    scene.declare(name="Gold", shape="round", colour="Yellow")
    assert scene.apply() == [(Action.CREATE, "done")]
    (call,) = scene.service.calls
    assert call[1].pop("code").startswith("jmctl:2:demo/default/gold/")
    assert call == ("badge-create", {"name": "Gold", "shape": "round", "colour": "Yellow"})
    assert scene.project.state().entries[GOLD].attributes == {"name": "Gold", "shape": "round", "colour": "Yellow"}
    scene.declare(name="Gold", shape="round", colour="yellow")
    assert scene.plan().changes[0].action is Action.KEEP

    scene.declare(name="Gold", shape="round", colour="red")
    assert scene.apply() == [(Action.UPDATE, "done")]
    assert scene.service.calls[-1] == ("badge-update", {"colour": "red"})
    scene.declare(name="Gold", shape="square", colour="red")
    assert scene.apply() == [(Action.REPLACE, "done")]
    assert [operation for operation, _ in scene.service.calls[2:]] == ["badge-create", "badge-set-state"]
    assert scene.plan().pending == ()

    report = asyncio.run(scene.project.destroy(approve=lambda _: True))
    assert [result.ending for result in report.results] == ["done"]
    assert scene.project.state().entries == {}
    assert {row["state"] for row in scene.service.rows.values()} == {"archived"}


def test_drift_of_a_badge_is_found(scene: Scene) -> None:
    scene.declare(name="Gold", colour="yellow")
    scene.apply()
    scene.service.rows["id-0"] |= {"title": "Silver", "moved": "2026-02-01T00:00:00Z"}
    (change,) = asyncio.run(scene.project.drift()).changes
    assert [(field.path, field.before, field.after) for field in change.fields] == [(("name",), "Gold", "Silver")]


def test_a_lost_create_of_a_badge_is_found_by_its_mark(scene: Scene) -> None:
    scene.declare(name="Gold")
    scene.service.lose_next_create = True
    assert scene.apply() == [(Action.CREATE, "unknown")]
    scene.apply()
    assert [operation for operation, _ in scene.service.calls] == ["badge-create"], "not created twice"
    assert scene.project.state().entries[GOLD].id == "id-0"


def test_an_orphan_badge_is_listed_and_imported(scene: Scene) -> None:
    scene.declare(name="Gold", colour="yellow")
    scene.apply()
    scene.project.edits.remove("gold")
    assert [(seen.kind, seen.id) for seen in asyncio.run(scene.project.orphans())] == [("Badge", "id-0")]
    change = asyncio.run(scene.project.import_one("gold", "id-0"))
    assert (change.address, change.fields) == (GOLD, ())
    assert scene.plan().pending == ()
    assert asyncio.run(scene.project.orphans()) == []


def test_the_state_keeps_a_badge(scene: Scene) -> None:
    scene.declare(name="Gold")
    scene.apply()
    again = parse_state(dump_state(scene.project.state()), Where("state/default.json"))
    assert again.entries[GOLD].attributes == {"name": "Gold"}


def test_the_view_of_a_plan_shows_a_badge(scene: Scene) -> None:
    scene.declare(name="Gold", colour="yellow", shape="round")
    assert '      + colour  "yellow"' in shown(scene.plan())
    scene.apply()
    scene.declare(name="Gold", colour="red", shape="square")
    assert '      ~ shape  "round" -> "square"  # forces replacement' in shown(scene.plan())
    scene.declare(name="Gold", colour="red", shape="round")
    assert "      note: repaint before the next shift" in shown(scene.plan())


def shown(made: Plan) -> list[str]:
    return [click.unstyle(line) for line in plan_lines(PlanReview(made))]


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


def test_the_schema_takes_a_badge_and_an_interview() -> None:
    schema = manifest_schema()
    validator = jsonschema_rs.validator_for(schema)
    badge = {"apiVersion": "jmctl/v1", "kind": "Badge", "metadata": {"name": "gold"}, "spec": {"name": "Gold"}}
    assert validator.is_valid(badge)
    assert not validator.is_valid({**badge, "spec": {"name": "Gold", "questions": []}})
    assert not validator.is_valid({**badge, "kind": "Interview"})
    interview = yaml.YAML(typ="safe", pure=True).load(workshop.manifest("one"))
    assert validator.is_valid(interview)
    assert not validator.is_valid({**interview, "kind": "Badge"})


def test_an_unknown_kind_is_explained_by_all_kinds() -> None:
    _, problems = judge(manifest(name="Gold").replace(b"Badge", b"Medal"), "badges/gold.yaml")
    assert problems[0].detail == '`kind` is "Medal", and the kinds are Interview, Badge, Defaults, QuestionSet, Texts'
