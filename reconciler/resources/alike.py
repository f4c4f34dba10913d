"""Texts as they are compared when a resource is looked for by its content. Pure."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize


def folded(text: Any) -> str:
    """`text` with Unicode composed, each run of white space as one space, and without case; empty for what is none."""
    return normalize("NFC", " ".join(text.split())).casefold() if isinstance(text, str) else ""
