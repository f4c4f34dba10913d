"""What block and flow style share: anchors, tags, aliases, and the start events of collections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent

from reconciler.yaml.parser.source import Properties

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Source

_NAME = re.compile(r"[^ \t\n,\[\]{}]+")
_TAG = re.compile(r"!(?:<[^ \t\n>]+>|[^ \t\n,\[\]{}]*)")
_ANCHOR = (
    "bad anchor",
    "a value that starts with `&` is read as an anchor, a name for the value after it",
    "put quotes around a text that starts with `&`",
)
_ALIAS = (
    "bad alias",
    "a value that starts with `*` is read as an alias, a reference to another value",
    "put quotes around a text that starts with `*`",
)
_TAGGED = (
    "tags are not supported",
    "a value starts with `!`",
    "remove the tag; put quotes around a text that starts with `!`",
)


def properties(source: Source, pos: int) -> tuple[Properties, int]:
    """The anchor and tag at `pos` on one line, and where they end."""
    found, at = Properties(None, None, pos), pos
    while True:
        sign = source.text[at : at + 1]
        if sign not in {"&", "!"}:
            return found, at
        if sign == "&":
            name = _NAME.match(source.text, at + 1)
            if name is None or found.anchor:
                source.fail(_ANCHOR, at)
            found, end = found._replace(anchor=name.group()), name.end()
        else:
            tag = _TAG.match(source.text, at)
            if tag is None or found.tag:
                source.fail(_TAGGED, at)
            found, end = found._replace(tag=tag.group()), tag.end()
        if not source.is_blank(end) and source.text[end] not in ",[]{}":
            source.fail(_ANCHOR if sign == "&" else _TAGGED, at)
        at = source.inline(end)
        if at == end and source.text[at : at + 1] in {"&", "!", "{", "["}:
            source.fail(_ANCHOR if sign == "&" else _TAGGED, pos)


def merged(source: Source, outer: Properties | None, inner: Properties | None) -> Properties | None:
    """The properties of one node that stand on two lines."""
    if outer is None or inner is None:
        return outer or inner
    if (outer.anchor and inner.anchor) or (outer.tag and inner.tag):
        source.fail(_ANCHOR if inner.anchor else _TAGGED, inner.pos)
    return Properties(outer.anchor or inner.anchor, outer.tag or inner.tag, outer.pos)


def alias(source: Source, pos: int, props: Properties | None) -> int:
    """Adds the alias at `pos`; returns where it ends."""
    name = _NAME.match(source.text, pos + 1)
    if name is None or props:
        source.fail(_ALIAS, pos)
    source.events.append(AliasEvent(name.group(), source.mark(pos), source.mark(name.end())))
    return name.end()


def mapping_start(source: Source, pos: int, props: Properties | None, *, flow: bool) -> MappingStartEvent:
    """The event that opens a mapping at `pos`."""
    anchor, tag = (props.anchor, props.tag) if props else (None, None)
    mark = source.mark(props.pos if props else pos)
    return MappingStartEvent(anchor, tag, tag is None, mark, source.mark(pos), flow_style=flow)


def sequence_start(source: Source, pos: int, props: Properties | None, *, flow: bool) -> SequenceStartEvent:
    """The event that opens a sequence at `pos`."""
    anchor, tag = (props.anchor, props.tag) if props else (None, None)
    mark = source.mark(props.pos if props else pos)
    return SequenceStartEvent(anchor, tag, tag is None, mark, source.mark(pos), flow_style=flow)


def mapping_end(source: Source, pos: int) -> MappingEndEvent:
    """The event that closes a mapping before `pos`."""
    return MappingEndEvent(source.mark(pos), source.mark(pos))


def sequence_end(source: Source, pos: int) -> SequenceEndEvent:
    """The event that closes a sequence before `pos`."""
    return SequenceEndEvent(source.mark(pos), source.mark(pos))
