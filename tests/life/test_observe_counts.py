"""What observing costs: a list call for each type and 1,000 interviews, and a read only for what moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from workshop import MINIMAL, interview
from world import CREATE, GET, LIST, Sent, World, document, resolved, told

from reconciler.plan.model import Look
from reconciler.sandbox.service import Service
from reconciler.state.model import Entry


def manage(world: World, count: int, kinds: tuple[str, ...] = ("interview",)) -> list[dict[str, Any]]:
    """`count` interviews on the service and in the state, as if they had been applied and looked at."""
    documents = [
        document(f"no-{number:04}", name=f"No {number}", type=kinds[number % len(kinds)]) for number in range(count)
    ]
    wanted = {want.name: want for want in resolved(documents[:1])}
    template = next(iter(wanted.values()))
    entries = {}
    for one in documents:
        spec = {**template.spec, **{key: one["spec"][key] for key in ("name", "type")}}
        interview_id = create(world.service, spec)
        address = interview(one["metadata"]["name"])
        entries[address] = Entry(address, interview_id, spec)
    seen = {row["id"]: (row["created_at"], row["updated_at"]) for row in world.service.dump()}
    world.state = replace(
        world.state,
        entries={
            name: replace(entry, created_at=seen[entry.id][0], updated_at=seen[entry.id][1])
            for name, entry in entries.items()
        },
    )
    return documents


def create(service: Service, spec: Any) -> str:
    import orjson

    body = orjson.dumps({**MINIMAL, **spec})
    reply = service.outcome("POST", f"/functions/v1/{CREATE}", {}, {"Authorization": "Bearer x"}, body)
    return str(orjson.loads(reply.body)["interview_def_set_id"])  # type: ignore[union-attr]


def costs(world: World, *documents: dict[str, Any]) -> dict[str, int]:
    """The requests of one plan that finds nothing to do, by operation."""
    world.sent.clear()
    assert told(world.plan(*documents)) == []
    return dict(Counter(sent.operation for sent in world.sent))


@pytest.mark.parametrize(("count", "lists"), [(1, 1), (10, 1), (1000, 1), (1001, 2), (3000, 3)])
def test_unchanged_interviews_of_one_type_cost_a_list_call_for_each_thousand(
    world: World, count: int, lists: int
) -> None:
    documents = manage(world, count)
    assert costs(world, *documents) == {LIST: lists}
    assert {sent.query["limit"] for sent in world.sent} == {"1000"}


def test_every_type_has_a_list_of_its_own(world: World) -> None:
    documents = manage(world, 30, ("interview", "coaching", "assessment"))
    assert costs(world, *documents) == {LIST: 3}
    assert {sent.query["type"] for sent in world.sent} == {"interview", "coaching", "assessment"}


def test_a_new_project_looks_once_before_it_creates(world: World) -> None:
    world.plan(document("one"))
    assert {sent.operation for sent in world.sent} == {LIST}


def test_only_what_moved_is_read(world: World) -> None:
    documents = manage(world, 200)
    moved = [world.id(name) for name in ("no-0003", "no-0077", "no-0199")]
    for interview_id in moved:
        world.service.admin_edit(interview_id, {"slug": "touched"})
    assert costs(world, *documents) == {LIST: 1, GET: 3}
    assert sorted(sent.query["position_id"] for sent in world.sent if sent.operation == GET) == sorted(moved)


def test_an_apply_that_changed_nothing_else_lets_the_next_plan_read_nothing(world: World) -> None:
    documents = manage(world, 50)
    documents[7]["spec"]["description"] = "Other"
    world.settle(*documents)
    assert costs(world, *documents) == {LIST: 1}


def test_created_and_adopted_interviews_are_not_read_again(world: World) -> None:
    first = [document(f"no-{number}", name=f"No {number}") for number in range(5)]
    world.apply(*first)
    assert costs(world, *first) == {LIST: 1}
    ids = {entry.name: entry.id for entry in world.state.entries.values()}
    world.state = replace(world.state, entries={})
    world.settle(*(document(name, metadata={"import": ids[name]}, name=f"No {name[-1]}") for name in ids))
    assert costs(world, *first) == {LIST: 1}


@pytest.mark.parametrize("touched", [1, 40])
def test_paging_survives_writes_between_the_pages(tmp_path: Path, touched: int) -> None:
    """What is written while paging moves to the front and pushes the rest back, across the border of pages."""
    with World(tmp_path / "sandbox") as world:
        documents = manage(world, 2100)
        other = Service(tmp_path / "sandbox")
        oldest = [world.id(f"no-{number:04}") for number in range(touched)]
        pages = iter(range(1))

        def meanwhile(sent: Sent) -> None:
            if sent.query.get("offset") == "1000" and next(pages, None) is not None:
                for interview_id in oldest:
                    other.admin_edit(interview_id, {"slug": "touched"})

        world.wire.meanwhile = meanwhile
        world.sent.clear()
        sights = looked_at(world, documents)
        other.close()
        assert len(sights) == 2100
        assert Look.MISSING not in sights.values()
        unread = [interview_id for interview_id, sight in sights.items() if sight is Look.UNCHANGED]
        assert len(unread) == 2100 - touched, "one list more, instead of a read for each that was pushed back"
        assert Counter(sent.operation for sent in world.sent)[LIST] <= 6


def looked_at(world: World, documents: list[dict[str, Any]]) -> dict[str, Any]:
    from reconciler.engine.observe import observe

    sights: dict[str, Any] = world.asked(
        lambda session: observe(resolved(documents), world.state, session.reader, session.concurrency)
    )
    return sights


def test_a_list_that_never_stands_still_ends_and_loses_nothing(tmp_path: Path) -> None:
    """Somebody writes between all pages: what no page shows is read."""
    with World(tmp_path / "sandbox") as world:
        documents = manage(world, 2100)
        other = Service(tmp_path / "sandbox")
        turn = iter(range(10_000))

        def meanwhile(sent: Sent) -> None:
            if sent.operation == LIST:
                for _ in range(5):
                    other.admin_edit(world.id(f"no-{next(turn) % 2100:04}"), {"slug": "touched"})

        world.wire.meanwhile = meanwhile
        world.sent.clear()
        sights = looked_at(world, documents)
        other.close()
        assert len(sights) == 2100
        assert Look.MISSING not in sights.values()
        assert Counter(sent.operation for sent in world.sent)[LIST] <= 9


def test_a_list_that_lags_behind_hides_nothing_that_was_applied(world: World) -> None:
    """The list shows old rows or none: then interviews are read, and what was applied is found."""
    world.service.set_faults(["list_lag:list:seconds=3600"])
    first = document("one", description="First")
    world.apply(first)
    assert costs(world, first) == {LIST: 1, GET: 1}
    second = document("one", description="Second")
    world.settle(second)
    assert costs(world, second)[GET] == 1


def test_a_list_that_shows_something_deleted_too_late(world: World) -> None:
    """Deleted and brought back: the list still says deleted, and believing it would make a second interview."""
    world.settle(document("one"))
    world.service.admin_edit(world.id("one"), {"status": "deleted"})
    world.service.admin_edit(world.id("one"), {"status": "draft"})
    row = world.service.dump()[0]
    stale = {
        "updated_us": 0,
        "columns": {**{key: row[key] for key in row if key not in ("steps", "id")}, "status": "deleted"},
    }
    import orjson

    world.service._db.connection.execute("UPDATE interviews SET listed_before = ?", (orjson.dumps(stale),))
    world.service.set_faults(["list_lag:list:seconds=3600"])
    assert told(world.plan(document("one"))) == []


@pytest.mark.parametrize("listed", [True, False])
def test_deleted_interviews_are_missing_whether_listed_or_not(world: World, listed: bool) -> None:  # noqa: FBT001
    world.service.switch(deleted_is_listed=listed)
    world.settle(document("one"), document("two"))
    world.service.admin_edit(world.id("one"), {"status": "deleted"})
    assert [(change.name, change.action.value) for change in world.plan(document("one"), document("two")).pending] == [
        ("one", "recreate")
    ]


def test_a_changed_type_is_still_found(world: World) -> None:
    world.settle(document("one"))
    world.service.admin_edit(world.id("one"), {"type": "assessment"})
    (change,) = world.plan(document("one")).pending
    assert [(part.path, part.origin) for part in change.fields] == [(("type",), "drift")]
