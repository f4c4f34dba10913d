"""A plain list of questions, as people write one, to a manifest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.manifest.envelope import API_VERSION
from reconciler.text.slug import slug
from reconciler.yaml.emit import entry, inline

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_ITEM = re.compile(r"(?:[-*+•\u2013—‣◦·]|\(?\d{1,3}[.)])\s+(.*)")
_RULE = re.compile(r"[-=_*]{3,}")
# (2 min), [90 s], (1:30)
_TIME = re.compile(r"\s*[(\[]\s*(?:(\d{1,2}):([0-5]\d)|(\d{1,4})\s*(s|sec|secs|seconds|m|min|mins|minutes))\.?\s*[)\]]")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_NAME = 60
_KEY = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was written; `duration` in seconds, None when the author named none."""

    text: str
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionList:
    """A title, empty when there is none, and questions in order."""

    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A field of the manifest that is not in the list, with a comment behind it."""

    key: str
    value: str
    comment: str = ""


def parse_list(text: str) -> QuestionList:
    """The questions in plain text or Markdown.

    Where there are list items, these are the questions, with the indented lines under them; else every line is one.
    The first heading is the title.
    """
    lines = [line.rstrip() for line in text.replace("\ufeff", "").replace("\u00a0", " ").splitlines()]
    title = next((found[1] for line in lines if (found := _HEADING.fullmatch(line.strip()))), "")
    is_list = any(_ITEM.fullmatch(line.strip()) for line in lines)
    found_texts = list(_items(lines) if is_list else _plain(lines))
    return QuestionList(_clean(title), tuple(_asked(one) for one in found_texts if _clean(one)))


def _items(lines: Sequence[str]) -> Iterator[str]:
    item: str | None = None
    for line in lines:
        match = _ITEM.fullmatch(line.strip())
        if match and not _RULE.fullmatch(line.strip()):
            if item is not None:
                yield item
            item = match[1]
        elif item is not None and line[:1].isspace() and line.strip():
            item = f"{item} {line.strip()}"
        elif item is not None:
            yield item
            item = None
    if item is not None:
        yield item


def _plain(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() and not _HEADING.fullmatch(line.strip()) and not _RULE.fullmatch(line.strip()):
            yield line.strip()


def _clean(text: str) -> str:
    return " ".join(_EMPHASIS.sub(r"\2", text).split())


def _asked(text: str) -> Asked:
    match = _TIME.search(text)
    if match is None:
        return Asked(_clean(text))
    rest = _clean(text[: match.start()] + text[match.end() :])
    if match[1] is not None:
        return Asked(rest, int(match[1]) * 60 + int(match[2]))
    return Asked(rest, int(match[3]) * (60 if match[4].startswith("m") else 1))


def listed_manifest(name: str, title: str, questions: Sequence[Asked], fields: Sequence[Given]) -> str:
    """The manifest `name` that asks `questions`; `fields` are the further ones of its spec."""
    lines = [f"apiVersion: {API_VERSION}", "kind: Interview", "metadata:", f"  name: {inline(name)}", "spec:"]
    lines += [f"  name: {inline(title)}", *map(_line, fields), "  questions:"]
    taken: set[str] = set()
    for number, question in enumerate(questions, 1):
        key = _key(question.text, number, taken)
        first, *more = (line for part in _parts(key, question) for line in part)
        lines += [f"    - {first.strip()}", *more]
    return "\n".join([*lines, ""])


def _line(field: Given) -> str:
    return f"  {field.key}: {inline(field.value)}{f'   # {field.comment}' if field.comment else ''}"


def _parts(key: str, question: Asked) -> Iterator[Iterator[str]]:
    yield entry("id", key, "      ")
    yield entry("question", question.text, "      ")
    if question.duration:
        yield entry("duration", question.duration, "      ")


def _key(text: str, number: int, taken: set[str]) -> str:
    """A key of the question's first words, unlike all `taken`, to which it is added."""
    words = slug(text, _KEY) or f"question-{number}"
    key = words if words not in taken else f"{words[: _KEY - 4]}-{number}"
    taken.add(key)
    return key
