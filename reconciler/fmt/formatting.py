"""Formats a file's content, and proves that it still says the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from reconciler.canonical_json import canonical
from reconciler.compose.source import Source
from reconciler.errors import Problem, Where
from reconciler.fmt.arrange import arranged
from reconciler.fmt.indent import indented
from reconciler.fmt.spacing import ended, spaced
from reconciler.project.validate import judge
from reconciler.yaml.load import survey

# An alias must stand below its anchor, so that keys cannot always be put in order; the rest still can
_WAYS: tuple[tuple[Callable[[str], str], ...], ...] = ((ended, indented, arranged, spaced), (ended, indented, spaced))
_MISSING = "missing field"
_BREAKS = re.compile(r"\r\n?")


def formatted(data: bytes, path: str, *, has_defaults: bool = False) -> bytes | list[Problem]:
    """`data`, the content of a file of manifests, in its usual form; or why it is left alone.

    `has_defaults` says that fields may come from defaults, so that none is missing.
    """
    meant, problems = _meaning(data, path, has_defaults=has_defaults)
    if problems:
        return problems
    for way in _WAYS:
        written = _written(data.decode().removeprefix("\ufeff"), way)
        if (meant, []) == _meaning(written, path, has_defaults=has_defaults):
            return written
    detail = "its layout cannot be changed without changing what it says"
    return [Problem("left as it is", detail, "lay it out as the examples are, then format it again", Where(path))]


def _written(text: str, way: tuple[Callable[[str], str], ...]) -> bytes:
    plain = _BREAKS.sub("\n", text)
    for step in way:
        plain = step(plain)
    return (plain.replace("\n", "\r\n") if "\r\n" in text else plain).encode()


def _meaning(data: bytes, path: str, *, has_defaults: bool) -> tuple[list[Any], list[Problem]]:
    """What each document says, apart from the order of keys, and what each interview is; and what is wrong.

    What a file says together with others is not known here: one that may be composed is read as YAML alone.
    """
    documents, problems = survey(data, path)
    said = [canonical(document.value) for document in documents]
    if problems or Source(path, path, "", data).is_signed:
        return [said, []], problems
    desired, found = judge(data, path)
    wrong = [item for item in found if item.severity == "error" and not (has_defaults and item.summary == _MISSING)]
    return [said, [item.digest for item in desired]], wrong
