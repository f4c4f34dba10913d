"""No blanks at the ends of lines, no two empty lines in a row, one line break at the end; texts stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.fmt.layout import Layout
from reconciler.fmt.tree import Node


def spaced(text: str) -> str:
    """`text` with the usual empty space."""
    layout = Layout(text)
    kept = {at for section in layout.sections for at in _verbatim(section.root)}
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


def _verbatim(node: Node) -> Iterator[int]:
    """The lines whose blanks may be part of a text."""
    if node.kind == "scalar" and node.end > node.line:
        yield from range(node.line + node.is_text_block, node.end + 1)
    for part in (*node.keys, *node.values):
        yield from _verbatim(part)
