"""The words that were removed and added between two texts, as parts that any format can mark. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

Part = tuple[Literal["same", "gone", "came"], str]

LONGEST = 20_000
"""Characters beyond which two texts are not compared word by word: that is quadratic, and hard to read."""
_LONG = 60
_AROUND = 5  # words of context on each side of a difference


def is_long(before: Any, after: Any) -> bool:
    """Whether two values are texts that are better shown as a word difference than side by side."""
    return isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _LONG


def word_parts(before: str, after: str) -> Iterator[Part]:
    """The parts of both texts in reading order."""
    if max(len(before), len(after)) > LONGEST:
        yield from (("gone", before), ("came", after))
        return
    from difflib import SequenceMatcher

    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[a:b])
            continue
        if b > a:
            yield "gone", "".join(old[a:b])
        if d > c:
            yield "came", "".join(new[c:d])


def similarity(before: str, after: str) -> float:
    """The share of words that stay, from 0 to 1."""
    if max(len(before), len(after)) > LONGEST:
        return 0.0
    kept = sum(len(text.split()) for kind, text in word_parts(before, after) if kind == "same")
    return kept / max(len(before.split()), len(after.split()), 1)


def abridged_parts(before: str, after: str) -> Iterator[Part]:
    """As `word_parts`, with `…` for words that are equal in both and not near a difference."""
    parts = list(word_parts(before, after))
    for place, (kind, text) in enumerate(parts):
        yield kind, _context(text, first=place == 0, last=place == len(parts) - 1) if kind == "same" else text


def marked(before: str, after: str) -> str:
    """`[-gone-]` and `{+came+}` among the words that stayed."""
    return "".join(mark(kind, text) for kind, text in word_parts(before, after))


def mark(kind: Literal["same", "gone", "came"], text: str) -> str:
    """A part with the marks that carry its meaning without colour."""
    return {"same": "{}", "gone": "[-{}-]", "came": "{{+{}+}}"}[kind].format(text)


def _context(text: str, *, first: bool, last: bool) -> str:
    words = re.findall(r"\s+|[^\s]+", text)
    keep = _AROUND * 2  # words and the spaces between them
    head = [] if first else words[:keep]
    tail = [] if last else words[-keep:]
    return text if len(head) + len(tail) >= len(words) else f"{''.join(head)}…{''.join(tail)}"
