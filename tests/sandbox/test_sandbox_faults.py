from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from reconciler.sandbox.faults import FAULTS, rule
from reconciler.sandbox.reply import Dropped, RefusalError, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Asker

_CREATE = "job-interview-create-from-array"


def _struck(ask: Asker, fault: str, **options: Any) -> tuple[Reply | Dropped, int]:
    """The reply to a create under the fault, and how many interviews exist afterwards."""
    body = orjson.dumps(
        {
            "name": "x", "location": "x", "interview_template_id": "46b98d37-1557-4391-beca-03037ead19f2",
            "mojito_language_code": "en", "description": "x", "status": "draft", "type": "interview",
            "visibility": "merchant_invite", "questions": [{"question": "A"}],
        }
    )  # fmt: skip
    ask.service.set_faults([{"fault": fault, "operation": "create", **options}])
    return ask.raw("POST", _CREATE, {}, body), len(ask.service.dump())


@pytest.mark.parametrize(
    ("fault", "options", "status", "made"),
    [
        ("rate_limit", {}, 429, 0),
        ("error_before", {}, 503, 0),
        ("error_before", {"status": 500}, 500, 0),
        ("error_after", {"status": 502}, 502, 1),
        ("redirect", {}, 307, 0),
        ("expired_token", {}, 401, 0),
        ("truncated", {}, 200, 1),
        ("invalid_json", {}, 200, 1),
        ("wrong_shape", {}, 200, 1),
        ("slow", {}, 200, 1),
        ("latency", {}, 200, 1),
        ("list_lag", {}, 200, 1),
    ],
)
def test_an_answer_and_whether_the_work_was_done(
    ask: Asker, fault: str, options: dict[str, Any], status: int, made: int
) -> None:
    reply, exist = _struck(ask, fault, **options)
    assert isinstance(reply, Reply)
    assert (reply.status, exist) == (status, made)


@pytest.mark.parametrize(
    ("fault", "reached", "made"),
    [("drop_before", True, 0), ("late", True, 0), ("drop_after", True, 1), ("unreachable", False, 0)],
)
def test_a_drop_and_whether_the_work_was_done(ask: Asker, fault: str, made: int, *, reached: bool) -> None:
    reply, exist = _struck(ask, fault)
    assert isinstance(reply, Dropped)
    assert (reply.reached, reply.worked, exist) == (reached, made == 1, made)


def test_late_work_is_done_when_its_time_has_come_whoever_asks(ask: Asker, tmp_path: Path) -> None:
    from reconciler.sandbox.service import Service

    assert _struck(ask, "late", seconds=0.2)[1] == 0
    assert ask.listed() == []
    time.sleep(0.21)
    other = type(ask)(Service(tmp_path / "sandbox"))
    assert [item["name"] for item in other.listed()] == ["x"]
    assert len(ask.service.dump()) == 1, "only once"
    other.service.close()


def test_late_work_is_struck_by_no_fault_and_may_be_refused_unheard(ask: Asker) -> None:
    ask.service.set_faults(["late:create:seconds=0"])
    reply = ask.raw("POST", _CREATE, {}, b"{}")
    assert isinstance(reply, Dropped)
    assert ask.service.dump() == []
    assert ask.listed() == []


def test_what_is_forgotten_is_not_done_late(ask: Asker) -> None:
    _struck(ask, "late", seconds=0.05)
    ask.service.reset()
    time.sleep(0.06)
    assert ask.service.dump() == []


def test_what_the_bad_answers_look_like(ask: Asker) -> None:
    limited, _ = _struck(ask, "rate_limit", retry_after=0.5)
    assert ("Retry-After", "0.5") in getattr(limited, "headers", ())
    moved, _ = _struck(ask, "redirect", location="https://other.invalid/")
    assert ("Location", "https://other.invalid/") in getattr(moved, "headers", ())
    half, _ = _struck(ask, "invalid_json")
    assert isinstance(half, Reply)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(half.body)
    shapeless, _ = _struck(ask, "wrong_shape")
    assert isinstance(shapeless, Reply)
    assert "interview_def_set_id" not in orjson.loads(shapeless.body)
    cut, _ = _struck(ask, "truncated")
    assert getattr(cut, "cut", False)
    assert _struck(ask, "slow", seconds=9)[0].delay == 9


