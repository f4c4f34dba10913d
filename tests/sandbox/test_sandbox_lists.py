from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Asker

_INTERACTIVE = "46b98d37-1557-4391-beca-03037ead19f2"


def test_newest_updated_first(ask: Asker) -> None:
    first, second, third = (ask.create(name=name) for name in "abc")
    ask.update(first, name="a2")
    assert [item["id"] for item in ask.listed()] == [first, third, second]


def test_pages(ask: Asker) -> None:
    made = [ask.create(name=f"n{number}") for number in range(5)][::-1]
    status, page = ask.fetch("merchant-interview-list", limit="2", offset="2")
    assert status == 200
    assert [item["id"] for item in page["data"]] == made[2:4]
    assert page["pagination"] == {"total": 5, "limit": 2, "offset": 2, "has_more": True}
    _, page = ask.fetch("merchant-interview-list", limit="2", offset="4")
    assert page["pagination"]["has_more"] is False
    _, page = ask.fetch("merchant-interview-list", offset="")
    assert page["pagination"] == {"total": 5, "limit": 50, "offset": 0, "has_more": False}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Zoë", "draft one"]),
        ({"type": "assessment"}, ["test"]),
        ({"status": "draft"}, ["draft one"]),
        ({"filter_text": "ZO"}, ["Zoë"]),
        ({"filter_text": "marker"}, []),
        ({"filter_txt": "Zo"}, ["Zoë", "draft one"]),
        ({"filter_emoji": "x"}, []),
    ],
)
def test_filters(ask: Asker, query: dict[str, str], names: list[str]) -> None:
    ask.create(name="test", type="assessment")
    ask.create(name="draft one", code="marker")
    ask.create(name="Zoë", status="active")
    assert [item["name"] for item in ask.listed(**query)] == names


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"status": "gone"}, "status"),
        ({"type": "job"}, "type"),
        ({"show_demo": "yes"}, "show_demo"),
        ({"merchant_id": "x"}, "merchant_id"),
    ],
)
def test_wrong_parameters_are_named(ask: Asker, query: dict[str, str], name: str) -> None:
    status, envelope = ask.fetch("merchant-interview-list", **query)
    assert (status, envelope["name"]) == (422, name)


def test_items(ask: Asker) -> None:
    interview = ask.create(questions=[{"question": "A", "duration": 60}, {"question": "B"}], code="x")
    (item,) = ask.listed()
    assert item["id"] == interview
    assert item["type_avatar"] == "interactive_heygen"
    assert item["environment"] == "production"
    assert item["calc_duration"] == 60
    assert item["interview_count"] == 0
    assert item.keys().isdisjoint({"code", "tags", "questions"})


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 5),
        ({"include_archived": "true"}, 6),
        ({"status": "archived"}, 1),
        ({"include_public": "true"}, 6),
        ({"type": "offline_elai"}, 1),
        ({"mojito_language_code": "es"}, 1),
        ({"filter_text": "spanish"}, 1),
        ({"filter_text": "OLIVIA"}, 1),
        ({"limit": "2"}, 2),
    ],
)
def test_avatars(ask: Asker, query: dict[str, str], count: int) -> None:
    status, page = ask.fetch("merchant-avatar-list", **query)
    assert (status, len(page["data"])) == (200, count)
    stamps = [item["updated_at"] for item in page["data"]]
    assert stamps == sorted(stamps, reverse=True)


def test_media_urls_never_repeat(ask: Asker) -> None:
    one, other = (ask.fetch("merchant-avatar-list", filter_text="olivia")[1]["data"][0] for _ in range(2))
    assert one["id"] == other["id"] == _INTERACTIVE
    assert one["media_url"] != other["media_url"]


def test_languages_are_sorted_by_english_name(ask: Asker) -> None:
    _, answer = ask.fetch("platform-languages-list")
    names = [language["name_english"] for language in answer["languages"]]
    assert names == sorted(names)
    assert len(names) == 34
    assert all(language["accents"] for language in answer["languages"])
    assert {"no", "fil", "br"} <= {language["code"] for language in answer["languages"]}


def test_standing(ask: Asker) -> None:
    ask.create(status="active")
    ask.create()
    _, figures = ask.fetch("merchant-status")
    assert figures["definitions_active"] == 1
    assert figures["invitations_limit"] == 4 * (200 + 20)
    assert figures["invitations_available"] == figures["invitations_limit"] - figures["invitations_sent"]
    assert len(figures["candidates_history"]) == len(figures["interview_result_history"]) == 14
    assert figures["merchant_id"] == figures["default_merchant_id"]
    ask.service.switch(subscription_type="Special")
    assert ask.fetch("merchant-status")[1]["invitations_limit"] is None
