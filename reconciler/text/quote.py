"""How values are named in messages: quoted, shortened, and with nothing in them that a terminal would obey."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 60
_WORD = re.compile(r"[a-z0-9]+")


def visible(text: str) -> str:
    """`text` with every control, invisible or direction-changing character escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def tick(text: str) -> str:
    """A name from the file, between backticks."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return f"`{visible(short)}`"


def shown(value: Any) -> str:
    """A value from the file as a reader recognises it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            short = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
            return f'"{visible(short)}"'
        case list():
            return "a list" if value else "an empty list"
        case _:
            return "a group of fields" if value else "an empty group"


def kind(value: Any) -> str:
    """What sort of thing a value is, with the value itself when that is short."""
    match value:
        case None:
            return "null"
        case bool():
            return f"{shown(value)}, which is a yes-or-no value"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {shown(value)}"
        case _:
            return shown(value)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    plain = {_folded(item): item for item in known}
    found = get_close_matches(_folded(word[:_LONGEST]), plain, n=1, cutoff=0.7)
    return plain[found[0]] if found else None


def _folded(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")


def listing(words: Sequence[str]) -> str:
    """`a, b or c`."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no "or"
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def slug(text: str, longest: int = 40) -> str:
    """`text` as a name of a-z, 0-9 and -; empty when nothing of it can be written so."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(_WORD.findall(plain))[:longest].strip("-")
