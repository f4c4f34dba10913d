"""Flow style: what stands in brackets and braces.

More lenient than the specification in one thing: lines inside brackets need no indentation, because the closing
bracket is usually written below the key, and no line of it can be read in another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.yaml.parser.nodes import (
    alias,
    mapping_end,
    mapping_start,
    merged,
    properties,
    sequence_end,
    sequence_start,
)
from reconciler.yaml.parser.scalars import plain, quoted, starts_plain

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Message, Properties, Source

_ENDS = frozenset(",]}")
_KINDS: dict[str, tuple[str, Message, Message]] = {
    "[": (
        "]",
        (
            "unclosed bracket",
            "`[` starts a list that is not closed, lacks a comma, or holds a text that needs quotes",
            "close it with `]`; inside [ ] a text that holds , [ ] { } or ': ' needs quotes",
        ),
        ("missing value", "between the brackets a value is missing", "remove the extra comma"),
    ),
    "{": (
        "}",
        (
            "unclosed brace",
            "`{` starts a group that is not closed, lacks a comma, or holds a text that needs quotes",
            "close it with `}`; inside { } a text that holds , [ ] { } or ': ' needs quotes",
        ),
        ("missing value", "between the brackets a value is missing", "remove the extra comma"),
    ),
}
_START = "put quotes around the whole value"


def flow_collection(source: Source, pos: int, props: Properties | None, depth: int) -> int:
    """Adds the events of the list or group whose opening bracket is at `pos`; returns where it ends."""
    source.check_depth(depth, pos)
    opening = source.text[pos]
    closing, unclosed, missing = _KINDS[opening]
    is_list = opening == "["
    start = sequence_start if is_list else mapping_start
    source.events.append(start(source, pos, props, flow=True))
    at = _gap(source, pos + 1, pos)
    while source.text[at] != closing:
        if source.text[at] == ",":
            source.fail(missing, at)
        at = _gap(source, _entry(source, at, depth, pos), pos)
        if source.text[at] == ",":
            at = _gap(source, at + 1, pos)
        elif source.text[at] != closing:
            source.fail(unclosed, pos)
    stop = sequence_end if is_list else mapping_end
    source.events.append(stop(source, at + 1))
    return at + 1


def _gap(source: Source, pos: int, opening: int) -> int:
    """Behind blanks, comments and line ends; fails where the text or the document ends."""
    token = source.token(pos)
    at = token.pos
    if at >= source.end or (token.fresh and not token.indent and not token.tabbed and source.is_marker(at)):
        source.fail(_KINDS[source.text[opening]][1], opening)
    return at


def _entry(source: Source, pos: int, depth: int, opening: int) -> int:
    """One value of a list, or one key and value; in a list, a key makes a mapping of one entry."""
    is_list = source.text[opening] == "["
    first = len(source.events)
    if source.text[pos] == "?" and _ends_word(source, pos + 1):
        at = _optional(source, pos + 1, depth)
        at = _value(source, at, depth, pos)
    else:
        at, is_quoted = _node(source, pos, depth)
        after = source.inline(at) if is_list else source.token(at).pos
        if source.text[after : after + 1] == ":" and (is_quoted or _ends_word(source, after + 1)):
            if is_list and source.line(after) != source.line(pos):
                source.fail(_KINDS["["][1], opening)
            at = _optional(source, after + 1, depth)
        elif is_list:
            return at
        else:
            source.events.append(source.scalar("", None, at, at))
    if is_list:
        source.events.insert(first, mapping_start(source, pos, None, flow=True))
        source.events.append(mapping_end(source, at))
    return at


def _value(source: Source, pos: int, depth: int, opening: int) -> int:
    """The value after an explicit key, when there is one."""
    after = source.token(pos).pos
    if source.text[after : after + 1] == ":" and _ends_word(source, after + 1):
        return _optional(source, after + 1, depth)
    source.events.append(source.scalar("", None, pos, pos))
    return max(pos, opening + 1)


def _optional(source: Source, pos: int, depth: int) -> int:
    """A node, or the empty one when the entry ends here."""
    at = source.token(pos).pos
    if at >= source.end or source.text[at] in _ENDS or (source.text[at] == ":" and _ends_word(source, at + 1)):
        source.events.append(source.scalar("", None, pos, pos))
        return pos
    return _node(source, at, depth)[0]


def _node(source: Source, pos: int, depth: int) -> tuple[int, bool]:
    """Adds a node; returns where it ends, and whether a colon directly behind it makes it a key."""
    props: Properties | None = None
    at, after = pos, pos
    while source.text[at] in "&!":
        group, after = properties(source, at)
        props = merged(source, props, group)
        at = source.token(after).pos
        if at >= source.end:
            break
    sign = source.text[at : at + 1]
    if sign == "*":
        return alias(source, at, props), False
    if sign and sign in "[{":
        return flow_collection(source, at, props, depth + 1), True
    if sign and sign in "\"'":
        found = quoted(source, at, 0)
        source.events.append(source.scalar(found.value, sign, at, found.end, props))
        return found.end, True
    if not sign or sign in _ENDS or (sign == ":" and _ends_word(source, at + 1)):
        source.events.append(source.scalar("", None, after, after, props))
        return after, False
    if not starts_plain(source, at, in_flow=True):
        source.fail(("misplaced character", f"a value cannot start with `{sign}`", _START), at)
    found = plain(source, at, 0, in_flow=True)
    source.events.append(source.scalar(found.value, None, at, found.end, props))
    return found.end, False


def _ends_word(source: Source, pos: int) -> bool:
    return source.is_blank(pos) or source.text[pos] in ",[]{}"
