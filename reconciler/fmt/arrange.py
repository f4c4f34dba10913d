"""Keys in their order, each with the comments above it and everything below it; free objects stay as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from reconciler.resources.kind import KINDS, kind_named
from reconciler.resources.order import Path, order_at, order_in, with_aliases
from reconciler.resources.part import COMPOSES, PARTS, part_named, written_questions
from reconciler.yaml.layout import Layout
from reconciler.yaml.tree import Node

Lines = list[str]
Order = Callable[[Path], Sequence[str] | None]

# Put on the last line of a text that keeps the line breaks below it; no manifest holds this character
_OPEN = "\0"


def arranged(text: str) -> str:
    """`text`, indented as usual, with the keys of every manifest in it in order."""
    layout = Layout(text)
    lines: Lines = layout.lines[: layout.sections[0].first] if layout.sections else layout.lines
    for section in layout.sections:
        lines += _Arranger(layout, _order(section.root)).block(section.root, (), section.first, section.last)
    return "\n".join(_apart(lines))


def _apart(lines: Lines) -> Iterator[str]:
    """Without the empty lines that came to stand below a text that would take them for its own."""
    is_open = False
    for line in lines:
        if is_open and not line.strip():
            continue
        is_open = line.endswith(_OPEN)
        yield line.removesuffix(_OPEN)


def _order(root: Node) -> Order:
    """The order of keys in the document's kind; in the first kind where it names none that is known."""
    named = [value.text for key, value in zip(root.keys, root.values, strict=False) if key.text == "kind"]
    if named and named[0] in PARTS:
        return partial(order_in, part_named(named[0]).shape)
    kind = kind_named(named[0] if named and named[0] in KINDS else next(iter(KINDS)))
    fields = with_aliases(kind.fields, kind.aliases)
    if kind.name == COMPOSES:
        fields["questions"] = written_questions(kind)
    return lambda path: order_at(path, fields)


class _Arranger:
    """Gives the lines of a part of the tree, in order. Every line of it comes out once."""

    def __init__(self, layout: Layout, order: Order) -> None:
        self._layout = layout
        self._order = order

    def block(self, node: Node, path: Path, first: int, last: int) -> Lines:
        """The lines `first` to `last`, in which `node` and nothing else stands."""
        if not node.is_block:
            return [*self._raw(first, node.line - 1), *self._inline(node, path, node.line, last)]
        if not node.values:
            return self._raw(first, last)
        parts = self._layout.parts(node, last)
        begin = self._first(node, path, first, parts[0][0])
        parts[0] = begin, parts[0][1]
        order = self._order(path) if node.kind == "mapping" else None
        chunks = [self._part(node, index, path, start, end) for index, (start, end) in enumerate(parts)]
        if order is not None:
            chunks = self._sorted(node, chunks, order)
        body = [line for chunk in chunks for line in chunk]
        return [*self._raw(first, begin - 1), *body, *self._raw(parts[-1][1] + 1, last)]

    def _first(self, node: Node, path: Path, first: int, line: int) -> int:
        """Where the first part begins, with the comments above it; those at the top of a file are the file's own."""
        if node.kind == "sequence" or first == line:
            return line
        begin = line
        while begin > first and self._layout.is_comment(begin - 1):
            begin -= 1
        return line if begin == first and not path else begin

    def _part(self, node: Node, index: int, path: Path, start: int, end: int) -> Lines:
        value = node.values[index]
        at = node.keys[index].line if node.kind == "mapping" else self._layout.dash(node, value)
        inner = (*path, node.keys[index].text if node.kind == "mapping" else index)
        if not value.is_block:
            return [*self._raw(start, value.line - 1), *self._inline(value, inner, value.line, end)]
        below = at if value.line == at else at + 1
        return [*self._raw(start, below - 1), *self.block(value, inner, below, end)]

    def _sorted(self, node: Node, chunks: list[Lines], order: Sequence[str]) -> list[Lines]:
        places = {name: place for place, name in enumerate(order)}
        ranks = [places.get(key.text, len(places)) for key in node.keys]
        if ranks == sorted(ranks):
            return chunks
        lead = self._layout.lines[node.line][: node.column]
        if dashed := bool(lead.strip()):
            chunks[0][0] = " " * node.column + chunks[0][0][node.column :]
        chunks = [chunk for _, chunk in sorted(zip(ranks, chunks, strict=True), key=lambda pair: pair[0])]
        while not chunks[0][0].strip():
            del chunks[0][0]
        if dashed:
            chunks[0][0] = lead + chunks[0][0].lstrip(" ")
        return chunks

    def _inline(self, node: Node, path: Path, first: int, last: int) -> Lines:
        """The lines of a value that is no block, a mapping on one line in its order."""
        lines = self._raw(first, last)
        if "+" in node.header:
            lines[node.end - first] += _OPEN
        if node.style == "flow" and node.line == node.end:
            line = lines[0]
            lines[0] = line[: node.column] + self._flow(node, path) + line[node.end_column :]
        return lines

    def _flow(self, node: Node, path: Path) -> str:
        """The text of a node that stands on one line; commas and brackets keep their places."""
        line = self._layout.lines[node.line]
        if node.style != "flow" or not node.values:
            return line[node.column : node.end_column]
        heads = node.keys or node.values
        names: list[str | int] = [key.text for key in node.keys] or list(range(len(node.values)))
        texts = [
            line[head.column : value.column] + self._flow(value, (*path, name))
            for head, value, name in zip(heads, node.values, names, strict=True)
        ]
        order = self._order(path)
        if node.keys and order is not None:
            places = {name: place for place, name in enumerate(order)}
            ranked = sorted(zip(node.keys, texts, strict=True), key=lambda pair: places.get(pair[0].text, len(places)))
            texts = [text for _, text in ranked]
        gaps = [line[value.end_column : head.column] for value, head in zip(node.values, heads[1:], strict=False)]
        inside = "".join(text + gap for text, gap in zip(texts, [*gaps, ""], strict=True))
        return line[node.column : heads[0].column] + inside + line[node.values[-1].end_column : node.end_column]

    def _raw(self, first: int, last: int) -> Lines:
        return self._layout.lines[first : last + 1]
