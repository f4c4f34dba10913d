"""The words that went and came between two wordings, as parts that any format can mark. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Part = tuple[Literal["same", "gone", "came"], str]

LONGEST = 20_000
"""Characters beyond which two texts are not taken apart: the comparison is quadratic, and nobody reads the marks."""


def word_parts(before: str, after: str) -> Iterator[Part]:
    """The parts of both texts in reading order."""
    if max(len(before), len(after)) > LONGEST:
        yield from (("gone", before), ("came", after))
        return
    old, new = (re.findall(r"\s+|[^\s]+", text) for text in (before, after))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[a:b])
            continue
        if b > a:
            yield "gone", "".join(old[a:b])
        if d > c:
            yield "came", "".join(new[c:d])


def marked(before: str, after: str) -> str:
    """`[-gone-]` and `{+came+}` among the words that stayed."""
    marks = {"same": "{}", "gone": "[-{}-]", "came": "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in word_parts(before, after))
