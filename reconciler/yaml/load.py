"""YAML text to plain JSON values with the place of every node.

Events are composed here rather than by ruamel: duplicate keys are reported with both places, and what comes
out is plain JSON: no tags, no merge keys, text for keys, bounded depth and bounded aliases. It is faster, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reconciler.errors import Invalid, Problem, Where
from reconciler.text.quote import tick
from reconciler.text.sanitize import printable
from reconciler.yaml import limits
from reconciler.yaml.document import Document, Mark, Path
from reconciler.yaml.events import libyaml_events, strict_events
from reconciler.yaml.limits import unreadable
from reconciler.yaml.parser import SyntaxFailure
from reconciler.yaml.scalars import LETTERS, Unrepresentable, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

# other names can be given to anchors, but what looks like one is a text that starts with a star
_ANCHOR = re.compile(r"[\w-]+")


def parse(data: bytes, path: str) -> list[Document]:
    """The documents of a file; raises Invalid with every problem of the file."""
    documents, problems = survey(data, path)
    if problems:
        raise Invalid(problems)
    return documents


def survey(data: bytes, path: str) -> tuple[list[Document], list[Problem]]:
    """The documents that could be read, and everything that is wrong with the file as YAML."""
    if problem := unreadable(data, path):
        return [], [problem]
    if fast := libyaml_events(data):
        composer = _Composer(path)
        try:
            composer.compose(fast)
        except (_Stop, YAMLError):
            pass  # libyaml is believed only when it accepts the whole file
        else:
            return composer.documents, composer.found()
    composer = _Composer(path)
    try:
        composer.compose(strict_events(data))
    except _Stop as stop:
        composer.add(stop.problem)
    except SyntaxFailure as failure:
        line, column = failure.mark
        composer.add(Problem(*failure.message, Where(path, line + 1, column + 1)))
    return composer.documents, composer.found()


class _Stop(Exception):
    """The file cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Composer:
    """Turns one file's events into documents and collects problems; raises _Stop for those that allow no going on."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.documents: list[Document] = []
        self.problems: list[Problem] = []
        self.surplus = 0
        self.written: dict[Path, str] = {}
        self.budget = limits.ALIAS_BUDGET

    # one loop, not a method per event: that costs a third more
    def compose(self, events: Iterator[Any]) -> None:  # noqa: C901, PLR0912, PLR0915
        holder: list[Any] = []
        box: Any = holder
        here: Path = ()
        key: str | None = None
        stack: list[tuple[Any, Path]] = []
        anchors: dict[str, Any] = {}
        marks: dict[Path, Mark] = {}
        for event in events:
            kind = type(event)
            if kind is ScalarEvent:
                value = event.value
                if event.tag is not None or not (event.style or value[:1] in LETTERS):
                    value = self.plain(event, (*here, len(box) if type(box) is list else key or ""))
                elif event.style == '"' and not value.isprintable() and limits.UNSENDABLE.search(value):
                    self.stop(event, *limits.CHARACTER)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                box, here = stack.pop()
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value = {} if kind is MappingStartEvent else []
                self.opening(event, len(stack))
            elif kind is AliasEvent:
                value = self.aliased(event, anchors, stack, box)
            elif kind is DocumentStartEvent:
                holder, anchors, marks = [], {}, {}
                box = holder
                self.begin(event)
                continue
            elif kind is DocumentEndEvent:
                self.documents.append(Document(holder[0], marks, Where(self.path, *marks[()]), self.written))
                continue
            else:
                continue
            mark = event.start_mark
            if type(box) is list:
                spot = (*here, len(box)) if box is not holder else here
                marks[spot] = (mark.line + 1, mark.column + 1)
                box.append(value)
            elif key is None:
                key = value if type(value) is str and value != "<<" else self.key(event, value)
                spot = (*here, key)
                if key in box:
                    self.duplicate(event, key, marks[spot])
                else:
                    marks[spot] = (mark.line + 1, mark.column + 1)
                    box[key] = None
                continue
            else:
                box[key] = value
                spot = here if kind is ScalarEvent else (*here, key)
                key = None
            if kind is not AliasEvent:
                if event.anchor is not None:
                    anchors[event.anchor] = value
                if kind is not ScalarEvent:
                    stack.append((box, here))
                    box, here = value, spot

    def plain(self, event: Any, path: Path) -> Any:
        """The value of a scalar without quotes, or of one with a tag."""
        if event.tag is not None:
            self.note(event, *limits.TAG)
            return event.value
        try:
            value = scalar(event.value)
        except Unrepresentable:
            detail = f"{tick(event.value)} cannot be sent as a number"
            self.note(event, "number out of range", detail, "put quotes around it if it is meant as text")
            return 0
        if value is not None and type(value) is not str and (type(value) is bool or str(value) != event.value):
            self.written[path] = event.value
        return value

    def key(self, event: Any, value: Any) -> str:
        """The name of a mapping's entry; anchors on names are of no use and are ignored."""
        if type(event) is not ScalarEvent:
            self.stop(event, "key is not text", "a list, a group or an alias stands where a name should", limits.NAME)
        if event.value == "<<" and not event.style:
            self.stop(event, *limits.MERGE)
        if not isinstance(value, str):
            detail = f"{tick(event.value)} without quotes is not text but a number, true, false or null"
            self.note(event, "key is not text", detail, "put quotes around the name before the colon")
        return str(event.value)

    def duplicate(self, event: Any, key: str, first: Mark) -> None:
        detail = f"{tick(key)} already stands in line {first[0]}"
        self.note(event, "duplicate key", detail, "keep one of the two; the other would be ignored")

    def opening(self, event: Any, depth: int) -> None:
        if event.tag is not None:
            self.note(event, *limits.TAG)
        if depth >= limits.DEEPEST:
            self.stop(event, *limits.DEPTH)

    def begin(self, event: Any) -> None:
        self.written = {}
        if event.version is not None and tuple(event.version) != (1, 2):
            self.stop(event, *limits.VERSION)
        if len(self.documents) >= limits.MOST_DOCUMENTS:
            self.stop(event, *limits.DOCUMENTS)

    def aliased(self, event: Any, anchors: dict[str, Any], stack: list[tuple[Any, Path]], box: Any) -> Any:
        """What an alias stands for, within the file's budget: a few lines of them can expand to gigabytes."""
        name = event.anchor
        if name not in anchors:
            if not _ANCHOR.fullmatch(name):
                self.stop(event, *limits.ALIAS)
            detail = f"`*{printable(name)}` refers to an anchor that does not stand above it"
            self.stop(
                event,
                "unknown alias",
                detail,
                f"define `&{printable(name)}` first; put quotes around a text that starts with `*`",
            )
        value = anchors[name]
        if value is box or any(value is outer for outer, _ in stack):
            self.stop(event, "endless alias", f"`*{printable(name)}` contains itself", "write the value out instead")
        weight, depth = limits.weight(value, self.budget)
        self.budget -= weight
        if self.budget < 0:
            self.stop(event, *limits.BUDGET)
        if len(stack) + depth > limits.DEEPEST:
            self.stop(event, *limits.DEPTH)
        return value

    def note(self, event: Any, summary: str, detail: str, hint: str) -> None:
        self.add(Problem(summary, detail, hint, self.place(event)))

    def add(self, problem: Problem) -> None:
        """Keeps a problem; beyond the limit it is only counted."""
        if len(self.problems) < limits.MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self.surplus += 1

    def found(self) -> list[Problem]:
        """The problems, and how many more there are."""
        return [*self.problems, limits.more_problems(self.surplus, self.problems)] if self.surplus else self.problems

    def stop(self, event: Any, summary: str, detail: str, hint: str) -> NoReturn:
        raise _Stop(Problem(summary, detail, hint, self.place(event)))

    def place(self, event: Any) -> Where:
        return Where(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
