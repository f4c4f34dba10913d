"""Embed links: which interview a link opens, and whether its signature is good (docs/service.md#8-embed)."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.sandbox.clock import iso
from reconciler.sandbox.interview_names import names_of
from reconciler.sandbox.interviews import FIELDS, Interview, every, from_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.sandbox.database import Database

_SIGNED: Final = ("name", "email", "signature")


class LinkRefusedError(Exception):
    """The link opens nothing: `status`, a title and what the visitor can do."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text


@dataclass(frozen=True, slots=True)
class Link:
    """A good link: its interview, and for a signed one who the site that signed it says the visitor is."""

    interview: Interview
    name: str | None = None
    email: str | None = None

    @property
    def is_signed(self) -> bool:
        """Whether the visitor was named by a signature."""
        return self.email is not None


def opened(db: Database, query: Mapping[str, str]) -> Link:
    """The link with these parameters. Raises LinkRefusedError."""
    interview = _embedded(db, query.get("embed_id", ""))
    _check_open(db, interview)
    if not any(name in query for name in _SIGNED):
        return Link(interview)
    if not all(name in query for name in _SIGNED):
        raise LinkRefusedError(403, "This link is incomplete", "A signed link has name, email and signature.")
    name, email = _text(query["name"]), _text(query["email"])
    expected = signature(interview.embed_signing_key or "", interview.embed_id or "", name, email)
    if not hmac.compare_digest(expected.encode(), query["signature"].encode()):
        raise LinkRefusedError(
            403,
            "This link was changed",
            "Its signature does not fit the name, the email address and the interview. "
            "Open the link exactly as you got it, or ask for a new one.",
        )
    return Link(interview, name, email)


def parameters(db: Database, called: str, visitor: tuple[str, str] | None) -> dict[str, str] | None:
    """Parameters of the link to the newest embedded interview of that name, None when there is none.

    Signed when `visitor` (name, email address) is given.
    """
    named = [
        one for one in every(db) if one.embed_id and called in names_of(one) and one.columns["status"] != "archived"
    ]
    if not named:
        return None
    embed_id, key = named[-1].embed_id or "", named[-1].embed_signing_key or ""
    if visitor is None:
        return {"embed_id": embed_id}
    name, email = (base64.b64encode(text.encode()).decode() for text in visitor)
    return {"embed_id": embed_id, "name": name, "email": email, "signature": signature(key, embed_id, *visitor)}


def signature(key: str, embed_id: str, name: str, email: str) -> str:
    """HMAC-SHA256 in lower-case hex over embed_id, name and email without separators."""
    return hmac.new(key.encode(), f"{embed_id}{name}{email}".encode(), "sha256").hexdigest()


def _text(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise LinkRefusedError(
            403, "This link was changed", "Its name or email address is not base64 of UTF-8."
        ) from None


def _embedded(db: Database, embed_id: str) -> Interview:
    row = db.connection.execute(
        f"SELECT {FIELDS} FROM interviews WHERE embed_id = ?",  # noqa: S608 - names stand in interviews
        (embed_id,),
    ).fetchone()
    if row is None:
        raise LinkRefusedError(
            404, "There is no such interview", "The link is wrong, or the interview is no longer embedded."
        )
    return from_row(row)


def _check_open(db: Database, interview: Interview) -> None:
    status, until = interview.columns["status"], interview.columns["interview_available_till"]
    if status in {"archived", "deleted", "completed"}:
        raise LinkRefusedError(403, "This interview is closed", f"Its status is {status}.")
    if until is not None and until < iso(db.clock.now()):
        raise LinkRefusedError(403, "This interview is closed", f"It could be taken until {until}.")
