"""The client against the real simulator and against bytes that no good service would send."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import stamina
from wire import CLOSE, DRIP, RESET, SILENCE, Tokens, Wire, asking, reply, within
from workshop import MINIMAL, Project, Sandbox, jwt

from reconciler.api.client import Service
from reconciler.api.connection import Connection, Endpoint
from reconciler.api.outcome import retry_after
from reconciler.api.protocol import Changed, Created, NotSent, Rejected, Unknown
from reconciler.errors import Misconfigured, Unanswered
from reconciler.resources.interview.kind import INTERVIEW
from reconciler.secret import Secret
from reconciler.token import TokenSource, seconds_left

CREATED = reply(200, b'{"interview_def_set_id":"id-1"}')
PAGE = reply(200, b'{"data":[],"pagination":{"has_more":false,"total":0}}')
READ = reply(200, b'{"status":"active","name":"A"}')
NO = b'{"error":"Field is required.","name":"location"}'


def create(service: Service) -> Any:
    return service.create(INTERVIEW, MINIMAL)


def read(service: Service) -> Any:
    return service.read(INTERVIEW, "id-1")


def listed(service: Service) -> Any:
    return service.list_resources(INTERVIEW, "interview")


@pytest.fixture
def hurry() -> Any:
    """Retries without their waits."""
    with stamina.set_testing(True, attempts=5, cap=True):
        yield


def outcome(*answers: bytes | str, question: Any = create, seconds: float = 5.0) -> tuple[Any, Wire]:
    async def run() -> tuple[Any, Wire]:
        async with Wire(list(answers)) as wire:
            return await asking(wire.url, question, seconds=seconds), wire

    found: tuple[Any, Wire] = within(run())
    return found


# -- what became of a create


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(CREATED, Created("id-1"), id="200 with an id"),
        pytest.param(reply(422, NO), Rejected(422, "Field is required.", "location"), id="422 with envelope"),
        pytest.param(reply(403, b'{"error":"No."}'), Rejected(403, "No."), id="403 with envelope"),
        pytest.param(reply(401, b'{"error":"Old."}'), Rejected(401, "Old."), id="401 and no other token"),
        pytest.param(
            reply(429, b'{"error":"Busy."}', "Retry-After: 7"), Rejected(429, "Busy.", retry_after=7.0), id="429"
        ),
        pytest.param(
            reply(429, b"<html>", "Retry-After: 7"),
            Rejected(429, "too many requests", retry_after=7.0),
            id="429 of a gateway",
        ),
        pytest.param(reply(404, b"<html>Not Found</html>"), Unknown, id="404 of somebody else"),
        pytest.param(reply(422, b"{}"), Unknown, id="422 without envelope"),
        pytest.param(reply(422, b'["error"]'), Unknown, id="422 with a list"),
        pytest.param(reply(408), Unknown, id="408 without a body"),
        pytest.param(reply(500, b'{"error":"Oops."}'), Unknown, id="500"),
        pytest.param(reply(502, b"<html>Bad gateway</html>"), Unknown, id="502"),
        pytest.param(reply(504), Unknown, id="504"),
        pytest.param(reply(201, b'{"interview_def_set_id":"id-1"}'), Unknown, id="201"),
        pytest.param(reply(204), Unknown, id="204"),
        pytest.param(reply(307, b"", "Location: https://elsewhere.invalid/"), Unknown, id="307"),
        pytest.param(reply(200, b'{"interview_def_set_id":"id-1', length=99) + b"", Unknown, id="200 cut short"),
        pytest.param(reply(200, b'{"interview_def_set_id":"id'), Unknown, id="200 of half a JSON"),
        pytest.param(reply(200, b""), Unknown, id="200 without a body"),
        pytest.param(reply(200, b'{"ok":true}'), Unknown, id="200 without an id"),
        pytest.param(reply(200, b'{"interview_def_set_id":null}'), Unknown, id="200 with id null"),
        pytest.param(reply(200, b'{"interview_def_set_id":7}'), Unknown, id="200 with a number"),
        pytest.param(reply(200, b'["id-1"]'), Unknown, id="200 with a list"),
        pytest.param(reply(200, b"not gzip", "Content-Encoding: gzip"), Unknown, id="200 that does not unpack"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\nConnection: close\r\n\r\n", Unknown, id="not HTTP"),
        pytest.param(RESET, Unknown, id="reset after sending"),
        pytest.param(CLOSE, Unknown, id="closed without a word"),
    ],
)
def test_a_create_is_sent_once_and_what_became_of_it_is_told_apart(answer: bytes | str, expected: Any) -> None:
    if isinstance(answer, bytes) and b"id-1" in answer and expected is Unknown and b" 200 " in answer[:14]:
        answer = answer.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")  # ends there, though it promised more
    found, wire = outcome(answer)
    assert isinstance(found, expected) if isinstance(expected, type) else found == expected, found
    assert len(wire.asked) == 1


@pytest.mark.parametrize("answer", [SILENCE, DRIP])
def test_a_create_that_takes_too_long_as_a_whole_is_unknown(answer: str) -> None:
    found, wire = outcome(answer, seconds=0.4)
    assert isinstance(found, Unknown)
    assert len(wire.asked) == 1


def test_what_never_left_was_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        refused = within(asking(f"http://127.0.0.1:{taken.getsockname()[1]}", create))
    assert isinstance(refused, NotSent)
    assert isinstance(within(asking("https://no-such-host.invalid", create)), NotSent)


def test_tls_against_a_plain_port_sends_nothing() -> None:
    async def run() -> tuple[Any, Wire]:
        async with Wire([CREATED]) as wire:
            return await asking(wire.url.replace("http:", "https:"), create), wire

    found, wire = within(run())
    assert isinstance(found, NotSent)
    assert wire.asked == []


def test_credentials_count_only_as_a_pair() -> None:
    body = {"interview_def_set_id": "id-1", "embed_id": "e", "embed_signing_key": "k"}
    found, _ = outcome(reply(200, json.dumps(body).encode()))
    assert (found.embed_id, found.embed_signing_key.reveal()) == ("e", "k")
    found, _ = outcome(reply(200, json.dumps(body | {"embed_signing_key": None}).encode()))
    assert (found.id, found.embed_id, found.embed_signing_key) == ("id-1", None, None)


@pytest.mark.parametrize(
    ("fault", "expected", "made"),
    [
        ("error_before:create:status=500", Unknown, 0),
        ("error_after:create:status=500", Unknown, 1),
        ("error_before:create:status=502", Unknown, 0),
        ("error_after:create:status=503", Unknown, 1),
        ("drop_before:create", Unknown, 0),
        ("drop_after:create", Unknown, 1),
        ("truncated:create", Unknown, 1),
        ("invalid_json:create", Unknown, 1),
        ("wrong_shape:create", Unknown, 1),
        ("redirect:create", Unknown, 0),
        ("slow:create:seconds=3", Unknown, 1),
        ("expired_token:create", Rejected, 0),
        ("rate_limit:create:retry_after=9", Rejected, 0),
    ],
)
def test_the_simulated_misfortunes_of_a_create(fault: str, expected: type, made: int, sandbox: Sandbox) -> None:
    sandbox.set_faults(fault)
    found = within(asking(sandbox.url, create, seconds=1.0))
    assert isinstance(found, expected), found
    assert len(sandbox.interviews()) == made
    counts = sandbox.requests()["counts"]["job-interview-create-from-array"]
    assert sum(counts.values()) == 1, "nothing was sent again"


def test_what_the_service_finds_wrong_is_told_with_its_field(sandbox: Sandbox) -> None:
    found = within(asking(sandbox.url, lambda service: service.create(INTERVIEW, {**MINIMAL, "status": "archived"})))
    assert isinstance(found, Rejected)
    assert (found.status, found.field) == (422, "status")


# -- writes that can be repeated


def test_an_update_waits_out_a_429_as_long_as_it_says() -> None:
    update = lambda service: service.update(INTERVIEW, "id-1", {"name": "B"})  # noqa: E731 - one question
    found, wire = outcome(reply(429, b'{"error":"Busy."}', "Retry-After: 1"), reply(200, b"{}"), question=update)
    assert found == Changed({})
    assert wire.times[1] - wire.times[0] >= 1.0


@pytest.mark.parametrize("answer", [reply(500), reply(503), RESET, CLOSE, reply(200, b"{")])
def test_an_update_of_which_nobody_knows_is_not_sent_again(answer: bytes | str) -> None:
    found, wire = outcome(answer, question=lambda service: service.update(INTERVIEW, "id-1", {"name": "B"}))
    assert isinstance(found, Unknown)
    assert len(wire.asked) == 1


# -- reads


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(
    "first",
    [reply(500), reply(503, b"<html>"), reply(429, b"", "Retry-After: 0"), RESET, CLOSE, reply(200, b"x", length=9)],
    ids=["500", "503", "429", "reset", "closed", "cut short"],
)
def test_a_read_that_fails_in_passing_is_asked_again(first: bytes | str) -> None:
    if isinstance(first, bytes) and b"Content-Length: 9" in first:
        first = first.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    found, wire = outcome(first, READ, question=read)
    assert found.attributes["name"] == "A"
    assert len(wire.asked) == 2


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("answer", [reply(503), RESET], ids=["503", "reset"])
def test_a_read_that_always_fails_ends_with_a_reason(answer: bytes | str) -> None:
    async def run() -> None:
        async with Wire([answer]) as wire:
            with pytest.raises(Unanswered):
                await asking(wire.url, read)
            assert len(wire.asked) == 5

    within(run())


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_read_that_is_refused_is_not_asked_again(status: int) -> None:
    async def run() -> None:
        async with Wire([reply(status, b'{"error":"No."}')]) as wire:
            with pytest.raises(Unanswered) as raised:
                await asking(wire.url, read)
            assert f"{status}: No." in raised.value.problems[0].detail
            assert bool(raised.value.problems[0].hint) == (status in (401, 403))
            assert len(wire.asked) == 1

    within(run())


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        (reply(200, b"{"), read),
        (reply(200, b"[]"), read),
        (reply(200, b"{}"), read),
        (reply(200, b"{}"), listed),
        (reply(200, b'{"data":[{}],"pagination":{}}'), listed),
        (reply(200, b'{"data":[7],"pagination":{}}'), listed),
        (reply(200, b'{"data":[],"pagination":{"total":"many"}}'), listed),
        (reply(302, b"", "Location: https://elsewhere.invalid/"), listed),
    ],
)
def test_an_answer_of_another_shape_is_an_error_and_never_nothing(answer: bytes, question: Any) -> None:
    async def run() -> None:
        async with Wire([answer]) as wire:
            with pytest.raises(Unanswered):
                await asking(wire.url, question)

    within(run())


def test_what_is_not_there_is_none() -> None:
    found, wire = outcome(reply(404, b'{"error":"Interview not found."}'), question=read)
    assert found is None
    assert len(wire.asked) == 1


def test_a_list_of_several_pages_holds_each_row_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.api.client._PAGE", 3)

    async def run(service: Service) -> list[str]:
        made = [await service.create(INTERVIEW, {**MINIMAL, "name": f"Interview {number}"}) for number in range(8)]
        listing = await service.list_resources(INTERVIEW, "interview")
        assert listing.is_whole
        rows = listing.rows
        assert {row.id for row in rows} == {item.id for item in made if isinstance(item, Created)}
        return [row.id for row in rows]

    assert len(within(asking(sandbox.url, run))) == 8
    assert sandbox.requests()["counts"]["merchant-interview-list"] == {"200": 3}


# -- tokens


def test_a_401_renews_the_token_once_for_everybody() -> None:
    tokens = Tokens("old", "new")

    async def run() -> list[str]:
        async with Wire([lambda asked: PAGE if "Bearer new" in asked else reply(401, b'{"error":"Old."}')]) as wire:
            together = lambda service: asyncio.gather(*(listed(service) for _ in range(4)))  # noqa: E731
            await asking(wire.url, together, tokens=tokens, width=4)
            return wire.tokens

    assert sorted(within(run())) == ["new"] * 4 + ["old"] * 4
    assert tokens.fetched == 2


def test_a_create_refused_with_401_is_left_to_whoever_announces_it() -> None:
    tokens = Tokens("old", "new")

    async def run() -> Any:
        async with Wire([reply(401, b'{"error":"Old."}'), CREATED]) as wire:

            async def twice(service: Service) -> list[Any]:
                return [await create(service), await create(service)]

            return await asking(wire.url, twice, tokens=tokens), wire.tokens

    (first, second), sent = within(run())
    assert (first.status, first.retry_after) == (401, 0.0)
    assert second == Created("id-1")
    assert sent == ["old", "new"]


def test_a_token_that_is_refused_twice_is_not_asked_for_again() -> None:
    tokens = Tokens(jwt(600), jwt(601))

    async def run() -> None:
        async with Wire([reply(401, b'{"error":"Old."}')]) as wire:
            with pytest.raises(Unanswered):
                await asking(wire.url, read, tokens=tokens)
            assert (len(wire.asked), tokens.fetched) == (2, 2)

    within(run())


def test_a_token_is_replaced_before_it_expires_and_as_often_as_needed() -> None:
    tokens = Tokens(jwt(60), jwt(61), jwt(600), jwt(601))

    async def run() -> list[str]:
        async with Wire([reply(401, b'{"error":"Old."}'), PAGE]) as wire:
            await asking(wire.url, listed, tokens=tokens)
            return wire.tokens

    sent = within(run())
    assert [seconds_left(Secret(token)) for token in sent] == pytest.approx([61, 600], abs=30)


def test_a_command_that_has_no_other_token_runs_twice_at_most() -> None:
    tokens = Tokens(jwt(60))

    async def run() -> None:
        async with Wire([PAGE]) as wire:

            async def often(service: Service) -> None:
                for _ in range(5):
                    await listed(service)

            await asking(wire.url, often, tokens=tokens)

    within(run())
    assert tokens.fetched == 2


# -- where a token may go


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://cool.jobmojito.com/functions/v1", True),
        ("http://127.0.0.1:8080/functions/v1", True),
        ("http://127.8.9.1/functions/v1", True),
        ("http://[::1]:8080/functions/v1", True),
        ("http://localhost:8080/functions/v1", True),
        ("http://cool.jobmojito.com/functions/v1", False),
        ("http://10.0.0.1/functions/v1", False),
        ("http://0.0.0.0/functions/v1", False),
        ("http://127.0.0.1.elsewhere.example/", False),
        ("http://localhost.elsewhere.example/", False),
        ("http://127.0.0.1@elsewhere.example/", False),
        ("http://sandbox/functions/v1", False),
        ("ftp://127.0.0.1/", False),
    ],
)
def test_a_token_leaves_over_https_or_stays_on_this_machine(url: str, safe: bool) -> None:  # noqa: FBT001 - a column
    with nullcontext() if safe else pytest.raises(Misconfigured, match="the endpoint is not safe for a token"):
        Connection(Endpoint(url), 1)


@pytest.mark.parametrize("question", [create, read])
def test_a_redirect_is_not_followed_and_the_token_not_passed_on(question: Any) -> None:
    async def run() -> Wire:
        async with Wire([CREATED]) as other, Wire([reply(307, b"", f"Location: {other.url}/x")]) as wire:
            with suppress(Unanswered):
                await asking(wire.url, question)
            assert len(wire.asked) == 1
            return other

    assert within(run()).asked == []


def test_a_proxy_is_not_shown_what_goes_to_this_machine() -> None:
    async def run() -> Wire:
        async with Wire([CREATED]) as proxy, Wire([CREATED]) as wire:
            names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
            variables: dict[str, Any] = dict.fromkeys(names, f"http://127.0.0.1:{proxy.port}")
            assert await asking(wire.url, create, **variables) == Created("id-1")
            return proxy

    assert within(run()).asked == []


@pytest.mark.parametrize("names", [("HTTPS_PROXY",), ("all_proxy",), ("https_proxy", "HTTPS_PROXY")])
def test_a_proxy_carries_https_without_seeing_the_token(names: tuple[str, ...]) -> None:
    async def run() -> Wire:
        async with Wire([reply(403)]) as proxy:
            used, *others = names  # the lower-case name wins
            variables: dict[str, Any] = {used: f"127.0.0.1:{proxy.port}", **dict.fromkeys(others, "http://127.0.0.1:1")}
            assert not isinstance(await asking("https://cool.jobmojito.invalid", create, **variables), Created)
            return proxy

    proxy = within(run())
    assert [asked.split()[:2] for asked in proxy.asked] == [["CONNECT", "cool.jobmojito.invalid:443"]]
    assert proxy.tokens == []


def test_no_proxy_names_what_goes_without_one() -> None:
    async def run() -> Wire:
        async with Wire([reply(403)]) as proxy:
            variables: dict[str, Any] = {
                "HTTPS_PROXY": f"127.0.0.1:{proxy.port}",
                "NO_PROXY": "elsewhere.example,.jobmojito.invalid",
            }
            assert isinstance(await asking("https://cool.jobmojito.invalid", create, **variables), NotSent)
            return proxy

    assert within(run()).asked == []


def test_planning_cannot_write() -> None:
    async def run() -> None:
        async with Wire([CREATED]) as wire:
            async with Connection(Endpoint(wire.url), 1) as connection:
                service = Service(connection.read_only(), TokenSource(Tokens("token")))
                with pytest.raises(AssertionError, match="planning tried to POST"):
                    await create(service)
                with pytest.raises(AssertionError, match="planning tried to POST"):
                    await service.set_state(INTERVIEW, "id-1", {"status": "archived"})
            assert wire.asked == []

    within(run())


def test_retry_after_is_understood_in_both_forms() -> None:
    def seconds(text: str | None, status: int = 429) -> float | None:
        return retry_after(httpx.Response(status, headers={} if text is None else {"retry-after": text}))

    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=30), usegmt=True)
    assert (seconds("7"), seconds("0"), seconds("-3"), seconds("0.5")) == (7.0, 0.0, 0.0, 0.5)
    assert 25 < (seconds(soon) or 0) <= 30
    assert seconds(past) == 0.0
    assert (seconds(None), seconds(""), seconds("soon"), seconds("7", 503)) == (None, None, None, None)


def test_retrying_is_not_talked_about(project: Project) -> None:
    project.write_many(1)
    project.configure(endpoint="http://127.0.0.1:9/functions/v1", timeouts={"connect": 1, "total": 1})
    run = project.jmctl("orphans")
    assert run.code == 1
    assert {line.partition(": ")[0] for line in run.err.splitlines()} == {"jmctl"}
