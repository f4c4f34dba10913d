"""Text in a column: broken between words, between characters where a script has no blanks, as wide as asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reconciler.text.sanitize import printable

_ITEM = re.compile(r" *(?:[-*+]|[0-9]{1,3}[.)]) +")
# lines of Markdown that begin something of their own, and those that nothing is joined to
_OPENS = re.compile(r" *(?:[|#>]|```|[-*+] |[0-9]{1,3}[.)] |-{3}|={3}|$)|\t| {4}")
_CLOSES = re.compile(r" *(?:[|#]|```|$)|.*(?:  |\\)$")


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of `text`, made harmless, in `width` cells of a terminal each.

    Its own line breaks stay. A word that is wider stays whole: addresses are copied from here.
    """
    for line in printable(text.rstrip("\n"), keep_newlines=True).split("\n"):
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
        cells = _cells(word)
        if current and used + _cells(word.rstrip(" ")) > width:
            yield current.rstrip(" ")
            current, used = "", hang
            word = word.lstrip(" ")  # noqa: PLW2901 - a line does not begin with the blank it was broken at
            cells = _cells(word)
        current, used = current + word, used + cells
    yield current.rstrip(" ")


def _words(line: str) -> Iterator[str]:
    """Parts between which a line may break, blanks at their ends; wide characters stand for themselves."""
    part = ""
    for character in line:
        if part and (_width(character) > 1 or (part[-1] == " " and character != " ") or _width(part[0]) > 1):
            yield part
            part = ""
        part += character
    if part:
        yield part


def _cells(text: str) -> int:
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
