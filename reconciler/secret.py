"""Values that must not be seen, and the redactor that takes every one of them out of a text.

Printing, formatting, comparing in a traceback or pickling a `Secret` shows nothing. Every living one is known to
`redacted`, which texts from outside pass before they are shown or recorded: a gateway or a library may repeat a token.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NoReturn
from urllib.parse import quote
from weakref import WeakSet

SHORTEST = 8
"""Shorter texts are not redacted: they are words, and no secret of the service is that short."""

MASK = "[secret]"
_known: WeakSet[Secret] = WeakSet()


class Secret:
    """Holds text that only `reveal()` gives away."""

    __slots__ = ("__weakref__", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) >= SHORTEST:
            _known.add(self)

    def reveal(self) -> str:
        """The text in clear; the caller is responsible for where it goes."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied to where it could be written")


def redacted(text: str) -> str:
    """`text` with every secret of this process masked, also in base64, URL-encoded and as JSON writes it."""
    for secret in tuple(_known):
        for form in _forms(secret.reveal()):
            if form in text:
                text = text.replace(form, MASK)
    return text


def _forms(text: str) -> Iterator[str]:
    yield text
    if not text.isalnum():
        yield quote(text, safe="")
        from json import dumps  # only what masks secrets pays for it

        yield dumps(text)[1:-1]
    data = text.encode()
    for skipped in range(3):  # base64 depends on where the secret starts in what was encoded
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(skipped) + data).decode()
            inner = whole[-(-skipped * 4 // 3) : len(whole) - 4]
            if len(inner) >= SHORTEST:
                yield inner
