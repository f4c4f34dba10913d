"""Wraps text to a width in terminal cells: between words, and between characters in scripts without blanks.

Widths and grapheme clusters are those of wcwidth: an emoji or a letter with its marks is never broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reconciler.text.sanitize import printable

_ITEM = re.compile(r" *(?:[-*+]|[0-9]{1,3}[.)]) +")
# lines of Markdown that begin something of their own, and those that nothing is joined to
_OPENS = re.compile(r" *(?:[|#>]|```|[-*+] |[0-9]{1,3}[.)] |-{3}|={3}|$)|\t| {4}")
_ESCAPE = "\x1b"
_FIRST_MARK = "\u0300"  # the first combining character; below it everything printable is one cell wide
_CLOSES = re.compile(r" *(?:[|#]|```|$)|.*(?:  |\\)$")


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of `text`, sanitized, in `width` cells of a terminal each.

    Its own line breaks stay. A word that is wider stays whole: addresses are copied from here.
    """
    yield from wrapped_as_is(printable(text.rstrip("\n"), keep_newlines=True), width)


def wrapped_as_is(text: str, width: int) -> Iterator[str]:
    """As `wrapped`, for text that is sanitized already and may have colours in it."""
    for line in text.split("\n"):
        hang = " " * len(mark.group()) if (mark := _ITEM.match(line)) else ""
        first, *others = _broken(line, width, len(hang))
        yield first
        yield from (hang + other for other in others)


def flowed(markdown: str) -> str:
    """Markdown with each paragraph on one line, as a page would show it; headings, lists and tables keep theirs."""
    lines: list[str] = []
    is_code = False
    for line in markdown.split("\n"):
        if lines and not is_code and not _OPENS.match(line) and not _CLOSES.match(lines[-1]):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
        is_code ^= line.lstrip().startswith("```")
    return "\n".join(lines)


def _broken(line: str, width: int, hang: int) -> Iterator[str]:
    current, used = "", 0
    for word in _words(line):
        if current and used + cells(word.rstrip(" ")) > width:
            yield current.rstrip(" ")
            # a line does not begin with the blank it was broken at
            current, used = word.lstrip(" "), hang + cells(word.lstrip(" "))
        else:
            current, used = current + word, used + cells(word)
    yield current.rstrip(" ")


def _words(line: str) -> Iterator[str]:
    """Parts between which a line may break, blanks at their ends; wide graphemes stand for themselves."""
    part, is_wide = "", False
    for grapheme in _graphemes(line):
        wide = cells(grapheme) > 1
        if part and grapheme != " " and (wide or is_wide or part[-1] == " "):
            yield part
            part = ""
        part += grapheme
        is_wide = wide or (is_wide and grapheme == " ")
    if part:
        yield part


def _graphemes(text: str) -> Iterable[str]:
    if _is_narrow(text):
        return text
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def cells(text: str) -> int:
    """How many cells of a terminal `text` takes; colours take none."""
    if _is_narrow(text):
        return len(text)
    from wcwidth import width

    return width(text)


def _is_narrow(text: str) -> bool:
    """Whether each character is one grapheme of one cell: most text is, and importing wcwidth takes time."""
    return (text.isascii() or max(text) < _FIRST_MARK) and _ESCAPE not in text
