from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from conftest import MINIMAL

from reconciler.sandbox.tokens import issued, merchant_id

if TYPE_CHECKING:
    from conftest import Asker

_OTHER = "7d1e0000-5a1e-4c0d-9f00-00000000000a"


def _jwt(**claims: Any) -> str:
    parts = ({"alg": "HS256"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, "signature"])


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ("", 401),
        ("anything", 200),
        ("a.b.c", 200),
        (_jwt(exp=time.time() + 86_400), 200),
        (_jwt(exp=time.time() - 60), 401),
        (_jwt(sub="x"), 200),
    ],
    ids=["none", "opaque", "no JWT", "valid", "expired", "endless"],
)
def test_tokens(ask: Asker, token: str, status: int) -> None:
    ask.token = token
    assert ask.fetch("platform-languages-list")[0] == status


def test_no_write_without_a_token(ask: Asker) -> None:
    ask.token = ""
    assert ask.try_create()[0] == 401
    assert ask.service.dump() == []


def test_one_accepted_token_and_the_apikey(ask: Asker) -> None:
    ask.service.switch(accepted_token="fresh")  # noqa: S106 - synthetic
    assert ask.fetch("platform-languages-list")[0] == 401
    ask.token = "fresh"  # noqa: S105 - synthetic
    assert ask.fetch("platform-languages-list")[0] == 200
    ask.service.switch(apikey_required=True)
    assert ask.fetch("platform-languages-list")[0] == 401


def test_foreign_rows_are_hidden(ask: Asker) -> None:
    interview = ask.create()
    ask.token = _jwt(app_metadata={"merchant_id": _OTHER, "environment": "test"})
    assert ask.fetch("job-interview-get", position_id=interview)[0] == 404
    assert ask.try_update(interview, name="x")[0] == 404
    assert ask.set_state(interview, status="draft")[0] == 500
    assert ask.listed() == []
    own = ask.create()
    assert ask.read(own)["merchant_id"] == _OTHER
    assert ask.listed()[0]["environment"] == "test"


def test_merchant_id_counts_for_admins_only(ask: Asker) -> None:
    mine = ask.read(ask.create())["merchant_id"]
    assert ask.read(ask.create(merchant_id=_OTHER))["merchant_id"] == mine
    assert ask.fetch("merchant-status", merchant_id=_OTHER)[1]["merchant_id"] == mine
    ask.service.switch(foreign_merchant_is_403=True)
    assert ask.fetch("merchant-status", merchant_id=_OTHER)[0] == 403
    assert ask.try_create(merchant_id=_OTHER)[0] == 500
    ask.service.switch(caller_is_admin=True)
    assert ask.read(ask.create(merchant_id=_OTHER))["merchant_id"] == _OTHER
    assert ask.fetch("merchant-status", merchant_id=_OTHER)[1]["merchant_id"] == _OTHER


def test_a_token_without_a_merchant_has_no_default(ask: Asker) -> None:
    ask.token = _jwt(sub="7d1e0000-5a1e-4c0d-9f00-0000000000aa")
    _, figures = ask.fetch("merchant-status")
    assert figures["default_merchant_id"] is None
    assert figures["profile_id"] == "7d1e0000-5a1e-4c0d-9f00-0000000000aa"


@pytest.mark.parametrize(
    ("method", "operation", "status"), [("GET", "nothing", 404), ("POST", "job-interview-get", 405)]
)
def test_what_is_not_there(ask: Asker, method: str, operation: str, status: int) -> None:
    assert getattr(ask.raw(method, operation, {}), "status", None) == status


@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775809", "1" + "0" * 40, "-" + "9" * 5000])
@pytest.mark.parametrize("field", ["interview_attempts", "additional_context", "custom_scoring"])
def test_integers_beyond_64_bits_are_422(ask: Asker, field: str, number: str) -> None:
    value = number if field == "interview_attempts" else f'{{"deep": [{{"er": {number}}}]}}'
    body = orjson.dumps(MINIMAL)[:-1] + f',"{field}":{value}}}'.encode()
    reply = ask.raw("POST", "job-interview-create-from-array", {}, body)
    assert getattr(reply, "status", 0) == 422
    assert ask.service.dump() == []


def test_integers_of_64_bits_digits_in_text_and_large_floats_pass(ask: Asker) -> None:
    context = {"least": -(2**63), "greatest": 2**63 - 1, "text": "9" * 40, "float": 1e30}
    interview = ask.create(additional_context=context)
    assert ask.read(interview)["creation_parameters"]["additional_context"] == context


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("text", ["99999999999999999999", "-99999999999999999999", "9" * 5000, "٣", "1e3"])
def test_numbers_of_a_query_that_are_none_are_422(ask: Asker, name: str, text: str) -> None:
    status, envelope = ask.fetch("merchant-interview-list", **{name: text})
    assert (status, envelope["name"]) == (422, name)


@pytest.mark.parametrize("depth", [150, 250, 300, 100_000])
def test_deep_bodies_are_stored_or_422(ask: Asker, depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    body = orjson.dumps(MINIMAL)[:-1] + b',"additional_context":' + nested + b"}"
    reply = ask.raw("POST", "job-interview-create-from-array", {}, body)
    assert getattr(reply, "status", 0) == (200 if depth == 150 else 422)
    if depth == 150:
        assert len(ask.service.dump()) == 1
        assert ask.listed()


def test_two_merchants_with_two_tokens_share_nothing(ask: Asker) -> None:
    first = ask.create(name="of the first", status="active")
    ask.service.add_results([{"item": {"definition_id": first}}])
    ask.token = issued("second", "test")
    assert ask.listed() == []
    assert ask.fetch("job-interview-get", position_id=first)[0] == 404
    assert ask.try_update(first, name="New")[0] == 404
    assert ask.set_state(first, status="draft")[0] == 500
    assert ask.fetch("merchant-result-list")[1]["data"] == []
    status = ask.fetch("merchant-status")[1]
    assert status["merchant_id"] == status["default_merchant_id"] == merchant_id("second")
    assert (status["definitions_active"], status["interview_results"]) == (0, 0)
    second = ask.create(name="of the second")
    (item,) = ask.listed()
    assert (item["id"], item["environment"], item["merchant_id"]) == (second, "test", merchant_id("second"))
    avatars = ask.fetch("merchant-avatar-list")[1]["data"]
    assert {avatar["merchant_id"] for avatar in avatars} == {merchant_id("second")}
    ask.token = issued()
    assert [item["id"] for item in ask.listed()] == [first]
    assert ask.fetch("merchant-status")[1]["definitions_active"] == 1


def test_merchants_of_a_token(ask: Asker) -> None:
    assert merchant_id("second") == merchant_id("second") != merchant_id("third")
    assert merchant_id(None) == ask.fetch("merchant-status")[1]["merchant_id"]
    ask.token = issued("second")
    assert ask.fetch("merchant-status", merchant_id=merchant_id(None))[1]["merchant_id"] == merchant_id("second")
    ask.token = issued("second", admin=True)
    assert ask.fetch("merchant-status", merchant_id=merchant_id(None))[1]["merchant_id"] == merchant_id(None)
    ask.token = issued("second", seconds=0)
    assert ask.fetch("merchant-status")[0] == 401
    ask.token = issued("second", seconds=60)
    assert ask.fetch("merchant-status")[0] == 200
