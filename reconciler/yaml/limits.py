"""What YAML allows and a manifest does not, with the words for it: limits of a file, its encoding and its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from reconciler.errors import Problem, Where

LARGEST_FILE = 4 * 1024 * 1024  # bytes
DEEPEST = 64
MOST_DOCUMENTS = 10_000
# a thousand manifests in one file have a quarter of it; each value costs some hundred bytes of memory
MOST_VALUES = 500_000
# more problems of one file are counted, not listed
MOST_PROBLEMS = 100
# what all aliases of a file may expand to, in values and characters
ALIAS_BUDGET = 1_000_000
# no database keeps NUL in text, and no JSON carries lone surrogates; the C parser refuses these by itself
UNSENDABLE = re.compile("[\0\ud800-\udfff]")

NAME = "write `name: value`; put quotes around a text that starts with one of [ { *"
TAG = (
    "tags are not supported",
    "a value starts with `!`",
    "remove the tag; put quotes around a text that starts with `!`",
)
ALIAS = (
    "bad alias",
    "a value that starts with `*` is read as an alias, a reference to another value",
    "put quotes around a text that starts with `*`",
)
MERGE = (
    "merge keys are not supported",
    "`<<` is not part of YAML 1.2",
    "write the fields out, or repeat single values with aliases",
)
DEPTH = (
    "nested too deeply",
    f"more than {DEEPEST} levels of lists and mappings",
    "check for brackets that are never closed",
)
VERSION = ("unknown YAML version", "only YAML 1.2 is read", "remove the line that starts with %YAML")
DOCUMENTS = ("too many documents", f"more than {MOST_DOCUMENTS:,} in one file", "split the file")
CHARACTER = (
    "unusable character",
    "an escape names a NUL or half a character",
    "write the character itself, or remove it",
)
BUDGET = ("aliases expand too far", "what the aliases stand for is together too large", "write the values out instead")


def weight(value: Any, budget: int) -> tuple[int, int]:
    """Values and characters in `value`, and its depth; stops counting once beyond the budget."""
    weight, deepest, rest = 0, 0, [(value, 0)]
    while rest and weight <= budget:
        item, depth = rest.pop()
        weight += 1 + (len(item) if isinstance(item, str) else 0)
        if isinstance(item, dict | list):
            deepest = max(deepest, depth + 1)
            weight += sum(map(len, item)) if isinstance(item, dict) else 0
            rest += [(inner, depth + 1) for inner in (item.values() if isinstance(item, dict) else item)]
    return weight, deepest


def too_large(size: int, path: str) -> Problem:
    """That a file of `size` bytes is not read at all."""
    detail = f"{size:,} bytes; at most {LARGEST_FILE:,} are read"
    return Problem("file too large", detail, "split it into one file per interview", Where(path))


def value_bound(data: bytes) -> int:
    """The number of keys and values in `data` at most, from the signs that separate them."""
    return sum(data.count(sign) for sign in (b"\n", b"\r", b",", b"[", b"{", b": ", b"- ", b"? "))


def too_many_values(path: str) -> Problem:
    """That a file is not read because of the number of its values."""
    detail = f"it may hold more than {MOST_VALUES:,} keys and values"
    return Problem("file too large", detail, "split it into one file per interview", Where(path))


def more_problems(count: int, listed: Sequence[Problem], severity: Literal["error", "warning"] = "error") -> Problem:
    """That a file has `count` more problems than are listed; it stands at the place of the last of them."""
    detail = f"{count:,} more problem{'' if count == 1 else 's'} in this file"
    return Problem("more problems", detail, "correct those above, then run it again", listed[-1].where, severity)


def bounded(problems: list[Problem]) -> list[Problem]:
    """The first problems of a file, errors before warnings, and how many more there are."""
    if len(problems) <= MOST_PROBLEMS + 1:
        return problems
    kept = sorted(problems, key=lambda problem: problem.severity)[:MOST_PROBLEMS]
    return [*kept, more_problems(len(problems) - MOST_PROBLEMS, kept, kept[0].severity)]


_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# what Windows writes at the start of a file; anywhere else it is an invisible character
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SAVE_AS = "save the file as UTF-8"
# line breaks for YAML 1.1 but not for 1.2: a text holding one would be changed silently
_SEPARATORS = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x84\x86-\x9f]|\xef\xbf[\xbe\xbf]|\xef\xbb\xbf")
_EVERY_ASCII_CONTROL = bytes({*range(32), 127} - {9, 10, 13})


def unreadable(data: bytes, path: str) -> Problem | None:
    """Why `data` cannot be read as YAML text, or None."""
    if len(data) > LARGEST_FILE:
        return too_large(len(data), path)
    if len(data) > MOST_VALUES and value_bound(data) > MOST_VALUES:
        return too_many_values(path)
    if data.startswith(_UTF16):
        return Problem("not UTF-8", "the file is encoded as UTF-16", _SAVE_AS, Where(path, 1, 1))
    data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        detail = f"byte 0x{data[error.start]:02x} is no text in UTF-8"
        return Problem("not UTF-8", detail, _SAVE_AS, _place(data, error.start, path))
    return _invisible(data, path)


def _invisible(data: bytes, path: str) -> Problem | None:
    # deleting is much faster than searching, and nearly every file holds nothing to delete
    if len(data.translate(None, _EVERY_ASCII_CONTROL)) == len(data) and data.isascii():
        return None
    if found := _CONTROLS.search(data):
        what, hint = "the control character {} cannot stand in a manifest", "delete it"
    elif found := _SEPARATORS.search(data):
        what = "an invisible line separator ({}), as web pages and word processors leave it"
        hint = "delete it, or put a line break of the usual kind in its place"
    else:
        return None
    code = f"U+{ord(found.group().decode()):04X}"
    return Problem("invisible character", what.format(code), hint, _place(data, found.start(), path))


def _place(data: bytes, offset: int, path: str) -> Where:
    start = data.rfind(b"\n", 0, offset) + 1
    column = len(data[start:offset].decode(errors="replace")) + 1
    return Where(path, data.count(b"\n", 0, offset) + 1, column)
