"""Values and names from files as messages show them: quoted, shortened, sanitized."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.text.sanitize import printable

_LONGEST = 60


def tick(text: str) -> str:
    """A name from the file, between backticks."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return f"`{printable(short)}`"


def shown(value: Any) -> str:
    """A value from the file as a reader recognises it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            short = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
            return f'"{printable(short)}"'
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "a group of fields" if value else "an empty group"


def kind(value: Any) -> str:
    """What sort of thing a value is, with the value itself when that is short."""
    match value:
        case None:
            return "null"
        case bool():
            return f"{shown(value)}, which is a yes-or-no value"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {shown(value)}"
        case _:
            return shown(value)


def listing(words: Sequence[str]) -> str:
    """`a, b or c`."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no "or"
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
