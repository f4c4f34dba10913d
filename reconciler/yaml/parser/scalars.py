"""Plain and quoted scalars, with the folding of their lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Source

_PLAIN = re.compile(r"(?:[^ \t\n:#]++|:(?=[^ \t\n])|(?<=[^ \t\n])#|[ \t]++(?=[^ \t\n#]))*+")
_PLAIN_IN_FLOW = re.compile(
    r"(?:[^ \t\n:#,\[\]{}]++|:(?=[^ \t\n,\[\]{}])|(?<=[^ \t\n])#|[ \t]++(?=[^ \t\n#,\[\]{}]))*+"
)
# a line end, the empty lines after it, and what stands before the next text
_FOLD = re.compile(r"[ \t]*+\n((?:[ \t]*+\n)*+)( *+)[ \t]*+")
_DOUBLE = re.compile(r'[^"\\\n]*+')
_SINGLE = re.compile(r"[^'\n]*+(?:''[^'\n]*+)*+")
_HEX = {"x": re.compile(r"[0-9a-fA-F]{2}"), "u": re.compile(r"[0-9a-fA-F]{4}"), "U": re.compile(r"[0-9a-fA-F]{8}")}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_INDICATORS = frozenset(",[]{}#&*!|>'\"%@`")
_FLOW_SIGNS = frozenset(",[]{}")
_LAST_CHARACTER = 0x10FFFF

_BACKSLASH = "in double quotes a backslash starts an escape: double it (\\\\) or use single quotes"
_UNCLOSED = (
    "unclosed quote",
    "a text starts with a quote that never ends",
    "close the quote; a quote inside single quotes is written twice ('')",
)
_MARKER_INSIDE = (
    "unclosed quote",
    "a text starts with a quote that does not end before `---` or `...`",
    "close the quote before that line",
)
_OUTDENTED = (
    "unclosed quote",
    "a text starts with a quote that does not end on its line, and the next line is not further in",
    "close the quote, or indent the lines that continue the text",
)
_ESCAPE = (
    "unknown escape",
    "a backslash in double quotes is followed by a character that means nothing there",
    _BACKSLASH,
)
_DIGITS = ("unknown escape", "an escape needs hexadecimal digits", _BACKSLASH)
_HALF = (
    "half a character",
    "an escape names a lone surrogate or no character at all",
    "write the character itself instead of its \\u escapes",
)


class Text(NamedTuple):
    """What a scalar says and where it ends."""

    value: str
    end: int


def starts_plain(source: Source, pos: int, *, in_flow: bool) -> bool:
    """Whether a plain scalar can begin at `pos`."""
    sign = source.text[pos]
    if sign in "-?:":
        following = source.text[pos + 1 : pos + 2]
        return not source.is_blank(pos + 1) and not (in_flow and following in _FLOW_SIGNS)
    return sign not in _INDICATORS


def plain_line(source: Source, pos: int, *, in_flow: bool) -> Text:
    """The part of a plain scalar that stands on one line; may be empty."""
    match = (_PLAIN_IN_FLOW if in_flow else _PLAIN).match(source.text, pos)
    value = match.group().rstrip(" \t") if match else ""
    return Text(value, pos + len(value))


def plain(source: Source, pos: int, least: int, *, in_flow: bool) -> Text:
    """A plain scalar with its following lines, which have at least `least` spaces before them."""
    text, found = source.text, plain_line(source, pos, in_flow=in_flow)
    parts, end = [found.value], found.end
    while match := _FOLD.match(text, end):
        begin = match.end()
        outside = begin >= source.end or len(match[2]) < least or text[begin] == "#"
        if outside or (source.is_marker(begin) and text[begin - 1] == "\n"):
            break
        piece = plain_line(source, begin, in_flow=in_flow)
        if not piece.value:
            break
        parts += "\n" * match[1].count("\n") or " ", piece.value
        end = piece.end
    return Text("".join(parts), end)


def quoted(source: Source, pos: int, least: int) -> Text:
    """A scalar in quotes, of which the first stands at `pos`; its lines have at least `least` spaces before them."""
    return _double(source, pos, least) if source.text[pos] == '"' else _single(source, pos, least)


def _single(source: Source, pos: int, least: int) -> Text:
    text, at = source.text, pos + 1
    parts: list[str] = []
    while True:
        match = _SINGLE.match(text, at)
        piece = match.group().replace("''", "'") if match else ""
        at = match.end() if match else at
        if text[at : at + 1] == "'":
            return Text("".join([*parts, piece]), at + 1)
        breaks, at = _fold(source, at, pos, least)
        parts += piece.rstrip(" \t"), breaks or " "


def _double(source: Source, pos: int, least: int) -> Text:
    text, at = source.text, pos + 1
    parts: list[str] = []
    while True:
        match = _DOUBLE.match(text, at)
        piece = match.group() if match else ""
        at = match.end() if match else at
        sign = text[at : at + 1]
        if sign == '"':
            return Text("".join([*parts, piece]), at + 1)
        if sign != "\\":
            breaks, at = _fold(source, at, pos, least)
            parts += piece.rstrip(" \t"), breaks or " "
        elif text[at + 1 : at + 2] == "\n":
            breaks, at = _fold(source, at + 1, pos, least)
            parts += piece, breaks
        else:
            char, at = _escape(source, at)
            parts += piece, char


def _fold(source: Source, at: int, opening: int, least: int) -> tuple[str, int]:
    """The line breaks that a line end inside quotes stands for, and where the text goes on."""
    match = _FOLD.match(source.text, at)
    begin = match.end() if match else source.end
    if match is None or begin >= source.end:
        source.fail(_UNCLOSED, opening)
    if source.text[begin - 1] == "\n" and source.is_marker(begin):
        source.fail(_MARKER_INSIDE, opening)
    if len(match[2]) < least:
        source.fail(_OUTDENTED, opening)
    return "\n" * match[1].count("\n"), begin


def _escape(source: Source, at: int) -> tuple[str, int]:
    """The character that the escape at `at` stands for, and where it ends."""
    sign = source.text[at + 1 : at + 2]
    if sign in _ESCAPES:
        return _ESCAPES[sign], at + 2
    if sign not in _HEX:
        source.fail(_ESCAPE, at)
    match = _HEX[sign].match(source.text, at + 2)
    if match is None:
        source.fail(_DIGITS, at)
    code = int(match.group(), 16)
    if code > _LAST_CHARACTER or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        source.fail(_HALF, at)
    return chr(code), match.end()
