"""A word difference on one line of a terminal, sanitized and in colour."""

from __future__ import annotations

import click

from reconciler.text.sanitize import printable
from reconciler.text.word_diff import abridged_parts, mark, word_parts

_COLOURS = {"same": None, "gone": "red", "came": "green"}


def word_difference(before: str, after: str, *, full: bool = False) -> str:
    """`[-gone-]` and `{+came+}` with a few of the words that stayed, or all; a line break is shown as ⏎."""
    line = ""
    for kind, text in (word_parts if full else abridged_parts)(before, after):
        shown = mark(kind, printable(text.replace("\n", "⏎")))
        line += click.style(shown, fg=colour) if (colour := _COLOURS[kind]) else shown
    return line.strip()
