"""Counted nouns: `1 interview`, `2 interviews`."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun; `many` only where it is not `one` with an s."""
    return f"{number:d} {one if number == 1 else many or f'{one}s'}"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"
