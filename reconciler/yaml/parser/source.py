"""The text being parsed: positions, line ends and comments, and the failure that ends a parse."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any, NamedTuple, NoReturn

from ruamel.yaml.events import ScalarEvent

from reconciler.yaml import limits

Message = tuple[str, str, str]

_LINE_ENDS = re.compile(r"\r\n?")
# the rest of a line, and whole lines, that hold blanks and comments only
_GAP = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?+\n)*+")
_BLANKS = re.compile(r"( *+)([ \t]*+)")
_MARKER = re.compile(r"(?:---|\.\.\.)(?=[ \t\n])")
_INLINE = re.compile(r"[ \t]*+")

COMMENT = (
    "comment without a space",
    "a `#` stands directly behind a value",
    "put a space before the `#` if a comment starts there; put quotes around the whole value if not",
)
TAB = ("tab in the indentation", "YAML is indented with spaces only", "replace the tab by spaces")


class Mark(NamedTuple):
    """A place; both numbers count from 0."""

    line: int
    column: int


class SyntaxFailure(Exception):
    """The text is not YAML 1.2: summary, detail and hint, and where."""

    def __init__(self, message: Message, mark: Mark) -> None:
        super().__init__(message[0])
        self.message = message
        self.mark = mark


class Token(NamedTuple):
    """Where the next thing to read begins.

    `fresh` tells whether a line starts before it, `indent` is the number of spaces at the start of its line then, and
    `tabbed` whether tabs follow those spaces.
    """

    pos: int
    fresh: bool
    indent: int
    tabbed: bool


class Properties(NamedTuple):
    """The anchor and the tag of a node, and where the first of them begins."""

    anchor: str | None
    tag: str | None
    pos: int


class Source:
    """A text and the events found in it so far. Every line ends with a line feed, the last one too."""

    def __init__(self, text: str) -> None:
        text = _LINE_ENDS.sub("\n", text) if "\r" in text else text
        self.is_unterminated = not text.endswith("\n")
        self.text = text + "\n" if self.is_unterminated else text
        self.end = len(self.text)
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self.events: list[Any] = []

    def mark(self, pos: int) -> Mark:
        line = bisect_right(self.starts, pos) - 1
        return Mark(line, pos - self.starts[line])

    def line(self, pos: int) -> int:
        return bisect_right(self.starts, pos) - 1

    def column(self, pos: int) -> int:
        return self.mark(pos).column

    def fail(self, message: Message, pos: int) -> NoReturn:
        raise SyntaxFailure(message, self.mark(pos))

    def is_blank(self, pos: int) -> bool:
        """Whether a blank or a line end stands at `pos`."""
        return self.text[pos : pos + 1] in {"", " ", "\t", "\n"}

    def is_marker(self, pos: int) -> bool:
        """Whether the line at `pos` begins with `---` or `...`; `pos` is the start of a line."""
        return _MARKER.match(self.text, pos) is not None

    def inline(self, pos: int) -> int:
        """Behind the blanks on the same line."""
        match = _INLINE.match(self.text, pos)
        return match.end() if match else pos

    def token(self, pos: int) -> Token:
        """What comes next, behind blanks, comments and line ends."""
        text = self.text
        if text[pos : pos + 1] == "#" and pos and text[pos - 1] not in " \t\n":
            self.fail(COMMENT, pos)
        gap = _GAP.match(text, pos)
        begin = gap.end() if gap else pos
        blanks = _BLANKS.match(text, begin)
        spaces, others = blanks.group(1, 2) if blanks else ("", "")
        fresh = begin > pos or begin == 0 or text[begin - 1] == "\n"
        at = begin + len(spaces) + len(others)
        return Token(at, fresh, len(spaces) if fresh else 0, bool(others))

    def scalar(
        self, value: str, style: str | None, begin: int, end: int, props: Properties | None = None
    ) -> ScalarEvent:
        """The event of a scalar between two positions."""
        anchor, tag = (props.anchor, props.tag) if props else (None, None)
        start = self.mark(props.pos if props else begin)
        return ScalarEvent(anchor, tag, (tag is None, False), value, start, self.mark(end), style)

    def check_depth(self, depth: int, pos: int) -> None:
        """Fails beyond the depth that a manifest may have: the parser calls itself once a level."""
        if depth > limits.DEEPEST:
            self.fail(limits.DEPTH, pos)
