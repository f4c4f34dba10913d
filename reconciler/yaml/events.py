"""The parser events of a file: from libyaml where it reads YAML 1.2, else from the parser in `reconciler.yaml.parser`.

libyaml is three times faster and reads YAML 1.1: it refuses some documents that are valid in 1.2, accepts some that are
not, and reads a few differently. What it refuses is parsed again; what it could read differently is recognised before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml.error import YAMLError

from reconciler.yaml.limits import BYTE_ORDER_MARK
from reconciler.yaml.parser import parse_events

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from _ruamel_yaml import CParser
except ImportError:  # no wheel for this platform
    CParser = None

_FIRST = frozenset((b"%", b"?", b'"', b"'", b"|", b">", b"-", b"&", b"*"))
# Each with the character to search for first: a search that finds nothing must cost next to nothing. What stands inside
# a text may match, too; that costs time and changes nothing.
_DIFFERENCES = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        (b"?", rb"\?(?<=[\s\[{,-]\?)(?=\S)"),  # `[?x]`: the question mark is part of the text
        (b"#", rb"#(?<=[\"'\]},\[{|>0-9+-]#)"),  # a comment needs a space before it
        (b"\n%", rb"\n%"),  # directives
        (b" \n", rb"\n *\n"),  # lines of blanks, which count where a text block begins
        (b"&", rb"&(?<=[\s\[{,-]&)[\w-]+[^\w\s,\]}-]"),  # names of anchors and aliases
        (b"*", rb"\*(?<=[\s\[{,-]\*)[\w-]+[^\w\s,\]}-]"),
        (b'"', rb"\"(?<=[\s\[{,-]\")(?:[^\"\\\n]|\\.)*+(?:\\?\n|\Z)"),  # a quote that does not end on its line
        (b"'", rb"'(?<=[\s\[{,-]')(?:[^'\n]|'')*+(?:\n|\Z)"),
        (b"[", rb"\[(?=\s*-[\s,\]}])"),  # `[-]`: a dash is no text
        (b"{", rb"\{(?=\s*-[\s,\]}])"),
        (b",", rb",(?=\s*-[\s,\]}])"),
    )
)
_HEADERS = (re.compile(rb"\|[-+0-9]* *(?:[#\n]|\Z)"), re.compile(rb">[-+0-9]* *(?:[#\n]|\Z)"))
_NO_TEXT = re.compile(rb"[ -]*")


def events(data: bytes) -> Iterator[Any]:
    """The events of `data`, UTF-8 without control characters; raises SyntaxFailure behind those before a mistake."""
    fast = libyaml_events(data)
    if fast is not None:
        try:
            return iter(list(fast))
        except YAMLError:
            pass
    return strict_events(data)


def libyaml_events(data: bytes) -> Iterator[Any] | None:
    """The events as libyaml reads them, None where it may misread; to be dropped when it raises YAMLError."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    if CParser is None or may_differ(data):
        return None
    return iter(CParser(data).get_event, None)


def strict_events(data: bytes) -> Iterator[Any]:
    """The events as YAML 1.2 has them; raises SyntaxFailure behind those before a mistake."""
    return parse_events(data.removeprefix(BYTE_ORDER_MARK).decode())


def may_differ(data: bytes) -> bool:
    """Whether libyaml, if it accepts `data`, could read it otherwise than YAML 1.2; True more often than needed."""
    if b"\t" in data or data[-1:] == b" " or data.lstrip()[:1] in _FIRST:
        return True
    if any(sign in data and pattern.search(data) for sign, pattern in _DIFFERENCES):
        return True
    # a text block that begins on a line of its own may be too far out
    return any(
        _NO_TEXT.fullmatch(data, data.rfind(b"\n", 0, match.start()) + 1, match.start())
        for header in _HEADERS
        for match in header.finditer(data)
    )
