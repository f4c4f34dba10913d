"""What leaves the service: an answer, a broken connection, or the reason an operation refused. Knows no transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

JSON_HEADERS = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `delay` seconds pass before it leaves, `cut` means the connection breaks half way through the body."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = JSON_HEADERS
    delay: float = 0.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """No answer at all; `reached` is False when the connection was never made."""

    delay: float = 0.0
    reached: bool = True
    worked: bool = False


class RefusalError(Exception):
    """An operation's "no": becomes the error envelope, `name` being the offending field (docs/service.md#1-access)."""

    def __init__(self, status: int, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.name = name


def answered(status: int, payload: Any) -> Reply:
    """`payload` as a JSON answer."""
    return Reply(status, orjson.dumps(payload))


def refused(refusal: RefusalError) -> Reply:
    """The error envelope; `name` only where a field is to blame."""
    envelope = {"error": refusal.message}
    if refusal.name is not None:
        envelope["name"] = refusal.name
    return answered(refusal.status, envelope)


def unanswerable(name: str, message: str) -> RefusalError:
    """422: the request's field `name` is wrong."""
    return RefusalError(422, message, name)
