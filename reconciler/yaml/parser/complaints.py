"""Failures of block style in the words of a manifest's author: what the line with the mistake shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from reconciler.yaml.parser.source import COMMENT, TAB

if TYPE_CHECKING:
    from reconciler.yaml.parser.source import Source, Token

_INDENT = "put spaces so that the line starts exactly below the first letter of the entry it belongs with"
_AFTER_QUOTE = (
    "text after the closing quote",
    "the value was complete before this, because it starts with a quote and the quote ends there",
    "put quotes around the whole value; inside single quotes a quote is written twice ('')",
)
_AFTER_VALUE = ("text after the value", "the value was complete before this", "put quotes around the whole value")
_DASHED = re.compile(r"[ \t]*-[ \t]")


def after_value(source: Source, pos: int) -> NoReturn:
    """Fails for what stands at `pos`, on the line of a value that is complete."""
    text = source.text
    start = source.starts[source.line(pos)]
    before, sign = text[start:pos], text[pos]
    if sign == "#":
        source.fail(COMMENT, pos)
    if sign == ":" or (": " in text[pos : text.index("\n", pos)] and before.strip()[-1:] not in {'"', "'"}):
        _colon(source, pos + len(text[pos:]) - len(text[pos:].lstrip(" \t")))
    source.fail(_AFTER_QUOTE if before.rstrip()[-1:] in {'"', "'"} else _AFTER_VALUE, pos)


def _colon(source: Source, pos: int) -> NoReturn:
    """Fails for a colon inside a value, below a line that lacks one, or in a line that is too far in."""
    number = source.line(pos)
    before = source.text[source.starts[number] : pos]
    if ": " in before:
        detail = "the value holds a colon with a space after it, as if another value started there"
        source.fail(("unexpected colon", detail, "put quotes around the whole value"), pos)
    _below(source, number)
    source.fail(("wrong indentation", "the line is further in than the line it should stand below", _INDENT), pos)


def _below(source: Source, number: int) -> None:
    """Fails when the last line of text above line `number` lacks its colon."""
    for index in range(number - 1, -1, -1):
        line = source.text[source.starts[index] : source.starts[index + 1] - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if ":" not in line and not _DASHED.match(line) and line.strip() not in {"---", "..."}:
            message = ("missing colon", "the line has a name, but no colon after it", "write `name: value`")
            source.fail(message, source.starts[index] + len(line) - len(line.lstrip()))
        return


def no_key(source: Source, pos: int) -> NoReturn:
    """Fails for a line that stands where a key must."""
    text = source.text
    line = text[pos : text.index("\n", pos)]
    if line.startswith("- "):
        detail = "the line belongs neither to the lines above nor to their values"
        source.fail(("wrong indentation", detail, _INDENT), pos)
    detail = "a line looks like a key without its colon"
    hint = "write `key: value`, or indent the line if it continues the text above"
    source.fail(("missing colon", detail, hint), pos)


def no_dash(source: Source, token: Token) -> NoReturn:
    """Fails for a line that stands where only another entry of a list may."""
    if token.tabbed:
        too_far_in(source, token)
    detail = "this line stands where only another `- ` entry of the list may"
    source.fail(("wrong indentation", detail, _INDENT), token.pos)


def too_far_in(source: Source, token: Token) -> NoReturn:
    """Fails for a line whose indentation fits no entry above it."""
    if token.tabbed:
        source.fail(TAB, source.starts[source.line(token.pos)] + token.indent)
    detail = "the line belongs neither to the lines above nor to their values"
    source.fail(("wrong indentation", detail, _INDENT), token.pos)


def misplaced(source: Source, pos: int) -> NoReturn:
    """Fails for a character that no value may start with."""
    sign = source.text[pos]
    if sign == "%" and not source.column(pos):
        detail = "a line that starts with `%` is an instruction to the YAML reader"
        source.fail(("bad directive", detail, "remove the line; put quotes around a text that starts with `%`"), pos)
    detail = f"a value cannot start with `{sign}`"
    source.fail(("misplaced character", detail, "put quotes around the whole value"), pos)
