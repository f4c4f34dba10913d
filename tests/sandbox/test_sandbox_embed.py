"""Embedded interviews are taken page by page with plain forms; links are checked by the sandbox's own code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from reconciler.sandbox.reply import Reply

if TYPE_CHECKING:
    from conftest import Asker

_HOSTILE = "<script>alert(1)</script>\" onload='x' &amp; \u202e"
_ASKED: list[dict[str, Any]] = [
    {"id": "a", "question": "Night shifts?", "external_id": "nights", "duration": 90},
    {"id": "b", "question": "How often?", "is_conditional": True, "conditional_question_main_id": "a"},
    {"id": "c", "question": "Which?", "is_multiple_choice": True, "question_alternatives": ["Early", "Late"]},
    {"id": "d", "question": "Anything to ask us?", "is_candidate_asking_recruiter": True},
]


def _browse(ask: Asker, method: str, path: str, query: dict[str, str] | None = None, **form: str) -> Reply:
    reply = ask.service.outcome(method, path, query or {}, {}, urlencode(form).encode())
    assert isinstance(reply, Reply)
    return reply


def _text(reply: Reply) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", reply.body.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", body))


def _embedded(ask: Asker, **fields: Any) -> dict[str, str]:
    interview = ask.create(**{"status": "active", "is_embedded": True, "questions": _ASKED, **fields})
    row = next(row for row in ask.service.dump() if row["id"] == interview)
    return {"id": interview, "embed_id": row["embed_id"], "key": row["embed_signing_key"]}


def _signed(embedded: dict[str, str], name: str = "Žofie Nová", email: str = "z@example.invalid") -> dict[str, str]:
    message = f"{embedded['embed_id']}{name}{email}".encode()
    return {
        "embed_id": embedded["embed_id"],
        "name": base64.b64encode(name.encode()).decode(),
        "email": base64.b64encode(email.encode()).decode(),
        "signature": hmac.new(embedded["key"].encode(), message, hashlib.sha256).hexdigest(),
    }


def _start(ask: Asker, link: dict[str, str], **form: str) -> str:
    reply = _browse(ask, "POST", "/embed/visits", **link, **form)
    assert reply.status == 303, _text(reply)
    return dict(reply.headers)["Location"]


def _question(ask: Asker, visit: str) -> str | None:
    page = _browse(ask, "GET", visit).body.decode()
    found = re.search(r'name="question" value="([^"]+)"', page)
    return found.group(1) if found else None


def _take(ask: Asker, visit: str, *answers: str) -> list[str]:
    """Answers one after another; gives what each page asked."""
    asked = []
    for answer in answers:
        page = _browse(ask, "GET", visit)
        asked += re.findall(r'<h1 id="asked"[^>]*>(.*?)</h1>', page.body.decode())
        assert _browse(ask, "POST", visit, question=_question(ask, visit) or "", answer=answer).status == 303
    return asked


def test_an_interview_is_taken_and_its_result_stored(ask: Asker) -> None:
    embedded = _embedded(ask, name="Support", thank_you_message="See you.", welcome_message="Hello.")
    first = _browse(ask, "GET", "/embed", {"embed_id": embedded["embed_id"]})
    assert first.status == 200
    assert "Hello." in _text(first)
    visit = _start(ask, {"embed_id": embedded["embed_id"]}, visitor_name=" Ada ", visitor_email="ada@example.invalid")
    asked = _take(ask, visit, "Yes, two years.", "Weekly.", "Late", "")
    assert asked == ["Night shifts?", "How often?", "Which?", "Anything to ask us?"]
    end = _browse(ask, "GET", visit)
    assert _question(ask, visit) is None
    assert "See you." in _text(end)
    (item,) = ask.fetch("merchant-result-list", interview_id=embedded["id"])[1]["data"]
    assert (item["candidate_name"], item["candidate_email"]) == ("Ada", "ada@example.invalid")
    assert (item["coach_status"], item["is_test"], item["score"]) == ("completed", False, None)
    details = ask.fetch("job-interview-details", interview_result_id=item["interview_result_id"])[1]
    turns = [(turn["is_answer"], turn["question_asked"], turn["answer"]) for turn in details["transcript"]]
    assert turns[:2] == [(False, "Night shifts?", None), (True, "Night shifts?", "Yes, two years.")]
    assert [turn[2] for turn in turns if turn[0]] == ["Yes, two years.", "Weekly.", "Late", None]
    stored = {question["id"]: question["external_id"] for question in ask.read(embedded["id"])["questions"]}
    assert [stored[turn["question_original_id"]] for turn in details["transcript"]][:2] == ["nights", "nights"]
    assert details["transcript"][2]["view"] == "with listening conditional"


def test_a_conditional_question_is_asked_only_when_its_parent_was_answered(ask: Asker) -> None:
    visit = _start(ask, {"embed_id": _embedded(ask)["embed_id"]}, visitor_name="A", visitor_email="a@example.invalid")
    assert "Question 1 of 4" in _text(_browse(ask, "GET", visit))
    assert _take(ask, visit, "  ", "Early", "No.") == ["Night shifts?", "Which?", "Anything to ask us?"]
    assert "Thank you" in _text(_browse(ask, "GET", visit))


def test_a_form_sent_twice_answers_one_question(ask: Asker) -> None:
    embedded = _embedded(ask)
    visit = _start(ask, {"embed_id": embedded["embed_id"]}, visitor_name="A", visitor_email="a@example.invalid")
    first = _question(ask, visit) or ""
    for _ in range(3):
        _browse(ask, "POST", visit, question=first, answer="once")
    assert "How often?" in _text(_browse(ask, "GET", visit))
    _take(ask, visit, "x", "Early", "x")
    for _ in range(2):
        _browse(ask, "POST", visit, question=first, answer="again")
    assert len(ask.fetch("merchant-result-list", interview_id=embedded["id"])[1]["data"]) == 1


def test_a_visit_keeps_the_questions_it_began_with(ask: Asker) -> None:
    embedded = _embedded(ask, questions=[{"question": "Old?"}, {"question": "Older?"}])
    visit = _start(ask, {"embed_id": embedded["embed_id"]}, visitor_name="A", visitor_email="a@example.invalid")
    ask.update(embedded["id"], questions=[{"question": "New?"}])
    assert _take(ask, visit, "x", "y") == ["Old?", "Older?"]


def test_a_signed_link_says_who_takes_the_interview(ask: Asker) -> None:
    embedded = _embedded(ask)
    link = _signed(embedded)
    page = _browse(ask, "GET", "/embed", link)
    assert page.status == 200
    assert "Žofie Nová" in _text(page)
    assert 'name="visitor_name"' not in page.body.decode()
    _take(ask, _start(ask, link, visitor_name="Mallory"), "", "Early", "")
    (item,) = ask.fetch("merchant-result-list", interview_id=embedded["id"])[1]["data"]
    assert (item["candidate_name"], item["candidate_email"]) == ("Žofie Nová", "z@example.invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"name": base64.b64encode(b"Mallory").decode()},
        {"email": base64.b64encode(b"m@example.invalid").decode()},
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "\u017e"},
        {"name": "not base64!"},
        {"name": base64.b64encode(b"\xff").decode()},
        {"signature": None},
        {"email": None},
    ],
)
def test_a_tampered_link_is_refused_visibly(ask: Asker, change: dict[str, str | None]) -> None:
    link = {name: value for name, value in (_signed(_embedded(ask)) | change).items() if value is not None}
    for reply in (_browse(ask, "GET", "/embed", link), _browse(ask, "POST", "/embed/visits", **link)):
        assert reply.status == 403
        assert re.search("This link (was changed|is incomplete)", _text(reply))
        assert "Support agent" not in _text(reply)


def test_an_upper_case_signature_and_one_of_a_rotated_key_are_refused(ask: Asker) -> None:
    embedded = _embedded(ask)
    link = _signed(embedded)
    assert _browse(ask, "GET", "/embed", link | {"signature": link["signature"].upper()}).status == 403
    ask.set_state(embedded["id"], is_embedded=False)
    assert _browse(ask, "GET", "/embed", link).status == 404
    ask.set_state(embedded["id"], is_embedded=True)
    row = next(row for row in ask.service.dump() if row["id"] == embedded["id"])
    assert _browse(ask, "GET", "/embed", link | {"embed_id": row["embed_id"]}).status == 403


def test_the_sandboxs_own_link_agrees_with_another_implementation(ask: Asker) -> None:
    embedded = _embedded(ask, name="Support", code="jmctl:shop/agent")
    for name in ("agent", "Support"):
        made = ask.service.embed_parameters(name, ("Žofie Nová", "z@example.invalid"))
        assert made == _signed(embedded)
    assert ask.service.embed_parameters("agent") == {"embed_id": embedded["embed_id"]}
    assert ask.service.embed_parameters("other") is None


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"status": "archived"}, 403, "closed"),
        ({"status": "deleted"}, 403, "closed"),
        ({"status": "draft"}, 200, "marked as a test"),
        ({"interview_available_till": "2020-01-01"}, 403, "closed"),
        ({"interview_available_till": "2120-01-01"}, 200, "Start"),
    ],
)
def test_closed_and_draft_interviews(ask: Asker, change: dict[str, Any], status: int, text: str) -> None:
    embedded = _embedded(ask)
    ask.update(embedded["id"], **change)
    reply = _browse(ask, "GET", "/embed", {"embed_id": embedded["embed_id"]})
    assert reply.status == status
    assert text in _text(reply)


def test_the_result_of_a_draft_is_a_test(ask: Asker) -> None:
    embedded = _embedded(ask, status="draft")
    _take(ask, _start(ask, _signed(embedded)), "", "Late", "")
    (item,) = ask.fetch("merchant-result-list", interview_id=embedded["id"])[1]["data"]
    assert item["is_test"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/embed"),
        ("GET", "/embed/visits/none"),
        ("POST", "/embed/visits/none"),
        ("POST", "/embed"),
        ("PUT", "/embed/visits"),
        ("GET", "/embed/../_sandbox"),
    ],
)
def test_what_is_not_there_is_a_page_too(ask: Asker, method: str, path: str) -> None:
    reply = _browse(ask, method, path)
    assert reply.status == 404
    assert dict(reply.headers)["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("body", [b"answer=%ff", b"\xff", b"a=" + b"x" * 300_000])
def test_forms_that_cannot_be_read(ask: Asker, body: bytes) -> None:
    visit = _start(ask, _signed(_embedded(ask)))
    reply = ask.service.outcome("POST", visit, {}, {}, body)
    assert getattr(reply, "status", 0) in {413, 422}


def test_everything_from_outside_is_escaped(ask: Asker) -> None:
    embedded = _embedded(
        ask, name=_HOSTILE, description=_HOSTILE, welcome_message=_HOSTILE, thank_you_message=_HOSTILE,
        questions=[
            {"question": _HOSTILE, "is_multiple_choice": True, "question_alternatives": [_HOSTILE]},
            {"question": "Last?"},
        ],
    )  # fmt: skip
    link = _signed(embedded, name=_HOSTILE)
    visit = _start(ask, link)
    pages = [_browse(ask, "GET", "/embed", link), _browse(ask, "GET", visit)]
    pages.append(_browse(ask, "GET", "/embed", link | {"signature": _HOSTILE}))
    _take(ask, visit, _HOSTILE, _HOSTILE)
    pages.append(_browse(ask, "GET", visit))
    for page in pages:
        assert page.body.decode().count("<script") == 1, "our own"
        assert "alert(1)" not in page.body.decode().replace("&lt;script&gt;alert(1)", "")
        assert "onload='x'" not in page.body.decode()


def test_nothing_is_loaded_from_anywhere_and_only_our_own_text_runs(ask: Asker) -> None:
    page = _browse(ask, "GET", "/embed", _signed(_embedded(ask)))
    policy = dict(page.headers)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", page.body.decode(), flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r'(src|href|action)="?(https?:)?//', page.body.decode())


def test_faults_and_latency_do_not_strike_pages(ask: Asker) -> None:
    link = _signed(_embedded(ask))
    ask.service.set_faults(["error_before:*", "latency:*:seconds=9"])
    reply = _browse(ask, "GET", "/embed", link)
    assert (reply.status, reply.delay) == (200, 0)
