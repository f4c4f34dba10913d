"""Text is data: whatever people wrote is made harmless before a terminal sees it."""

from __future__ import annotations

import unicodedata

# Cc control, Cf format (bidirectional overrides, zero width), Cs surrogates, Co private use, Zl and Zp line separators
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Joiners that emoji and several scripts need in honest text, and the soft hyphen
_HARMLESS = frozenset("\u00ad\u200c\u200d")


def printable(text: str, *, keep_newlines: bool = False) -> str:
    r"""`text` with every character that could move the cursor, hide or reorder text as an escape such as `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character, keep_newlines=keep_newlines) for character in text)


def _shown(character: str, *, keep_newlines: bool) -> str:
    if character in _HARMLESS or (keep_newlines and character == "\n"):
        return character
    if unicodedata.category(character) not in _UNSAFE:
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
