"""Text blocks: literal (`|`) and folded (`>`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reconciler.yaml.parser.scalars import Text

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Source

_HEADER = re.compile(r"[|>](?:([1-9])([+-]?)|([+-])([1-9]?))?(?:[ \t]++(?:#[^\n]*+)?+)?+\n")
_BAD = (
    "bad text block",
    "after `|` or `>` the line must end, and the text below must be indented with spaces",
    "start the text on the next line, two spaces further in",
)


def block_scalar(source: Source, pos: int, parent: int) -> Text:
    """The text block whose header stands at `pos`, in a collection at column `parent`, -1 for a document."""
    text = source.text
    match = _HEADER.match(text, pos)
    if match is None:
        source.fail(_BAD, pos)
    digit, chomping = match[1] or match[4], match[2] or match[3] or ""
    begin = match.end()
    indent = max(parent, 0) + int(digit) if digit else _detected(source, begin, parent + 1)
    lines, end = _lines(source, begin, indent)
    while lines and not lines[-1]:
        lines.pop()
    trailing = source.line(end) - source.line(begin) - len(lines)
    value = _folded(lines) if text[pos] == ">" else "\n".join(lines)
    # the last line of a file may lack its line feed, and then the text lacks it, too; one of blanks counts as ended
    lacks_end = source.is_unterminated and end == source.end and not trailing and lines[-1:] and lines[-1].strip(" ")
    if chomping == "+":
        value += "\n" * (trailing + bool(lines) - bool(lacks_end))
    elif not chomping and lines and not lacks_end:
        value += "\n"
    return Text(value, end)


def _detected(source: Source, begin: int, least: int) -> int:
    """The indentation of the first line that holds text; no empty line before it may be further in."""
    text, at, longest, where = source.text, begin, 0, begin
    while at < source.end:
        stop = text.index("\n", at)
        line = text[at:stop]
        spaces = len(line) - len(line.lstrip(" "))
        if spaces < len(line):
            if text[at + spaces] == "\t" and spaces < least:
                source.fail(_BAD, at + spaces)
            if spaces < least or (not spaces and source.is_marker(at)):
                break
            if longest > spaces:
                source.fail(_BAD, where)
            return spaces
        if spaces > longest:
            longest, where = spaces, at
        at = stop + 1
    return max(least, longest)


def _lines(source: Source, begin: int, indent: int) -> tuple[list[str], int]:
    """The lines of a text without their indentation, and where they end."""
    text, at = source.text, begin
    lines: list[str] = []
    prefix = " " * indent
    while at < source.end:
        stop = text.index("\n", at)
        line = text[at:stop]
        if line.startswith(prefix):
            if not indent and source.is_marker(at):
                break
            lines.append(line[indent:])
        elif not line.strip(" "):
            lines.append("")
        else:
            break
        at = stop + 1
    return lines, at


def _folded(lines: list[str]) -> str:
    """Single line ends between lines of text as spaces; those around lines that are further in stay."""
    value, breaks, was_text = "", 0, False
    parts: list[str] = []
    for index, line in enumerate(lines):
        if not line:
            breaks += 1
            continue
        is_text = line[0] not in " \t"
        if not parts:
            parts.append("\n" * index)
        elif is_text and was_text:
            parts.append("\n" * breaks or " ")
        else:
            parts.append("\n" * (breaks + 1))
        parts.append(line)
        breaks, was_text = 0, is_text
    return value.join(parts)
