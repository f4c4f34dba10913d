"""Two long texts as one line in which the words that went and came are marked, with a little of what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import click

from reconciler.text.sanitize import printable

_LONG = 60
_AROUND = 5  # words of context on each side of a difference


def is_long(before: Any, after: Any) -> bool:
    """Whether two texts are better told word by word than side by side."""
    return isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _LONG


def word_difference(before: str, after: str) -> str:
    """`[-gone-]` and `{+come+}` among the words that stayed; the marks carry the meaning, colour only helps."""
    return "".join(_parts(_words(before), _words(after))).strip()


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(codes):
        if kind == "equal":
            yield _context(old[a:b], first=place == 0, last=place == len(codes) - 1)
            continue
        if b > a:
            yield click.style(f"[-{_line(old[a:b])}-]", fg="red")
        if d > c:
            yield click.style(f"{{+{_line(new[c:d])}+}}", fg="green")


def _context(words: list[str], *, first: bool, last: bool) -> str:
    keep = _AROUND * 2  # words and the spaces between them
    head = [] if first else words[:keep]
    tail = [] if last else words[-keep:]
    if len(head) + len(tail) >= len(words):
        return _line(words)
    return f"{_line(head)}…{_line(tail)}"


def _line(words: list[str]) -> str:
    return printable("".join(words).replace("\n", "⏎"))