def _statuses(ask: Asker, times: int, operation: str = "merchant-status") -> list[int]:
    return [getattr(ask.raw("GET", operation, {}), "status", 0) for _ in range(times)]


def test_counted_skipped_and_for_certain_operations(ask: Asker) -> None:
    ask.service.set_faults(["error_before:status:count=2,skip=1"])
    assert _statuses(ask, 5) == [200, 503, 503, 200, 200]
    assert _statuses(ask, 1, "platform-languages-list") == [200]
    ask.service.set_faults(["error_before:reads:count=1", "drop_before:writes"])
    assert _statuses(ask, 2) == [503, 200]


def test_the_first_rule_that_strikes_wins_and_latency_adds_up(ask: Asker) -> None:
    ask.service.set_faults(
        ["latency:*:seconds=0.25", "latency:status:seconds=0.5", "rate_limit:status:count=1", "error_before:status"]
    )
    first = ask.raw("GET", "merchant-status", {})
    assert (getattr(first, "status", 0), first.delay) == (429, 0.75)
    second = ask.raw("GET", "merchant-status", {})
    assert (getattr(second, "status", 0), second.delay) == (503, 0.75)
    assert ask.raw("GET", "platform-languages-list", {}).delay == 0.25


def test_chance_can_be_repeated(ask: Asker) -> None:
    ask.service.set_faults(["error_before:status:probability=0.3"], seed=7)
    first = _statuses(ask, 200)
    assert 30 < first.count(503) < 90
    ask.service.set_faults(["error_before:status:probability=0.3"], seed=7)
    assert _statuses(ask, 200) == first
    ask.service.set_faults(["error_before:status:probability=0.3"], seed=8)
    assert _statuses(ask, 200) != first


def test_counts_are_shared_between_processes(ask: Asker, tmp_path: Path) -> None:
    from reconciler.sandbox.service import Service

    ask.service.set_faults(["error_before:status:count=2"])
    other = type(ask)(Service(tmp_path / "sandbox"))
    assert _statuses(ask, 1) + _statuses(other, 2) + _statuses(ask, 1) == [503, 503, 200, 200]
    other.service.close()


def test_the_list_lags(ask: Asker) -> None:
    old = ask.create(name="old")
    ask.service.set_faults([{"fault": "list_lag", "seconds": 0.15}])
    time.sleep(0.16)
    new = ask.create(name="new")
    ask.update(old, name="old edited")
    assert ask.read(old)["name"] == "old edited"
    assert [item["name"] for item in ask.listed()] == ["old"]
    ask.update(old, name="old edited twice")
    ask.service.admin_edit(new, {"name": "new edited"})
    assert [item["name"] for item in ask.listed()] == ["old"]
    time.sleep(0.16)
    assert [item["name"] for item in ask.listed()] == ["new edited", "old edited twice"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("drop_after", {"fault": "drop_after"}),
        ("drop_after:create", {"fault": "drop_after", "operation": "create"}),
        (
            "rate_limit:*:probability=0.5,count=3,retry_after=2",
            {"fault": "rate_limit", "probability": 0.5, "count": 3, "retry_after": 2},
        ),
        ("redirect:get:location=/x", {"fault": "redirect", "operation": "get", "location": "/x"}),
    ],
)
def test_compact_text_is_the_same_rule(text: str, written: dict[str, Any]) -> None:
    assert rule(text) == rule(written)
    assert rule(rule(text).plain()) == rule(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("explode", "fault"),
        ({}, "fault"),
        (7, "fault"),
        ("drop_after:everything", "operation"),
        ("drop_after:create:often=1", "often"),
        ("drop_after:create:count=x", "count"),
        ({"fault": "drop_after", "count": 1.5}, "count"),
        ({"fault": "drop_after", "probability": None}, "probability"),
    ],
)
def test_wrong_rules_are_named(ask: Asker, written: Any, name: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        ask.service.set_faults(["slow", written])
    assert refusal.value.name == name
    assert ask.service.faults == []


def test_every_fault_is_tried_here() -> None:
    tried = {
        "drop_before", "drop_after", "late", "unreachable", "rate_limit", "error_before", "error_after", "redirect",
        "expired_token", "truncated", "invalid_json", "wrong_shape", "slow", "latency", "list_lag",
    }  # fmt: skip
    assert tried == set(FAULTS)
