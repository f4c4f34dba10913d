"""Block style: mappings and sequences by indentation, and what stands in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from reconciler.yaml.parser.block_scalar import block_scalar
from reconciler.yaml.parser.complaints import after_value, misplaced, no_dash, no_key, too_far_in
from reconciler.yaml.parser.flow import flow_collection
from reconciler.yaml.parser.nodes import (
    alias,
    mapping_end,
    mapping_start,
    merged,
    properties,
    sequence_end,
    sequence_start,
)
from reconciler.yaml.parser.scalars import plain, plain_line, quoted, starts_plain
from reconciler.yaml.parser.source import TAB, Token

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Properties, Source

_COLON = re.compile(r"[ \t]*+:(?=[ \t\n])")
_LONGEST_KEY = 1024
_DASH = (
    "misplaced dash",
    "a list entry cannot start here",
    "put the `- ` on a line of its own; a text that starts with `- ` needs quotes",
)
_LONG_KEY = ("key too long", f"a name is longer than {_LONGEST_KEY} characters", "write `name: value`")


class Place(NamedTuple):
    """Where a node may stand.

    `parent` is the column of the collection around it, -1 for a document. `compact` says whether a collection may begin
    on the line of the indicator before it, `level` whether the dashes of a sequence may stand in the parent's column.
    """

    parent: int
    depth: int
    compact: bool = False
    level: bool = False


def block_node(source: Source, pos: int, place: Place) -> int:
    """Adds the node that follows the indicator before `pos`, an empty one if there is none; returns where it ends."""
    token, after = source.token(pos), pos
    outer: Properties | None = None
    while _holds(source, token, place):
        if source.text[token.pos] not in "&!":
            return _content(source, token, place, outer, None, token.pos)
        group, after = properties(source, token.pos)
        following = source.token(after)
        if not following.fresh:
            return _content(source, token, place, outer, group, following.pos)
        if source.text[token.pos : after].strip() and _is_key(source, after) and _nests(token, place):
            return _content(source, token, place, outer, group, after)
        outer, token = merged(source, outer, group), following
        place = place._replace(compact=False)
    source.events.append(source.scalar("", None, after, after, outer))
    return after


def is_at(source: Source, pos: int, sign: str) -> bool:
    """Whether the indicator `sign` stands at `pos`."""
    return source.text[pos : pos + 1] == sign and source.is_blank(pos + 1)


def is_end(source: Source, token: Token) -> bool:
    """Whether a document ends before `token`."""
    return token.pos >= source.end or (
        token.fresh and not token.indent and not token.tabbed and source.is_marker(token.pos)
    )


def _holds(source: Source, token: Token, place: Place) -> bool:
    """Whether `token` belongs to the node that may stand at `place`."""
    if is_end(source, token):
        return False
    if not token.fresh or token.indent > place.parent:
        return True
    return place.level and token.indent == place.parent and not token.tabbed and is_at(source, token.pos, "-")


def _nests(token: Token, place: Place) -> bool:
    """Whether a block collection may begin at `token`."""
    return not token.tabbed and (token.fresh or place.compact)


def _is_key(source: Source, pos: int) -> bool:
    return _COLON.match(source.text, pos) is not None


def _content(  # noqa: PLR0913, PLR0917 - the state of one call of block_node
    source: Source, token: Token, place: Place, outer: Properties | None, group: Properties | None, at: int
) -> int:
    """Adds a node that is not empty. `outer` are properties on lines above it, `group` those on its line."""
    sign, column = source.text[at], source.column(token.pos)
    if is_at(source, at, "-"):
        if group or not _nests(token, place):
            source.fail(TAB if token.tabbed else _DASH, at)
        return _sequence(source, at, place.parent, outer, place.depth + 1)
    if sign in "|>":
        found = block_scalar(source, at, place.parent)
        source.events.append(source.scalar(found.value, sign, at, found.end, merged(source, outer, group)))
        return found.end
    first = len(source.events)
    if is_at(source, at, "?") or _is_key(source, at):
        end, is_key = at, True
    else:
        end, is_key = _inline(source, at, place, outer, group)
    if not is_key:
        if first < len(source.events) and _is_key(source, end):
            after_value(source, end)
        return _ended(source, end)
    if not _nests(token, place):
        if token.tabbed:
            source.fail(TAB, at - 1)
        after_value(source, source.inline(end))
    start = mapping_start(source, token.pos, outer, flow=False)
    source.events.insert(first, start)
    return _mapping(source, at, end, column, group, place.depth + 1)


def _inline(
    source: Source, at: int, place: Place, outer: Properties | None, group: Properties | None
) -> tuple[int, bool]:
    """Adds a scalar, alias or flow collection; returns where it ends, and whether it is the key of a block mapping.

    The properties of a key are those on its own line; the ones above it belong to the mapping.
    """
    sign, first = source.text[at], len(source.events)
    if sign == "*":
        end = alias(source, at, group)
        if not _is_key(source, end) and outer:
            merged(source, outer, outer)
        return end, _is_key(source, end)
    if sign in "[{":
        end = flow_collection(source, at, group, place.depth + 1)
        is_key = _is_key(source, end) and source.line(end) == source.line(at)
        if not is_key and (whole := merged(source, outer, group)) is not group:
            opening = sequence_start if sign == "[" else mapping_start
            source.events[first] = opening(source, at, whole, flow=True)
        return end, is_key
    if sign in "\"'":
        found = quoted(source, at, place.parent + 1)
        is_key = _is_key(source, found.end) and source.line(found.end) == source.line(at)
    elif not starts_plain(source, at, in_flow=False):
        misplaced(source, at)
    else:
        found = plain_line(source, at, in_flow=False)
        is_key = _is_key(source, found.end)
        if not is_key:
            found = plain(source, at, place.parent + 1, in_flow=False)
    if is_key and found.end - at > _LONGEST_KEY:
        source.fail(_LONG_KEY, at)
    style = sign if sign in "\"'" else None
    props = group if is_key else merged(source, outer, group)
    source.events.append(source.scalar(found.value, style, at, found.end, props))
    return found.end, is_key


def _ended(source: Source, end: int) -> int:
    """`end`, when nothing but a comment follows on the line."""
    at = source.inline(end)
    if source.text[at] != "\n" and not (source.text[at] == "#" and at > end):
        after_value(source, at)
    return end


def _sequence(source: Source, pos: int, parent: int, props: Properties | None, depth: int) -> int:
    """Adds the sequence whose first dash is at `pos`; returns where it ends."""
    source.check_depth(depth, pos)
    column = source.column(pos)
    source.events.append(sequence_start(source, pos, props, flow=False))
    while True:
        end = block_node(source, pos + 1, Place(column, depth, compact=True))
        token = source.token(end)
        if is_end(source, token) or token.indent < column:
            break
        if token.indent > column or token.tabbed or not is_at(source, token.pos, "-"):
            if token.indent == parent and not token.tabbed:
                break
            no_dash(source, token)
        pos = token.pos
    source.events.append(sequence_end(source, end))
    return end


def _mapping(  # noqa: PLR0913, PLR0917 - the first key, and where it stands
    source: Source, pos: int, end: int, column: int, group: Properties | None, depth: int
) -> int:
    """Adds the entries of a mapping; its first key, unless explicit or empty, is added already and ends at `end`."""
    source.check_depth(depth, pos)
    is_added = end > pos
    while True:
        if is_at(source, pos, "?"):
            end = _explicit(source, pos, column, depth)
        else:
            if not is_added:
                end = _key(source, pos, column, depth, group)
            colon = source.text.index(":", end)
            end = block_node(source, colon + 1, Place(column, depth, level=True))
        token = source.token(end)
        if is_end(source, token) or (token.indent < column and not token.tabbed):
            break
        if token.indent != column or token.tabbed:
            too_far_in(source, token)
        if is_at(source, token.pos, "-"):
            no_key(source, token.pos)
        pos, is_added, group = token.pos, False, None
    source.events.append(mapping_end(source, end))
    return end


def _explicit(source: Source, pos: int, column: int, depth: int) -> int:
    """Adds a key behind `?`, and its value behind a `:` in the same column; returns where they end."""
    place = Place(column, depth, compact=True, level=True)
    end = block_node(source, pos + 1, place)
    token = source.token(end)
    if not is_end(source, token) and token.fresh and token.indent == column and is_at(source, token.pos, ":"):
        if token.tabbed:
            source.fail(TAB, token.pos - 1)
        return block_node(source, token.pos + 1, place)
    source.events.append(source.scalar("", None, end, end))
    return end


def _key(source: Source, pos: int, column: int, depth: int, group: Properties | None) -> int:
    """Adds the key at `pos`, an empty one before a colon; returns where it ends."""
    at = pos
    if group is None and source.text[pos] in "&!":
        group, at = properties(source, pos)
    if _is_key(source, at) or (source.text[at] == ":" and source.is_blank(at + 1)):
        source.events.append(source.scalar("", None, at, at, group))
        return at
    if source.text[at] == "\n":
        no_key(source, pos)
    if source.text[at] not in "*[{\"'" and not starts_plain(source, at, in_flow=False):
        misplaced(source, at)
    end, is_key = _inline(source, at, Place(column, depth), None, group)
    if not is_key:
        no_key(source, pos)
    return end
