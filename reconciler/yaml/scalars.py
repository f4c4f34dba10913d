"""What a plain (unquoted) YAML scalar means: the core schema of YAML 1.2, where `no`, `on` and dates are text.

Numbers leave as `digest.plain` would make them: whole floats are integers.
"""

from __future__ import annotations

import re
from math import isfinite

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# what starts with one of these is text and needs no look at the whole
LETTERS = frozenset("abcdeghijklmopqrsuvwxyzABCDEGHIJKLMOPQRSUVWXYZ")
_NUMBER_STARTS = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BASES = {"0o": 8, "0x": 16}
# what JSON's readers carry: signed or unsigned 64 bits
_LEAST, _MOST = -(2**63), 2**64 - 1
# longer digits are out of range whatever they say, and Python refuses to convert very long ones
_LONGEST = 64


class Unrepresentable(ValueError):
    """A number that JSON cannot carry."""


def scalar(text: str) -> str | float | bool | None:
    """The JSON value of a plain scalar; raises Unrepresentable."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text)
    return text


def _number(text: str) -> str | float:
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST:
            raise Unrepresentable(text)
        whole = int(text, _BASES.get(text[:2], 10))
    elif _FLOAT.fullmatch(text):
        value = float(text)
        if not isfinite(value):
            raise Unrepresentable(text)
        if not value.is_integer():
            return value
        whole = int(value)
    elif _NOT_FINITE.fullmatch(text):
        raise Unrepresentable(text)
    else:
        return text
    if not _LEAST <= whole <= _MOST:
        raise Unrepresentable(text)
    return whole
