"""One result as the service holds it: every field kept, the transcript as turns. Null everywhere is normal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the transcript under the API's own names, unknown ones included."""

    fields: Mapping[str, Any]

    @property
    def is_answer(self) -> bool:
        """Whether the candidate speaks; anything but true is the avatar."""
        return self.fields.get("is_answer") is True

    def text(self, name: str) -> str | None:
        """A field that is a text and not empty, else None."""
        return text_of(self.fields.get(name))

    def number(self, name: str) -> float | None:
        """A field that is a number, else None."""
        return number_of(self.fields.get(name))


@dataclass(frozen=True, slots=True)
class Detail:
    """The answer of job-interview-details: `fields` is everything but the transcript; durations are in deciseconds."""

    result_id: str
    fields: Mapping[str, Any]
    transcript: tuple[Turn, ...]

    def text(self, name: str) -> str | None:
        """A field that is a text and not empty, else None."""
        return text_of(self.fields.get(name))

    def number(self, name: str) -> float | None:
        """A field that is a number, else None."""
        return number_of(self.fields.get(name))

    @property
    def started(self) -> datetime | None:
        """When the candidate began."""
        return instant(self.fields.get("start"))


def detail(result_id: str, body: Mapping[str, Any]) -> Detail:
    """The body as a value. Raises ValueError when the transcript is not a list of objects (null is an empty one)."""
    turns = body.get("transcript") or []
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise ValueError("the transcript is not a list of turns")
    fields = {name: value for name, value in body.items() if name != "transcript"}
    return Detail(result_id, fields, tuple(Turn(turn) for turn in turns))


def text_of(value: Any) -> str | None:
    """`value` when it is a text with something in it."""
    return value if isinstance(value, str) and value else None


def number_of(value: Any) -> float | None:
    """`value` when it is a number; true and false are none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def instant(value: Any) -> datetime | None:
    """An ISO 8601 time; one without an offset is taken as UTC. None when it is not readable."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
