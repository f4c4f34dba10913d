"""Two spaces a level, lists one level in; what hangs on a line moves with it. Texts keep their own lines."""

from __future__ import annotations

from reconciler.yaml.layout import Layout
from reconciler.yaml.tree import Node

_STEP = 2


def indented(text: str) -> str:
    """`text` with the usual indentation."""
    return "\n".join(_Indenter(Layout(text)).lines())


class _Indenter:
    """Collects for each line by how much it moves, and for lines that begin a part what stands before the part."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._shifts = [0] * len(layout.lines)
        self._openings: dict[int, tuple[str, int]] = {}
        for section in layout.sections:
            if section.root.is_block:
                self._place(section.root, section.first, section.last, 0, "")

    def lines(self) -> list[str]:
        return [self._line(at, line) for at, line in enumerate(self._layout.lines)]

    def _line(self, at: int, line: str) -> str:
        if at in self._openings:
            opening, column = self._openings[at]
            return opening + line[column:]
        rest = line.lstrip(" ")
        return " " * max(0, len(line) - len(rest) + self._shifts[at]) + rest if line else line

    def _place(self, node: Node, first: int, last: int, column: int, lead: str) -> None:
        """Puts a block collection at `column`; `lead` is what its first line begins with when dashes stand there."""
        self._shift(first, last, column - node.column)
        for index, (start, end) in enumerate(self._layout.parts(node, last)):
            before = lead if lead and index == 0 else " " * column
            value = node.values[index]
            if node.kind == "mapping":
                at, inside = node.keys[index].line, ""
                self._open_entry(node.keys[index], value, before)
            else:
                at = self._layout.dash(node, value) if index else start
                inside = self._open_item(node, value, at, before)
            if value.is_block:
                self._place(value, at if inside else at + 1, end, column + _STEP, inside)
            elif value.is_text_block:
                self._place_text(value, column)

    def _open_entry(self, key: Node, value: Node, before: str) -> None:
        line = self._layout.lines[key.line]
        between = line[key.end_column : value.column]
        if value.line == key.line == key.end and between.strip() == ":" and between != ":":
            before += f"{line[key.column : key.end_column]}: "
            self._openings[key.line] = before, value.column
        else:
            self._openings[key.line] = before, key.column

    def _open_item(self, node: Node, value: Node, at: int, before: str) -> str:
        """What stands before an item on the line of its dash; nothing when the item begins further down."""
        if value.line != at:
            self._openings[at] = before, node.column
            return ""
        before += "- "
        self._openings[at] = before, value.column
        return before

    def _place_text(self, node: Node, column: int) -> None:
        lines = range(node.line + 1, node.end + 1)
        if any(sign.isdigit() for sign in node.header):
            return  # it says itself how far in it stands from its key, and moves with that
        written = [self._layout.indent(at) for at in lines if not self._layout.is_blank(at)]
        if written:
            self._shift(node.line + 1, node.end, column + _STEP - written[0])

    def _shift(self, first: int, last: int, by: int) -> None:
        self._shifts[first : last + 1] = [by] * (last + 1 - first)
