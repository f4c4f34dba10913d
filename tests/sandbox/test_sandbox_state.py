from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Asker

_UNKNOWN = "7d1e0000-5a1e-4c0d-9f00-0000000000ff"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"status": None, "is_embedded": None}, 422),
        ({"status": "gone"}, 422),
        ({"status": "archived"}, 200),
        ({"is_embedded": False}, 200),
    ],
)
def test_needs_something_it_knows(ask: Asker, fields: dict[str, Any], status: int) -> None:
    assert ask.set_state(ask.create(), **fields)[0] == status


def test_an_unknown_id_is_500_and_no_uuid_is_422(ask: Asker) -> None:
    assert ask.set_state(_UNKNOWN, status="draft")[0] == 500
    assert ask.set_state("x", status="draft")[0] == 422


@pytest.mark.parametrize("status", ["draft", "active", "archived", "deleted", "preparing", "completed"])
def test_every_status_can_be_set(ask: Asker, status: str) -> None:
    interview = ask.create()
    before = ask.read(interview)["updated_at"]
    assert ask.set_state(interview, status=status) == (200, {"success": True})
    seen = ask.read(interview)
    assert seen["status"] == status
    assert seen["updated_at"] > before
    assert [item["status"] for item in ask.listed()] == [status]


def test_the_embed_key_is_minted_once_and_again_after_removal(ask: Asker) -> None:
    interview = ask.create()
    _, first = ask.set_state(interview, is_embedded=True)
    assert first.keys() == {"embed_id", "embed_signing_key"}
    assert ask.set_state(interview, is_embedded=True, status="active") == (200, first)
    assert ask.set_state(interview, status="draft", is_embedded=None) == (200, {"success": True})
    assert ask.set_state(interview, is_embedded=True)[1] == first
    assert ask.set_state(interview, is_embedded=False) == (200, {"success": True})
    assert ask.service.dump()[0]["embed_id"] is None
    _, second = ask.set_state(interview, is_embedded=True)
    assert second.keys() == first.keys()
    assert second != first


def test_the_key_of_the_create_is_the_key_of_set_state(ask: Asker) -> None:
    _, made = ask.try_create(is_embedded=True)
    _, again = ask.set_state(made.pop("interview_def_set_id"), is_embedded=True)
    assert again == made


def test_embedding_does_not_move_updated_at(ask: Asker) -> None:
    interview = ask.create()
    before = ask.read(interview)
    ask.set_state(interview, is_embedded=True)
    assert ask.read(interview) == before


def test_nothing_of_the_key_can_be_read(ask: Asker) -> None:
    _, made = ask.try_create(is_embedded=True)
    seen = str(ask.read(made["interview_def_set_id"])) + str(ask.listed())
    assert made["embed_id"] not in seen
    assert made["embed_signing_key"] not in seen
