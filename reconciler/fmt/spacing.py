"""No blanks at the ends of lines, no two empty lines in a row, one line break at the end; texts stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.yaml.layout import Layout
from reconciler.yaml.tree import Node


def ended(text: str) -> str:
    """`text` with a line break at its end; a text block that ends there without one goes on saying so."""
    if text.endswith("\n"):
        return text
    layout = Layout(text)
    lines = layout.lines
    for section in layout.sections:
        for node in _scalars(section.root):
            if node.is_text_block and node.end == len(lines) - 1 and "-" not in node.header:
                opening, rest = lines[node.line][: node.column], lines[node.line][node.column :]
                stripped = node.header.replace("+", "") + "-"
                lines[node.line] = opening + rest.replace(node.header, stripped, 1)
    return "\n".join([*lines, ""])


def spaced(text: str) -> str:
    """`text` with the usual empty space."""
    layout = Layout(text)
    texts = (node for section in layout.sections for node in _scalars(section.root) if node.end > node.line)
    kept = {at for node in texts for at in range(node.line + node.is_text_block, node.end + 1)}
    lines: list[str] = []
    fixed = 0  # so many lines end with one that belongs to a text
    for at, line in enumerate(layout.lines):
        if at in kept:
            lines.append(line)
            fixed = len(lines)
        elif line.strip() or (lines and lines[-1].strip()):
            lines.append(line.rstrip(" \t"))
    while len(lines) > fixed and not lines[-1]:
        del lines[-1]
    return "\n".join([*lines, ""])


def _scalars(node: Node) -> Iterator[Node]:
    if node.kind == "scalar":
        yield node
    for part in (*node.keys, *node.values):
        yield from _scalars(part)
