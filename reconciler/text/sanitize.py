r"""The sanitizer for text written by people or services: what could act on a terminal or deceive a reader is escaped.

Escaped, as `\x1b` or `\u202e`: control characters (so that no CSI, OSC or C1 sequence is left), bidirectional marks,
overrides and isolates, line and paragraph separators, zero-width and tag characters, the soft hyphen, blank letters,
half and private characters. Kept: letters and marks of every script, every space (U+3000 and U+00A0 too), emoji, and
the joiners U+200C and U+200D between two characters of a script or emoji that needs them.
"""

from __future__ import annotations

import re
import unicodedata

# Cc control, Cf format, Cs half of a pair, Co private use, Zl and Zp line and paragraph separators
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
# letters by their category, and drawn as nothing: the Hangul fillers, two Khmer vowels, Braille blank; non-characters
_BLANK = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufdd0-\ufdef\ufffe\uffff]")
# marks that may stand between a letter and a joiner
_MARKS = frozenset({"Mn", "Mc", "Me"})
# emoji are other symbols and skin tones, and two arrows that are mathematical
_EMOJI, _ARROWS = frozenset({"So", "Sk"}), frozenset("\u2194\u2195")
# scripts whose spelling needs joiners: Arabic and its kin, those of India and Sri Lanka, Khmer, Mongolian
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]")


def printable(text: str, *, keep_newlines: bool = False) -> str:
    r"""`text` with every unsafe character written as an escape such as `\x1b`; a line break is `\n` unless kept."""
    if text.isprintable() and (text.isascii() or not _BLANK.search(text)):
        return text
    return "".join(
        character if _is_safe(text, place) or (keep_newlines and character == "\n") else _escaped(character)
        for place, character in enumerate(text)
    )


def _is_safe(text: str, place: int) -> bool:
    character = text[place]
    if character in _JOINERS:
        return _joins(text, place)
    return unicodedata.category(character) not in _UNSAFE and not _BLANK.match(character)


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between two characters that can be joined, so that it changes what is drawn."""
    before = next((char for char in reversed(text[max(0, place - 4) : place]) if not _is_mark(char)), "")
    after = text[place + 1 : place + 2]
    if not before or not after:
        return False
    if text[place] == "\u200d" and _is_emoji(before) and _is_emoji(after):
        return True
    return bool(_JOINING.match(before) and _JOINING.match(after))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in _MARKS


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) in _EMOJI or character in _ARROWS


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
