"""Whether bytes may be read as a manifest: UTF-8, and nothing invisible that YAML would not carry."""

from __future__ import annotations

import re

from reconciler.errors import Problem, Where
from reconciler.yaml.limits import LARGEST_FILE, MOST_VALUES, too_large, too_many_values, value_bound

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
