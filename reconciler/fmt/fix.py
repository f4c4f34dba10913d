"""Mends what a word processor left in a manifest and no author can have meant. Pure.

Removed: zero-width characters, and typographic quotes around the names of fields. Made ordinary spaces: non-breaking
ones between letters, beside other blanks and before the first sign of a line. The rules are those of the lints in
`manifest/text_lints.py`, which leave alone what scripts and languages need. What is written as an escape stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reconciler.manifest.text_lints import PASTED_SPACE, TYPOGRAPHIC, ZERO_WIDTH
from reconciler.yaml.layout import Layout
from reconciler.yaml.load import survey
from reconciler.yaml.tree import Node

_RUN = re.compile("[ \t]*[\u00a0\u202f][ \t\u00a0\u202f]*")
_LINE_START = re.compile("^[ \t\u00a0\u202f]*[\u00a0\u202f][ \t\u00a0\u202f]*", re.MULTILINE)
# a dash of a word processor where a list entry begins
_DASH = re.compile("^( *)[\u2013\u2014\u2022] (?=\\S)", re.MULTILINE)
_BLANK = re.compile("[\t\u00a0\u202f]")


def fixed(data: bytes, path: str) -> bytes:
    """`data`, mended; unchanged where mending would change anything but what it is meant to.

    A file that is not YAML is mended in its indentation and its dashes, if that makes it YAML.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    documents, problems = survey(data, path)
    if problems or any(_is_pasted(document.value) for document in documents):
        text = _DASH.sub(r"\1- ", _LINE_START.sub(lambda run: _BLANK.sub(" ", run.group()), text))
        documents, problems = survey(text.encode(), path)
        if problems:
            return data
    if not documents:
        return data
    expected = [mended(document.value) for document in documents]
    result = _rewritten(text).encode()
    if ([document.value for document in survey(result, path)[0]], survey(result, path)[1]) != (expected, []):
        return text.encode()
    return result


def _is_pasted(value: Any) -> bool:
    """Whether a name starts with a blank that was meant as indentation."""
    if isinstance(value, dict):
        return any(key[:1] in {"\u00a0", "\u202f"} or _is_pasted(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_is_pasted, value))


def mended(value: Any) -> Any:
    """A value of a document as it is meant."""
    if isinstance(value, dict):
        return {mended_text(TYPOGRAPHIC.sub("", key)): mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [mended(item) for item in value]
    return mended_text(value) if isinstance(value, str) else value


def mended_text(text: str) -> str:
    """A text without zero-width characters, and with ordinary spaces where others were pasted."""
    plain = ZERO_WIDTH.sub("", text)
    return _RUN.sub(lambda run: _space(plain, run), plain)


def _space(text: str, run: re.Match[str]) -> str:
    """What stands in place of a run of blanks; nothing at the ends of a line, so that blocks keep their indentation."""
    if not PASTED_SPACE.search(text, run.start(), run.end() + 1) and len(run.group()) == 1:
        return run.group()
    start, end = run.span()
    if text[start - 1 : start] in {"", "\n"} or text[end : end + 1] in {"", "\n"}:
        return ""
    return " "


def _rewritten(text: str) -> str:
    """`text` with every name and text in it mended where it stands."""
    plain = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    layout = Layout(plain)
    lines = layout.lines
    found = [pair for section in layout.sections for pair in _scalars(section.root, is_key=False)]
    for node, is_key in sorted(found, key=lambda pair: (pair[0].line, pair[0].column), reverse=True):
        first = node.line + node.is_text_block
        for at in range(node.end, first - 1, -1):
            begin = node.column if at == node.line else len(lines[at]) - len(lines[at].lstrip(" "))
            end = node.end_column if at == node.end and not node.is_text_block else len(lines[at])
            inner = lines[at][begin:end]
            quote = inner[:1] if at == node.line and node.style in {"'", '"'} else ""
            closing = node.style if at == node.end and node.style in {"'", '"'} else ""
            body = inner.removeprefix(quote).removesuffix(closing)
            body = TYPOGRAPHIC.sub("", body) if is_key else body
            lines[at] = f"{lines[at][:begin]}{quote}{mended_text(body)}{closing}{lines[at][end:]}"
    return "\n".join(lines).replace("\n", "\r\n" if "\r\n" in text else "\n")


def _scalars(node: Node, *, is_key: bool) -> Iterator[tuple[Node, bool]]:
    if node.kind == "scalar":
        yield node, is_key
    for key in node.keys:
        yield from _scalars(key, is_key=True)
    for value in node.values:
        yield from _scalars(value, is_key=False)
