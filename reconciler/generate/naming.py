# ruff: noqa: RUF001 - letters that look like others are the point of it
"""Names for manifests of interviews that were named by people: a-z, 0-9 and -, each used once."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from reconciler.resources.observed import Observed
from reconciler.text.quote import slug

_LONGEST = 63
# What Unicode does not take apart into a Latin letter and its marks
_LATIN = "ß=ss æ=ae œ=oe ø=o ł=l đ=d ð=d þ=th ı=i ŋ=ng"
_CYRILLIC = (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts "
    "ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya є=ye і=i ї=yi ґ=g ў=u"
)
_GREEK = "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
_LETTERS = str.maketrans(dict(pair.split("=") for pair in f"{_LATIN} {_CYRILLIC} {_GREEK}".split()))
_ACCENTS = str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ")


def name_for(observed: Observed, taken: Collection[str]) -> str:
    """A name made from the interview's own, unlike all `taken`: with its language, else a number, at the end."""
    base = readable(str(observed.attributes.get("name") or ""), _LONGEST) or f"interview-{observed.id[:8].lower()}"
    language = observed.attributes.get("mojito_language_code")
    ends = ["", *([f"-{language}"] if language and not base.endswith(f"-{language}") else [])]
    for end in ends:
        if (name := _ended(base, end)) not in taken:
            return name
    numbered = (_ended(base, f"{ends[-1]}-{number}") for number in count(2))
    return next(name for name in numbered if name not in taken)


def readable(text: str, longest: int) -> str:
    """`text` in a-z, 0-9 and -; empty when nothing of it can be written so."""
    return slug(text.lower().translate(_ACCENTS).translate(_LETTERS), longest)


def _ended(base: str, end: str) -> str:
    return base[: _LONGEST - len(end)].rstrip("-") + end
