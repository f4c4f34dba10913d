# ruff: noqa: E501 - one row per switch
"""Each switch does what its row says, and a row without a test is an error."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox.reply import RefusalError
from reconciler.sandbox.service import Service
from reconciler.sandbox.switches import DEFAULTS, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Asker

_OFFLINE = "7d1e0000-5a1e-4c0d-9f00-000000000003"
_LEGACY = "7d1e0000-5a1e-4c0d-9f00-000000000004"
_UNKNOWN = "7d1e0000-5a1e-4c0d-9f00-0000000000ff"


def _column(field: str, **fields: Any) -> Callable[[Asker], Any]:
    return lambda ask: ask.read(ask.create(**fields))[field]


def _creates(**fields: Any) -> Callable[[Asker], Any]:
    return lambda ask: ask.try_create(**fields)[0]


def _count(*questions: dict[str, Any]) -> Callable[[Asker], int]:
    return lambda ask: len(ask.read(ask.create(questions=list(questions)))["questions"])


def _decisions(stored: list[dict[str, Any]], sent: list[dict[str, Any]]) -> Callable[[Asker], list[int]]:
    def decided(ask: Asker) -> list[int]:
        diff = ask.update(ask.create(questions=stored), questions=sent)["questions_diff"]
        return [len(diff[name]) for name in ("kept", "added", "removed", "replaced")]

    return decided


def _bumps(change: Callable[[Asker, str], Any]) -> Callable[[Asker], bool]:
    def moved(ask: Asker) -> bool:
        interview = ask.create()
        before = ask.read(interview)["updated_at"]
        change(ask, interview)
        return bool(ask.read(interview)["updated_at"] > before)

    return moved


def _after(change: dict[str, Any], field: str, **fields: Any) -> Callable[[Asker], Any]:
    def seen(ask: Asker) -> Any:
        interview = ask.create(**fields)
        ask.update(interview, **change)
        return ask.read(interview)[field]

    return seen


def _status(operation: str, **query: str) -> Callable[[Asker], int]:
    return lambda ask: ask.fetch(operation, **query)[0]


def _figure(name: str) -> Callable[[Asker], Any]:
    return lambda ask: ask.fetch("merchant-status")[1][name]


def _deleted(ask: Asker) -> str:
    interview = ask.create()
    ask.set_state(interview, status="deleted")
    return interview


def _keys_twice(ask: Asker) -> bool:
    interview = ask.create()
    return ask.set_state(interview, is_embedded=True) == ask.set_state(interview, is_embedded=True)


def _child(ask: Asker) -> bool:
    interview = ask.create(
        questions=[
            {"question": "A", "id": "a", "external_id": "x"},
            {"question": "B", "conditional_question_main_id": "a"},
        ]
    )
    ask.update(interview, questions=[{"question": "A2", "external_id": "x"}, {"question": "B"}])
    parent, child = ask.read(interview)["questions"]
    return bool(parent["id"] == child["conditional_question_main_id"])


def _active_offline(ask: Asker) -> int:
    interview = ask.create(status="active", interview_template_id=_OFFLINE)
    return ask.try_update(interview, status="draft", questions=[{"question": "New"}])[0]


def _stored_requests(ask: Asker) -> int:
    ask.listed()
    ask.service._journal.forget()
    return len(ask.service.requests()["latest"])


def _delay(ask: Asker) -> float:
    return ask.raw("GET", "platform-languages-list", {}).delay


def _second_status(ask: Asker) -> int:
    ask.fetch("merchant-status")
    return ask.fetch("merchant-status")[0]


def _pages(ask: Asker, limit: int = 2) -> list[list[int]]:
    """What each page shows of four interviews, by their place in the whole list."""
    order = [ask.create() for _ in range(4)][::-1]
    pages = [ask.listed(limit=str(limit), offset=str(offset)) for offset in range(0, 4, limit)]
    return [[order.index(item["id"]) for item in page] for page in pages]


def _has_more(ask: Asker) -> list[bool]:
    for _ in range(2):
        ask.create()
    return [
        ask.fetch("merchant-interview-list", limit="1", offset=offset)[1]["pagination"]["has_more"]
        for offset in ("0", "1")
    ]


def _hours_ahead(ask: Asker) -> int:
    """How far ahead created_at is, rounded."""
    created = datetime.fromisoformat(ask.read(ask.create())["created_at"])
    return round((created - datetime.now(UTC)).total_seconds() / 3600)


_A, _B = {"question": "A"}, {"question": "B"}
_LATER = [{"question": "B", "conditional_question_main_id": "a"}, {"question": "A", "id": "a"}]
_MARK = "jmctl:Shop/support-agent-en-with-a-long-name"
_COMPLETE = {
    "countries_allowed": ["CZ", "DE"], "countries_allowed_eu": False, "countries_blocked": [], "countries_blocked_eu": False,
}  # fmt: skip
_MINIMAL_CREATION = {"interview_tone": "relaxed"}

# switch, the value to set, what to look at, what is seen by default, what is seen then
_CASES: list[tuple[str, Any, Callable[[Asker], Any], Any, Any]] = [
    ("accepted_token", "other", _status("merchant-status"), 200, 401),
    ("apikey_required", True, _status("merchant-status"), 200, 401),
    ("caller_is_admin", True, lambda ask: ask.fetch("merchant-status", merchant_id=_UNKNOWN)[1]["merchant_id"] == _UNKNOWN, False, True),
    ("foreign_merchant_is_403", True, _status("merchant-status", merchant_id=_UNKNOWN), 200, 403),
    ("token_lasts_requests", 1, _second_status, 200, 401),
    ("environment", "test", lambda ask: ask.create() and ask.listed()[0]["environment"], "production", "test"),
    ("unknown_body_keys_rejected", True, _creates(colour="red"), 200, 422),
    ("create_enforces_limits", False, _creates(interview_attempts=99), 422, 200),
    ("later_parent_is_422", False, _creates(questions=_LATER), 422, 200),
    ("set_state_needs_something", False, lambda ask: ask.set_state(ask.create())[0], 422, 200),
    ("regenerate_unmet_is_422", True, lambda ask: ask.try_update(ask.create(), regenerate_candidate_expectations=True)[0], 200, 422),
    ("question_knowledge_base_checked", False, _creates(questions=[_A | {"knowledge_base_id": _UNKNOWN}]), 500, 200),
    ("pronunciation_checked", False, _creates(mojito_language_code="cs", required_pronunciation=True), 500, 200),
    ("coaching_refused", True, _creates(type="coaching"), 200, 422),
    ("legacy_templates_usable", True, _creates(interview_template_id=_LEGACY), 500, 200),
    ("deduplication_compares", "text", _count(_A, _A | {"label": "x"}), 2, 1),
    ("deduplication_compares", "everything", _count(_A | {"external_id": "1"}, _A | {"external_id": "2"}), 1, 2),
    ("mark_is", "stripped", _column("code", code=_MARK), _MARK, None),
    ("mark_is", "cut", _column("code", code=_MARK), _MARK, _MARK[:32]),
    ("mark_is", "lower", _column("code", code=_MARK), _MARK, _MARK.lower()),
    ("mark_is", "upper", _after({"code": _MARK}, "code"), _MARK, _MARK.upper()),
    ("external_ids_kept", False, lambda ask: _column("questions", questions=[_A | {"external_id": "x"}])(ask)[0]["external_id"], "x", None),
    ("name_is", "lower", _column("name", name="Řidič A"), "Řidič A", "řidič a"),
    ("texts_are", "trimmed", _column("description", description=" a\r\nb "), " a\r\nb ", "a\r\nb"),
    ("texts_are", "lf", _after({"description_long": "a\r\nb"}, "interview_description_long"), "a\r\nb", "a\nb"),
    ("texts_are", "nfc", lambda ask: _column("questions", questions=[{"question": "Z\u030c"}])(ask)[0]["question"], "Z\u030c", "\u017d"),
    ("fields_ignored", ["interview_salary", "name"], _after({"interview_salary": "2"}, "interview_salary", interview_salary="1"), "2", None),
    ("fields_ignored", ["name"], _after({"name": "New"}, "name", name="Old"), "New", "Old"),
    ("countries_completed", True, _after({"country_availability": {"countries_allowed": ["DE", "CZ"]}}, "country_availability"), {"countries_allowed": ["DE", "CZ"]}, _COMPLETE),
    ("expectations_generated", False, lambda ask: _column("candidate_expectations_json")(ask) is None, False, True),
    ("null_counts_as_omitted", False, lambda ask: _column("candidate_expectations_json", candidate_expectations_json=None)(ask) is None, False, True),
    ("blank_is_null_on_create", False, _column("code", code=" "), None, " "),
    ("create_max_duration", 900, _column("max_duration"), 1200, 900),
    ("default_result_view", "none", _column("result_view"), "full", "none"),
    ("default_video_introduction", "optional", _column("candidate_video_introduction"), "hidden", "optional"),
    ("tone_is_normalised", False, lambda ask: _column("creation_parameters", interview_tone="Odd")(ask)["interview_tone"], "relaxed", "Odd"),
    ("seniority_is_detected", False, _column("creation_parameters"), _MINIMAL_CREATION | {"seniority_level": "intermediate"}, _MINIMAL_CREATION),
    ("scoring_shows_defaults", False, lambda ask: len(_column("result_scoring", custom_scoring={"own": 1})(ask)), 5, 1),
    ("custom_scoring_null", "nothing", lambda ask: (_after({"custom_scoring": None}, "result_scoring", custom_scoring={"own": 1})(ask) or {}).get("own"), None, 1),
    ("scoring_null_keeps_retries", False, _after({"custom_scoring": None}, "result_scoring", interview_attempts=2), {"max_retries": 2}, None),
    ("attempts_stored_on_create", False, _column("result_scoring", interview_attempts=2), {"max_retries": 2}, None),
    ("available_till_gains_time", False, _column("interview_available_till", interview_available_till="2027-01-01"), "2027-01-01T00:00:00.000Z", "2027-01-01"),
    ("reorder_is_kept", False, _decisions([_A, _B], [_B, _A]), [2, 0, 0, 0], [0, 0, 0, 2]),
    ("omitted_keys_unchanged", False, _decisions([_A | {"label": "x"}], [_A]), [1, 0, 0, 0], [0, 0, 0, 1]),
    ("unset_flag_equals_false", False, _decisions([_A | {"external_id": "x"}], [_A | {"external_id": "x", "is_expert": False}]), [1, 0, 0, 0], [0, 0, 0, 1]),
    ("empty_equals_null", False, _decisions([_A | {"external_id": "x"}], [_A | {"external_id": "x", "external_data": {}}]), [1, 0, 0, 0], [0, 0, 0, 1]),
    ("children_repointed", False, _child, True, False),
    ("status_before_questions", True, _active_offline, 422, 200),
    ("unchanged_write_bumps", False, _bumps(lambda ask, interview: ask.update(interview, location="remote")), True, False),
    ("embed_bumps_updated_at", True, _bumps(lambda ask, interview: ask.set_state(interview, is_embedded=True)), False, True),
    ("embed_key_is_stable", False, _keys_twice, True, False),
    ("deleted_is_listed", False, lambda ask: _deleted(ask) and len(ask.listed()), 1, 0),
    ("deleted_is_readable", False, lambda ask: ask.fetch("job-interview-get", position_id=_deleted(ask))[0], 200, 404),
    ("preparing_seconds", 60, _column("status", status="active", interview_template_id=_OFFLINE), "active", "preparing"),
    ("definition_shown", True, lambda ask: _column("calc_definition_json")(ask) is None, True, False),
    ("unset_flags_as", "absent", lambda ask: len(_column("questions")(ask)[0]), 16, 2),
    ("unset_flags_as", "false", lambda ask: _column("questions")(ask)[0]["is_expert"], None, False),
    ("null_reads", ["code"], _column("code", code="x"), "x", None),
    ("list_hides", ["*"], lambda ask: ask.create() and len(ask.listed()), 1, 0),
    ("read_hides", ["*"], lambda ask: ask.fetch("job-interview-get", position_id=ask.create())[0], 200, 404),
    ("page_limit", 1, lambda ask: _pages(ask, 4), [[0, 1, 2, 3]], [[0]]),
    ("rows_move", True, _pages, [[0, 1], [2, 3]], [[0, 1], [1, 2]]),
    ("has_more", "always", _has_more, [True, False], [True, True]),
    ("has_more", "never", _has_more, [True, False], [False, False]),
    ("extra_keys_in_answers", True, lambda ask: ask.create() and "x_unnamed" in ask.listed()[0], False, True),
    ("results_bump_updated_at", True, _bumps(lambda ask, interview: ask.service.add_results([{"item": {"definition_id": interview}}])), False, True),
    ("subscription_type", "Special", _figure("invitations_limit"), 880, None),
    ("credits_monthly", 10, _figure("credits_interview_monthly"), 200, 10),
    ("credits_monthly_limit", 10, _figure("credits_interview_monthly_limit"), 250, 10),
    ("credits_extra", 10, _figure("credits_interview_extra"), 20, 10),
    ("credits_single", 10, _figure("credits_interview_single"), 0, 10),
    ("invitations_sent", 10, _figure("invitations_sent"), 12, 10),
    ("clock_skew_seconds", 7200, _hours_ahead, 0, 2),
    ("clock_skew_seconds", -7200, _hours_ahead, 0, -2),
    ("latency_ms", 250, _delay, 0, 0.25),
    ("request_log", True, _stored_requests, 0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "look", "usual", "then"), _CASES, ids=[case[0] for case in _CASES])
def test_a_switch(  # noqa: PLR0913, PLR0917 - the columns of the table
    ask: Asker, name: str, value: Any, look: Callable[[Asker], Any], usual: Any, then: Any
) -> None:
    assert look(ask) == usual
    ask.service.reset()
    ask.service.switch(**{name: value})
    assert look(ask) == then


def test_every_switch_has_its_case() -> None:
    assert {case[0] for case in _CASES} == set(DEFAULTS)
    assert len(DEFAULTS) == len(TABLE)
    assert all(switch.changes and switch.source for switch in TABLE)


def test_preparing_ends(ask: Asker) -> None:
    ask.service.switch(preparing_seconds=0.05)
    interview = ask.create(status="active", interview_template_id=_OFFLINE)
    assert ask.read(interview)["status"] == "preparing"
    time.sleep(0.06)
    assert ask.read(interview)["status"] == "active"


@pytest.mark.parametrize(
    ("name", "value"),
    [("nope", 1), ("unset_flags_as", "zero"), ("deleted_is_listed", 1), ("latency_ms", "1"), ("latency_ms", True)],
)
def test_wrong_settings_change_nothing(ask: Asker, name: str, value: Any) -> None:
    with pytest.raises(RefusalError):
        ask.service.switch(environment="test", **{name: value})
    assert ask.service.switches == DEFAULTS


def test_another_process_sees_a_switch_at_its_next_request(ask: Asker, tmp_path: Path) -> None:
    ask.fetch("merchant-status")
    other = Service(tmp_path / "sandbox")
    other.switch(apikey_required=True)
    other.close()
    assert ask.fetch("merchant-status")[0] == 401


def test_hidden_ids_are_hidden_one_by_one(ask: Asker) -> None:
    hidden, shown = ask.create(), ask.create()
    ask.service.switch(list_hides=[hidden], read_hides=[shown])
    assert [item["id"] for item in ask.listed()] == [shown]
    assert ask.read(hidden)["name"]
    assert ask.fetch("job-interview-get", position_id=shown)[0] == 404
    ask.service.set_faults(["list_lag::seconds=0.001"])
    time.sleep(0.002)
    assert [item["id"] for item in ask.listed()] == [shown], "also while the list lags"


def test_the_clock_of_the_service_shows_in_the_date_header(ask: Asker) -> None:
    def ahead() -> float:
        headers = dict(getattr(ask.raw("GET", "merchant-status", {}), "headers", ()))
        return (parsedate_to_datetime(headers["Date"]) - datetime.now(UTC)).total_seconds()

    assert -3 < ahead() <= 0
    ask.service.switch(clock_skew_seconds=-86400)
    assert -86404 < ahead() <= -86400
    interview = ask.create()
    ask.service.switch(clock_skew_seconds=-90000)
    ask.update(interview, name="New")
    read = ask.read(interview)
    assert read["updated_at"] > read["created_at"], "updated_at never goes back"


def test_a_token_wears_out_by_itself_and_another_is_good(ask: Asker) -> None:
    ask.service.switch(token_lasts_requests=2)
    statuses = [ask.fetch("merchant-status")[0] for _ in range(3)]
    ask.token = "another"  # noqa: S105 - synthetic
    assert [*statuses, ask.fetch("merchant-status")[0]] == [200, 200, 401, 200]
