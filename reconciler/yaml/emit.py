"""Values as YAML that people read: plain where no reader could take it for something else, long texts as blocks. Pure.

"No reader" includes those of YAML 1.1, for which `no` is false and a date no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from reconciler.yaml.scalars import Unrepresentable, scalar

WIDTH = 100
_STEP = "  "

_PLAIN = re.compile(r"[^\W_](?:[^:#\n]|:(?=\S)|(?<=\S)#)*")
_SIMPLE = re.compile(r"[^\W_][\w./+-]*")
# Numbers, dates, times and words that YAML 1.1 or an over-eager reader takes for something else than text
_LOOSE = re.compile(
    r"[-+]?[0-9][0-9_,.:]*(?:e[-+]?[0-9]+)?|0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b.*"
    r"|y|yes|n|no|on|off|true|false|null",
    re.IGNORECASE,
)
# What must not stand in a file as itself: controls, separators, byte order marks, half characters
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAK = re.compile(r"(?<=\S) (?=\S)")
_FLOW_SIGNS = frozenset(",[]{}")


def entry(key: str, value: Any, indent: str) -> Iterator[str]:
    """The lines of `key: value`, `indent` spaces in."""
    head = f"{indent}{inline(key)}:"
    inside = indent + _STEP
    if isinstance(value, dict) and value:
        yield head
        for name, part in value.items():
            yield from entry(name, part, inside)
    elif isinstance(value, list) and value and not _is_short(value):
        yield head
        for item in value:
            yield from _item(item, inside)
    else:
        first, *rest = _leaf(value, inside, len(head))
        yield f"{head} {first}"
        yield from rest


def _item(value: Any, indent: str) -> Iterator[str]:
    inside = indent + _STEP
    if isinstance(value, dict) and value:
        lines = [line for name, part in value.items() for line in entry(name, part, inside)]
    elif isinstance(value, list) and value:
        lines = [line for part in value for line in _item(part, inside)]
    else:
        first, *rest = _leaf(value, inside, len(inside))
        lines = [inside + first, *rest]
    yield f"{indent}- {lines[0].removeprefix(inside)}"
    yield from lines[1:]


def _leaf(value: Any, indent: str, before: int) -> list[str]:
    """A value that holds no others: what stands on the line of its key, and the lines of a block below it."""
    if not isinstance(value, str):
        if isinstance(value, list) and value:
            return [f"[{', '.join(map(inline, value))}]"]
        return [inline(value)]
    if _UNSEEN.search(value) or "\r" in value:
        return [inline(value)]
    if value.strip("\n") and "\n" in value:
        return _literal(value, indent)
    if before + len(value) > WIDTH and value == value.strip() and _BREAK.search(value):
        return [">-", *_folded(value, indent)]
    return [inline(value)]


def _literal(text: str, indent: str) -> list[str]:
    """As a `|` block, which says by itself how many line breaks stand at the end."""
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    size = str(len(_STEP)) if re.match(r"\n*[ \t]", text) else ""
    sign = ("-", "", "+")[min(ends, 2)]
    lines = [indent + line if line else "" for line in body.split("\n")]
    return [f"|{size}{sign}", *lines, *[""] * (ends - 1)]


def _folded(text: str, indent: str) -> Iterator[str]:
    """Broken only at single blanks between words: those are what comes back."""
    line = ""
    for piece in _BREAK.split(text):
        if line and len(indent) + len(line) + 1 + len(piece) > WIDTH:
            yield indent + line
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield indent + line


def inline(value: Any) -> str:
    """A scalar or an empty collection on one line."""
    match value:
        case str():
            return _text(value)
        case bool() | None | int() | float():
            return json.dumps(value)
        case _:
            return "{}" if isinstance(value, dict) else "[]"


def _text(text: str) -> str:
    if _is_plain(text):
        return text
    if "\n" in text or "\r" in text or _UNSEEN.search(text):
        return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip() or _LOOSE.fullmatch(text) or _UNSEEN.search(text):
        return False
    try:
        return scalar(text) == text
    except Unrepresentable:
        return False


def _is_short(items: list[Any]) -> bool:
    """Whether a list reads well on one line: simple words, numbers, nothing more."""
    words = [inline(item) for item in items if not isinstance(item, dict | list)]
    simple = all(_SIMPLE.fullmatch(word) for word in words)
    return simple and len(words) == len(items) and sum(map(len, words)) + 2 * len(words) <= WIDTH // 2
