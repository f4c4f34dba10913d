"""YAML text -> a tree of nodes that know where they begin and end. Lines and columns count from 0 here.

The parser's own ends are where it noticed them; a node here ends in the last line that belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reconciler.yaml.events import events

_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(slots=True)
class Node:
    """A scalar, mapping or sequence from `line`, `column` to the end of its last line `end`, before `end_column`.

    `column` of a block collection is that of its keys or dashes. `keys` stand beside `values` in a mapping. `text` is
    what a scalar says, `header` what opens a text block, such as `>-` or `|2`.
    """

    kind: str
    line: int
    column: int
    end: int
    end_column: int
    style: str = ""
    text: str = ""
    header: str = ""
    keys: list[Node] = field(default_factory=list)
    values: list[Node] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether its parts stand on lines of their own."""
        return self.kind != "scalar" and self.style == "block"

    @property
    def is_text_block(self) -> bool:
        return self.style in {"|", ">"}


def roots(text: str, lines: list[str]) -> list[tuple[int, Node]]:
    """The root of each document, with the first line after its marker; `lines` are those of `text`."""
    found: list[tuple[int, Node]] = []
    reader = _Reader(events(text.encode()), lines)
    begin = 0
    for event in reader.events:
        if isinstance(event, DocumentStartEvent):
            begin = event.start_mark.line + 1 if event.explicit else begin
            found.append((begin, reader.node(next(reader.events))))
        elif isinstance(event, DocumentEndEvent):
            begin = event.end_mark.line + bool(event.explicit)
    return found


class _Reader:
    """Builds nodes from the events of one text."""

    def __init__(self, events: Iterator[Any], lines: list[str]) -> None:
        self.events = events
        self._lines = lines

    def node(self, event: Any) -> Node:
        """The node that `event` begins, with all that stands in it."""
        start, end = event.start_mark, event.end_mark
        node = Node("scalar", start.line, start.column, end.line, end.column)
        match event:
            case ScalarEvent():
                node.style, node.text = event.style or "", event.value
                if node.is_text_block:
                    self._end_text_block(node)
            case MappingStartEvent() | SequenceStartEvent():
                node.kind = "mapping" if isinstance(event, MappingStartEvent) else "sequence"
                node.style = "flow" if event.flow_style else "block"
                self._close(node, self._fill(node))
        return node

    def _fill(self, node: Node) -> Any:
        for event in self.events:
            if isinstance(event, MappingEndEvent | SequenceEndEvent):
                return event
            if node.kind == "mapping":
                node.keys.append(self.node(event))
                event = next(self.events)  # noqa: PLW2901 - a value follows its key
            node.values.append(self.node(event))
        raise AssertionError("the parser closes what it opens")

    def _close(self, node: Node, closing: Any) -> None:
        node.end, node.end_column = closing.end_mark.line, closing.end_mark.column
        if node.style == "flow":
            return
        node.end = max(part.end for part in (*node.keys, *node.values))
        if node.keys:  # not the mark of the mapping itself: that is where its anchor stands
            node.line, node.column = node.keys[0].line, node.keys[0].column
        elif self._lines[node.line][node.column : node.column + 1] != "-":  # an anchor stands before it
            node.line = next(at for at in range(node.line + 1, node.end + 1) if self._lines[at].lstrip()[:1] == "-")
            node.column = self._lines[node.line].index("-")

    def _end_text_block(self, node: Node) -> None:
        """The parser also counts the empty lines after a text; they are part of it only when it keeps them."""
        opening = _HEADER.search(self._lines[node.line], node.column)
        node.header = opening.group() if opening else ""
        last = node.end if node.end_column else node.end - 1
        if "+" not in node.header:
            while last > node.line and not self._lines[last]:
                last -= 1
        node.end = max(last, node.line)
