"""Names for manifests of interviews that were named by people: a-z, 0-9 and -, each used once."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from reconciler.resources.observed import Observed
from reconciler.text.slug import transliterated

_LONGEST = 63


def name_for(observed: Observed, taken: Collection[str]) -> str:
    """A name made from the interview's own, unlike all `taken`: with its language, else a number, at the end."""
    title = str(observed.attributes.get("name") or "")
    base = transliterated(title, _LONGEST) or f"interview-{observed.id[:8].lower()}"
    language = observed.attributes.get("mojito_language_code")
    ends = ["", *([f"-{language}"] if language and not base.endswith(f"-{language}") else [])]
    for end in ends:
        if (name := _ended(base, end)) not in taken:
            return name
    numbered = (_ended(base, f"{ends[-1]}-{number}") for number in count(2))
    return next(name for name in numbered if name not in taken)


def _ended(base: str, end: str) -> str:
    return base[: _LONGEST - len(end)].rstrip("-") + end
