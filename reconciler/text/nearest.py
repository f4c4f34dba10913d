"""Suggestions for misspelt words: `did you mean …?`."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60  # of a word that is compared, because comparing is quadratic
_CUTOFF = 0.7  # of similarity: a letter or two of eight


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None; case, hyphens, underscores and spaces count for nothing."""
    from difflib import get_close_matches

    plain = {_folded(item): item for item in known}
    found = get_close_matches(_folded(word[:_LONGEST]), plain, n=1, cutoff=_CUTOFF)
    return plain[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], *, before: str = "") -> str:
    """The hint that names the nearest known word, after the command `before`; empty when no word is near."""
    meant = nearest(word, known)
    return f"did you mean `{before}{meant}`?" if meant else ""


def _folded(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")
