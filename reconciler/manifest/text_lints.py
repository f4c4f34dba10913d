"""Suspicions about the text of a document, whatever its kind: what a word processor or a template left in. Pure.

Every problem is a warning at its line. Letters that some script needs are left alone: a zero-width space between words
of Thai, Lao, Khmer or Burmese, a non-breaking space beside the punctuation of French or inside a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reconciler.errors import Problem
from reconciler.manifest.messages import subject
from reconciler.text.quote import tick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.yaml.document import Document, Path

Words = tuple[str, str, str]

# what tells that a file holds nothing to look at; nearly every file is read for it, so that it must cost little
_SIGNS = (b"{{", b"TODO", b"FIXME", b"TBD", b"XXX")
_GLUED = re.compile(rb"#(?<=[ \t]#)[^ \t\r\n#!-]")
_FOREIGN = re.compile("[\u00a0\u00b7\u202f\u200b\u2060\u2018-\u201f\u2022\u2013\u2014\u25cf\u25aa]")
_NO_SPACES_BETWEEN_WORDS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
ZERO_WIDTH = re.compile(
    f"(?<![{_NO_SPACES_BETWEEN_WORDS}])[\u200b\u2060]|[\u200b\u2060](?![{_NO_SPACES_BETWEEN_WORDS}])"
)
# between letters, beside another blank, or at an end: nothing that typography asks for
PASTED_SPACE = re.compile(
    "(?<=[^\\W\\d_])[\u00a0\u202f](?=[^\\W\\d_])|[\u00a0\u202f](?=\\s|$)|(?<=\\s)[\u00a0\u202f]|^[\u00a0\u202f]",
    re.MULTILINE,
)
_QUOTE = "[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f]"
TYPOGRAPHIC = re.compile(_QUOTE)
_WRAPPED = re.compile(f"{_QUOTE}[^\u2018-\u201f]*{_QUOTE}")
_BULLET = re.compile("^[ \t]*[\u2022\u00b7\u25cf\u25aa\u2013\u2014] ?\\S", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b")
# "todo" is a word, and may be written in capitals
_WORDY = frozenset(("es", "pt", "ca", "gl"))
_COMMENT = re.compile(r"[ \t]+(#[^ \t#!-].*)")

_FIX = "run `jmctl fmt --fix`"


def lint(document: Document, lines: list[str]) -> list[Problem]:
    """Everything suspicious in the texts and names of `document`; `lines` are those of its file."""
    problems = []
    for path, text, is_key in _texts(document.value, ()):
        what = f"the name {tick(text)}" if is_key else subject(path, "the document")
        found = [*_invisible(text, what)]
        found += _name(text, what) if is_key else _text(document, lines, path, text, what)
        problems += [Problem(*words, document.at(*path), "warning") for words in found]
    return problems


def is_suspect(data: bytes) -> bool:
    """Whether a file, UTF-8, holds anything to look at; False for nearly every file."""
    if any(sign in data for sign in _SIGNS) or _GLUED.search(data):
        return True
    return not data.isascii() and _FOREIGN.search(data.decode()) is not None


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str, bool]]:
    """Each text with its path, names of entries too; aliased values once for each place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), key, True
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
    elif isinstance(value, str):
        yield path, value, False


def _invisible(text: str, what: str) -> Iterator[Words]:
    if ZERO_WIDTH.search(text):
        yield "zero-width character", f"{what} holds a character that is not visible", _FIX
    if PASTED_SPACE.search(text):
        yield "non-breaking space", f"{what} holds a non-breaking space, as word processors write it", _FIX


def _name(text: str, what: str) -> Iterator[Words]:
    if TYPOGRAPHIC.search(text):
        yield "typographic quotes", f"{what} holds quotes that YAML reads as letters", _FIX


def _text(document: Document, lines: list[str], path: Path, text: str, what: str) -> Iterator[Words]:
    if _WRAPPED.fullmatch(text):
        hint = 'write straight quotes (") around it, or none'
        yield "typographic quotes", f"{what} is in quotes that YAML reads as letters of the text", hint
    if "\n" in text and _BULLET.search(text):
        detail = f"{what} has lines that start with a bullet or a long dash"
        yield "list sign of a word processor", detail, "start them with `- `"
    if found := _TEMPLATE.search(text):
        yield "placeholder left in", f"{what} holds {tick(found.group())}", "write the text that belongs there"
    elif (found := _UNFINISHED.search(text)) and _language(document) not in _WORDY:
        hint = "finish the text, or move the note to a comment"
        yield "placeholder left in", f"{what} holds {tick(found.group())}", hint
    if (comment := _ended_by(document, lines, path, text)) is not None:
        hint = "put quotes around the whole text; write `# ` if it is meant as a comment"
        yield "text ended by a comment", f"{what} ends before {tick(comment)}", hint


def _language(document: Document) -> str:
    spec = document.value.get("spec") if isinstance(document.value, dict) else None
    code = spec.get("mojito_language_code") if isinstance(spec, dict) else None
    return code[:2] if isinstance(code, str) else ""


def _ended_by(document: Document, lines: list[str], path: Path, text: str) -> str | None:
    """The comment, glued to its sign, that cut a text without quotes; None for any other."""
    place = document.at(*path)
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    at = line.rfind(text, place.column - 1) if " " in text and "\n" not in text else -1
    if at < 0 or line[at - 1 : at] in {'"', "'"}:
        return None
    found = _COMMENT.match(line, at + len(text))
    return found[1] if found else None
