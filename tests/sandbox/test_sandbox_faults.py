from __future__ import annotations

import asyncio
import gzip
import time
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest

from reconciler.sandbox.faults import FAULTS, FORMS, rule
from reconciler.sandbox.reply import Dropped, RefusalError, Reply
from reconciler.sandbox.transport import BASE_URL, SandboxTransport

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
        ("rate_limit", {"status": 503, "form": "far"}, 503, 0),
        ("unresolved", {}, 500, 0),
        ("not_found", {}, 404, 0),
        ("not_found_page", {}, 404, 0),
        ("proxy_echo", {}, 502, 0),
        ("answer_holds", {"field": "interview_def_set_id", "value": 7}, 200, 1),
        ("odd_id", {}, 200, 1),
        ("huge", {}, 200, 1),
        ("gzip_bomb", {}, 200, 1),
        ("deep", {}, 200, 1),
        ("read_lag", {}, 200, 1),
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
        ("drop_after:create:form=inf", "form"),
        ("rate_limit:create:form=odd", "form"),
        ({"fault": "answer_holds", "field": 1}, "field"),
        ({"fault": "huge", "size": "big"}, "size"),
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
        "expired_token", "truncated", "invalid_json", "wrong_shape", "slow", "latency", "list_lag", "unresolved",
        "not_found", "not_found_page", "proxy_echo", "answer_holds", "odd_id", "huge", "gzip_bomb", "deep", "read_lag",
    }  # fmt: skip
    assert tried == set(FAULTS)


def _answer(ask: Asker, fault: str, **options: Any) -> Any:
    return orjson.loads(getattr(_struck(ask, fault, **options)[0], "body", b"null"))


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("inf", "inf"), ("overflow", "1e400"), ("negative", "-5"), ("past", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("zoneless", "Wed, 21 Oct 2015 07:28:00 -0000"), ("far", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("words", "in a while"), ("none", None),
    ],
)  # fmt: skip
def test_forms_of_retry_after(ask: Asker, form: str, value: str | None) -> None:
    reply, _ = _struck(ask, "rate_limit", form=form)
    assert dict(getattr(reply, "headers", ())).get("Retry-After") == value


def test_retry_after_of_any_text(ask: Asker) -> None:
    reply, _ = _struck(ask, "rate_limit", retry_after="soon")
    assert dict(getattr(reply, "headers", ())).get("Retry-After") == "soon"


@pytest.mark.parametrize("form", ["", *FORMS["unresolved"]])
def test_reasons_of_what_could_not_be_resolved(ask: Asker, form: str) -> None:
    assert _answer(ask, "unresolved", form=form) == {"error": FORMS["unresolved"][form or "template"]}
    assert _answer(ask, "error_before", message="No such thing.") == {"error": "No such thing."}


@pytest.mark.parametrize(
    ("form", "value"),
    [("blank", " "), ("path", "../../etc"), ("escape", "\x1b[31m\x1b]0;id\x07"), ("number", 7), ("missing", None)],
)
def test_odd_ids(ask: Asker, form: str, value: Any) -> None:
    assert _answer(ask, "odd_id", form=form) == {"interview_def_set_id": value}


def test_an_id_that_exists_already_and_a_long_one(ask: Asker) -> None:
    first = ask.create()
    assert _answer(ask, "odd_id") == {"interview_def_set_id": first}
    assert len(_answer(ask, "odd_id", form="long")["interview_def_set_id"]) == 100_000
    assert len(ask.service.dump()) == 3


def test_wrong_values_anywhere_in_an_answer(ask: Asker) -> None:
    ask.create()
    ask.create()
    ask.service.set_faults([{"fault": "answer_holds", "operation": "list", "field": "data.*.id", "value": [1]}])
    answer = orjson.loads(getattr(ask.raw("GET", "merchant-interview-list", {}), "body", b""))
    assert [item["id"] for item in answer["data"]] == [[1], [1]]
    ask.service.set_faults(["answer_holds:list:field=data.1.name,value=null", "answer_holds:status:value=7"])
    answer = orjson.loads(getattr(ask.raw("GET", "merchant-interview-list", {}), "body", b""))
    assert [item["name"] for item in answer["data"]] == ["Support agent", None]
    assert orjson.loads(getattr(ask.raw("GET", "merchant-status", {}), "body", b"")) == 7


def test_large_and_deep_answers(ask: Asker) -> None:
    reply, _ = _struck(ask, "huge", size=1_000_000)
    assert 1_000_000 <= len(getattr(reply, "body", b"")) < 1_000_100
    assert orjson.loads(getattr(reply, "body", b""))["interview_def_set_id"]
    bomb, _ = _struck(ask, "gzip_bomb", size=10_000_000)
    assert isinstance(bomb, Reply)
    assert len(bomb.body) < 20_000
    assert len(gzip.decompress(bomb.body)) >= 10_000_000
    assert ("Content-Encoding", "gzip") in bomb.headers
    deep, _ = _struck(ask, "deep", size=50_000)
    assert getattr(deep, "body", b"").count(b"[") == 50_000


def test_a_proxy_repeats_the_token_and_answers_in_html(ask: Asker) -> None:
    ask.token = "canary"  # noqa: S105 - synthetic
    reply, _ = _struck(ask, "proxy_echo")
    assert b"Bearer canary" in getattr(reply, "body", b"")
    page, _ = _struck(ask, "not_found_page")
    assert dict(getattr(page, "headers", ()))["Content-Type"].startswith("text/html")
    assert _answer(ask, "not_found") == {"error": "Interview not found."}


def test_reads_lag_behind_a_create_and_a_change(ask: Asker) -> None:
    ask.service.set_faults(["read_lag::seconds=0.15"])
    interview = ask.create(name="old")
    assert [item["name"] for item in ask.listed()] == ["old"], "the list is not behind"
    assert ask.fetch("job-interview-get", position_id=interview)[0] == 404
    time.sleep(0.16)
    ask.update(interview, name="new", questions=[{"question": "Another?"}])
    before = ask.read(interview)
    assert (before["name"], before["updated_at"]) == ("old", before["created_at"])
    assert before["questions"][0]["question"] != "Another?"
    time.sleep(0.16)
    after = ask.read(interview)
    assert (after["name"], after["questions"][0]["question"]) == ("new", "Another?")


def test_the_first_reads_are_denied(ask: Asker) -> None:
    interview = ask.create()
    ask.service.set_faults(["not_found:get:count=2"])
    assert [ask.fetch("job-interview-get", position_id=interview)[0] for _ in range(3)] == [404, 404, 200]


def test_an_unpacked_answer_is_the_clients_choice_without_a_socket(tmp_path: Path) -> None:
    """Over the in-process transport, too, a compressed answer arrives compressed."""
    transport = SandboxTransport(tmp_path / "bomb")
    transport.service.set_faults(["gzip_bomb:status:size=5000000"])

    async def received() -> int:
        request = httpx.Request("GET", f"{BASE_URL}/merchant-status", headers={"Authorization": "Bearer x"})
        response = await transport.handle_async_request(request)
        return sum([len(chunk) async for chunk in response.aiter_raw()])

    assert asyncio.run(received()) < 10_000
    asyncio.run(transport.aclose())
