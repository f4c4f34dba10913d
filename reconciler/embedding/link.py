"""Links that open an embedded interview, with or without a signed visitor, and the iframe around one. Pure.

Their form is that of docs/service.md, on embedding.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from reconciler.secret import Secret

# what an interview asks the browser for; without them an iframe of another host gets none
_PERMISSIONS: Final = "camera; microphone; autoplay; display-capture; fullscreen"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who takes the interview, as the site that embeds it says."""

    name: str
    email: str


def embed_link(page: str, embed_id: str) -> str:
    """The link that opens the interview; the visitor types a name and an email address. `page` has no query."""
    return f"{page}?embed_id={quote(embed_id, safe='')}"


def signed_link(page: str, embed_id: str, key: Secret, visitor: Visitor) -> str:
    """The link that opens the interview for `visitor`.

    It holds for as long as the key does: the service knows no expiry (docs/service.md, on embedding).
    """
    parameters = {
        "name": _base64(visitor.name),
        "email": _base64(visitor.email),
        "signature": signature(key, embed_id, visitor),
    }
    # base64 has + / and =, of which a query would read + as a space
    signed = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{embed_link(page, embed_id)}&{signed}"


def signature(key: Secret, embed_id: str, visitor: Visitor) -> str:
    """HMAC-SHA256 of embed id, name and email address, without separators, in lower-case hex; the key as UTF-8."""
    message = f"{embed_id}{visitor.name}{visitor.email}"
    return hmac.new(key.reveal().encode(), message.encode(), hashlib.sha256).hexdigest()


def iframe(link: str, title: str) -> str:
    """HTML that shows the interview of `link` in a page; `title` is for those who use a screen reader."""
    return (
        f'<iframe src="{escape(link)}" title="{escape(title)}" allow="{_PERMISSIONS}" '
        'style="border: 0; width: 100%; height: 720px"></iframe>'
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
