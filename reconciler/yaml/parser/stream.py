"""The documents of a text: their markers, their directives, and the events of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from reconciler.yaml.parser.block import Place, block_node, is_end
from reconciler.yaml.parser.complaints import misplaced, too_far_in
from reconciler.yaml.parser.source import Source, SyntaxFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.yaml.parser.source import Token

_DIRECTIVE = re.compile(r"%(?:YAML[ \t]+([0-9]+)\.([0-9]+)|TAG[ \t]+[^ \t\n]+[ \t]+[^ \t\n]+)[ \t]*(?:[ \t]#[^\n]*)?\n")
_BAD = ("bad directive", "a line that starts with `%` is an instruction to the YAML reader", "remove the line")
_MARKER_LENGTH = 3


def parse_events(text: str) -> Iterator[Any]:
    """The events of `text`; raises SyntaxFailure behind those that come before the mistake."""
    source = Source(text)
    failure: SyntaxFailure | None = None
    try:
        _stream(source)
    except SyntaxFailure as error:
        failure = error
    yield from source.events
    if failure:
        raise failure


def _stream(source: Source) -> None:
    mark = source.mark(0)
    source.events.append(StreamStartEvent(mark, mark))
    pos, may_direct = 0, True
    while True:
        token = source.token(pos)
        if token.pos >= source.end:
            break
        if _is_marker(source, token, "..."):
            pos, may_direct = _line_end(source, token.pos + _MARKER_LENGTH), True
            continue
        pos, may_direct = _document(source, token, may_direct=may_direct)
    mark = source.mark(source.end)
    source.events.append(StreamEndEvent(mark, mark))


def _document(source: Source, token: Token, *, may_direct: bool) -> tuple[int, bool]:
    """Adds one document; returns where it ends, and whether directives may follow."""
    version = None
    begin = token.pos
    directed = False
    while source.text[token.pos : token.pos + 1] == "%" and token.fresh and not token.indent:
        match = _DIRECTIVE.match(source.text, token.pos)
        if not may_direct or match is None or (match[1] and version):
            source.fail(_BAD, token.pos)
        version = (int(match[1]), int(match[2])) if match[1] else version
        token, directed = source.token(match.end()), True
    is_explicit = _is_marker(source, token, "---")
    if directed and not is_explicit:
        source.fail(_BAD, begin)
    pos = token.pos + _MARKER_LENGTH if is_explicit else source.starts[source.line(token.pos)]
    mark = source.mark(begin)
    start = DocumentStartEvent(mark, source.mark(pos), is_explicit, version)
    source.events.append(start)
    end = block_node(source, pos, Place(-1, 0))
    token = source.token(end)
    if not is_end(source, token):
        _surplus(source, token)
    is_closed = _is_marker(source, token, "...")
    stop = _line_end(source, token.pos + _MARKER_LENGTH) if is_closed else token.pos
    source.events.append(DocumentEndEvent(source.mark(token.pos), source.mark(stop), is_closed))
    return stop, is_closed


def _is_marker(source: Source, token: Token, marker: str) -> bool:
    is_outside = token.fresh and not token.indent and not token.tabbed
    return is_outside and source.text.startswith(marker, token.pos) and source.is_marker(token.pos)


def _line_end(source: Source, pos: int) -> int:
    """Behind the line of a `...`, on which only a comment may follow."""
    token = source.token(pos)
    if not token.fresh:
        detail = "the document was complete before this"
        source.fail(("text after the end", detail, "start a new document with a line `---`"), token.pos)
    return token.pos


def _surplus(source: Source, token: Token) -> None:
    """Fails for what follows a document that is complete."""
    if source.text[token.pos] == "%":
        misplaced(source, token.pos)
    if token.indent or token.tabbed:
        too_far_in(source, token)
    detail = "the document was complete before this"
    hint = "start a new document with a line `---`, or correct the indentation"
    source.fail(("text after the end", detail, hint), token.pos)
