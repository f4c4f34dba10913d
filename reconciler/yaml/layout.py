"""Which lines belong to which part of a YAML text: every comment and empty line has one owner.

A comment that is as far out as a key belongs to what follows it, one further in to what stands above it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.yaml.tree import Node, roots


@dataclass(frozen=True, slots=True)
class Section:
    """One document of a file: its root, and the lines `first` to `last` after its marker; the next marker is one."""

    root: Node
    first: int
    last: int


class Layout:
    """The lines of a text, and its documents."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        found = roots(text, self.lines)
        ends = [*(first - 1 for first, _ in found[1:]), len(self.lines) - 1]
        self.sections = [Section(root, first, last) for (first, root), last in zip(found, ends, strict=True)]

    def indent(self, line: int) -> int:
        text = self.lines[line]
        return len(text) - len(text.lstrip(" "))

    def is_blank(self, line: int) -> bool:
        return not self.lines[line].strip()

    def is_comment(self, line: int) -> bool:
        """Only to be asked of lines between nodes: inside a text the sign means nothing."""
        return self.lines[line].lstrip()[:1] == "#"

    def dash(self, sequence: Node, item: Node) -> int:
        """The line of the dash before `item`: on the item's own line, or above it."""
        at = item.line
        while self.is_comment(at) or self.lines[at][sequence.column : sequence.column + 1] != "-":
            at -= 1
        return at

    def boundary(self, end: int, line: int, column: int) -> int:
        """The first line that belongs to the part beginning in `line`, when the part before it ends in `end`.

        `column` is that of both parts.
        """
        for at in range(end + 1, line):
            if not self.is_blank(at) and self.indent(at) <= column:
                line = at
                break
        while line - 1 > end and self.is_blank(line - 1):
            line -= 1
        return line

    def parts(self, node: Node, last: int) -> list[tuple[int, int]]:
        """First line and last line of each part of a block collection; the first part begins where its key does.

        What stands after them, up to `last`, belongs to the collection as a whole.
        """
        starts = [self.dash(node, item) for item in node.values] if node.kind == "sequence" else []
        starts = starts or [key.line for key in node.keys]
        ends = [value.end for value in node.values]
        for index in range(1, len(starts)):
            starts[index] = self.boundary(ends[index - 1], starts[index], node.column)
        return list(zip(starts, [*(at - 1 for at in starts[1:]), self._tail(node, last)], strict=True))

    def _tail(self, node: Node, last: int) -> int:
        return self.boundary(node.end, last + 1, node.column) - 1
