"""Values and texts of a plan on a terminal: short ones on a line, long ones and Markdown as blocks. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from reconciler.resources.difference import ABSENT
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable
from reconciler.text.word_diff import is_long, similarity
from reconciler.text.wrap import wrapped
from reconciler.views.show_words import time_words
from reconciler.views.word_difference import word_difference

WIDTH = 76
_LINES = 6  # of a text, unless the whole is asked for
ALIKE = 0.5  # share of words that stay, from which on a word difference is easier to read than both texts
_FACTS = {
    "is_without_scoring": "not scored",
    "is_candidate_asking_recruiter": "the candidate asks",
    "is_expert": "heard by an expert",
    "is_multiple_choice": "multiple choice",
    "is_conditional": "asked if the answer to another calls for it",
}
_SHOWN = frozenset({"external_id", "id", "question", "duration", *_FACTS})


def shown(value: Any) -> str:
    """A value on one line, harmless and no wider than a terminal."""
    text = printable(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def value_block(value: Any, *, full: bool) -> Iterator[str]:
    """A value as lines: one, unless it is a text that is long or has lines of its own."""
    if not isinstance(value, str) or (len(value) <= WIDTH and "\n" not in value):
        yield printable(json.dumps(value, ensure_ascii=False)) if full else shown(value)
        return
    lines = list(wrapped(value, WIDTH))
    if not full and "\n" not in value:
        yield shown(value)
        return
    yield "<<"
    kept = lines if full else lines[:_LINES]
    yield from kept
    if rest := len(lines) - len(kept):
        yield f"… {counted(rest, 'more line')}: --full"


def change_block(before: Any, after: Any, *, full: bool) -> list[str]:
    """Two texts as a block; empty when they are not long texts and stand on one line.

    Texts of several lines are compared line by line, others word by word where most words stay.
    """
    if full and ABSENT in (before, after):
        side = after if before is ABSENT else before
        return list(value_block(side, full=True)) if isinstance(side, str) and len(side) > WIDTH else []
    texts = [side if isinstance(side, str) else "" if side in (None, ABSENT) else None for side in (before, after)]
    if None in texts:
        return []
    old, new = str(texts[0]), str(texts[1])
    if "\n" in old or "\n" in new:
        return list(_abridged(line_difference(old, new), full=full))
    if not is_long(before, after):
        return []
    if similarity(old, new) >= ALIKE:
        return [word_difference(old, new, full=full)]
    return [*_marked("-", old, "red", full=full), *_marked("+", new, "green", full=full)]


def line_difference(before: str, after: str) -> Iterator[tuple[str, str]]:
    """(`-`, `+` or a blank, line) in reading order."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(), after.splitlines()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ((" ", line) for line in old[a:b])
            continue
        yield from (("-", line) for line in old[a:b])
        yield from (("+", line) for line in new[c:d])


def question_facts(question: Mapping[str, Any]) -> list[str]:
    """How long an answer may take, and how the question is treated."""
    seconds = question.get("duration")
    facts = [time_words(seconds)] if isinstance(seconds, int | float) else []
    facts += [text for name, text in _FACTS.items() if question.get(name)]
    others = (name for name, value in question.items() if name not in _SHOWN and value not in (None, [], "", False))
    return [*facts, *(f"{printable(name)}: {shown(question[name])}" for name in others)]


def _abridged(lines: Iterator[tuple[str, str]], *, full: bool) -> Iterator[str]:
    """Changed lines with one unchanged line around them, all of them when `full`."""
    every = list(lines)
    near = {place + step for place, (sign, _) in enumerate(every) if sign != " " for step in (-1, 0, 1)}
    is_skipping = False
    for place, (sign, line) in enumerate(every):
        if full or place in near:
            is_skipping = False
            colour = {"-": "red", "+": "green"}.get(sign)
            for part in wrapped(line, WIDTH):
                yield click.style(f"{sign} {part}", fg=colour) if colour else f"{sign} {part}"
        elif not is_skipping:
            is_skipping = True
            yield "  …"


def _marked(sign: str, text: str, colour: str, *, full: bool) -> Iterator[str]:
    for line in wrapped(text, WIDTH) if full else [shown(text).removeprefix('"').removesuffix('"')]:
        yield click.style(f"{sign} {line}", fg=colour)
