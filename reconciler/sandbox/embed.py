"""`/embed`: where an embedded interview is taken in a browser. Not one of the ten operations; no fault strikes it.

GET   /embed?embed_id=...[&name=...&email=...&signature=...]     the interview, and who takes it
POST  /embed/visits                                             begins a visit
GET   /embed/visits/ID                                          the question that is asked now, or thanks
POST  /embed/visits/ID                                          answers it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from reconciler.sandbox import embed_page, embed_visit
from reconciler.sandbox.embed_link import LinkRefusedError, opened
from reconciler.sandbox.interviews import found
from reconciler.sandbox.reply import Reply

if TYPE_CHECKING:
    from reconciler.sandbox.database import Database
    from reconciler.sandbox.embed_visit import Visit
    from reconciler.sandbox.switches import Switches

PATH: Final = "/embed"
_VISITS: Final = "/embed/visits"
_LARGEST_FORM: Final = 200_000  # 20,000 characters, percent-encoded
_LINK: Final = ("embed_id", "name", "email", "signature")


class Call(NamedTuple):
    """A browser's request."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes


def embedded(db: Database, switches: Switches, call: Call) -> Reply:
    """Answers a browser with a page, or sends it to the next one."""
    try:
        return _answered(db, switches, call)
    except LinkRefusedError as refusal:
        return _page(refusal.status, embed_page.refusal_page(refusal.title, refusal.text))


def _answered(db: Database, switches: Switches, call: Call) -> Reply:
    visit_id = call.path.removeprefix(f"{_VISITS}/")
    is_visit = visit_id != call.path
    if call.method == "GET" and call.path == PATH:
        link = {name: call.query[name] for name in _LINK if name in call.query}
        return _page(200, embed_page.start_page(opened(db, link), link))
    if call.method == "POST" and call.path == _VISITS:
        return _begun(db, _form(call.body))
    if call.method == "POST" and is_visit:
        form = _form(call.body)
        visit = embed_visit.answered(db, switches, visit_id, form.get("question", ""), form.get("answer", ""))
        return _moved(f"{_VISITS}/{_known(visit).id}")
    if call.method == "GET" and is_visit:
        return _shown(db, _known(embed_visit.visited(db, visit_id)))
    raise LinkRefusedError(404, "There is no such page", "Open the link exactly as you got it.")


def _begun(db: Database, form: dict[str, str]) -> Reply:
    link = opened(db, {name: form[name] for name in _LINK if name in form})
    if link.is_signed:
        name, email = link.name or "", link.email or ""
    else:
        name, email = form.get("visitor_name", "").strip(), form.get("visitor_email", "").strip()
    return _moved(f"{_VISITS}/{embed_visit.begun(db, link, name, email).id}")


def _shown(db: Database, visit: Visit) -> Reply:
    interview = found(db, visit.interview_id)
    name = (interview.columns["name"] if interview else None) or "Interview"
    if visit.asked is not None:
        language = interview.columns["mojito_language_code"] if interview else None
        return _page(200, embed_page.question_page(visit, visit.asked, name, language))
    steps = interview.steps if interview else []
    return _page(200, embed_page.end_page(name, next((s.get("text") for s in steps if s["kind"] == "thank_you"), None)))


def _known(visit: Visit | None) -> Visit:
    if visit is None:
        raise LinkRefusedError(404, "There is no such visit", "Open the link of the interview again.")
    return visit


def _form(body: bytes) -> dict[str, str]:
    if len(body) > _LARGEST_FORM:
        raise LinkRefusedError(413, "The answer is too long", "Go back and shorten it to 20,000 characters.")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except (UnicodeDecodeError, ValueError):
        raise LinkRefusedError(422, "The form cannot be read", "Go back and send it again.") from None


def _page(status: int, page: str) -> Reply:
    return Reply(status, page.encode(), embed_page.headers())


def _moved(location: str) -> Reply:
    return Reply(303, b"", (("Location", location), ("Cache-Control", "no-store")))
