"""Names of a-z, 0-9 and - made from text."""

from __future__ import annotations

import re
from unicodedata import normalize

_WORD = re.compile(r"[a-z0-9]+")


def slug(text: str, longest: int = 40) -> str:
    """The Latin letters and digits of `text`, without accents; empty when there are none.

    Keys of questions are made with it and stand in states and transcripts: its results must never change.
    """
    return _joined(normalize("NFKD", text).encode("ascii", "ignore").decode(), longest)


def transliterated(text: str, longest: int) -> str:
    """`text` of any script as a name; empty when nothing of it can be written in Latin letters."""
    if not text.isascii():
        from anyascii import anyascii

        # a letter with its accents is one letter, also where it was typed as two characters
        text = anyascii(normalize("NFC", text))
    return _joined(text, longest)


def _joined(text: str, longest: int) -> str:
    return "-".join(_WORD.findall(text.lower()))[:longest].strip("-")
