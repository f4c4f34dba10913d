"""Numbers, times and nested values in words. Pure; the text is still as people wrote it, each format makes it harmless.

The API counts in deciseconds; people are shown minutes and seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reconciler.results.labels import Kind
from reconciler.results.model import instant, number_of

NOTHING = "—"
_DECI = 10


def amount(kind: Kind, value: Any) -> str:  # noqa: PLR0911 - one return a kind, side by side
    """One value on one line, `—` when it is null; a value of another type than documented is shown as JSON."""
    number = number_of(value)
    match kind:
        case _ if value is None:
            return NOTHING
        case "number" if number is not None:
            return plain_number(number)
        case "percent" if number is not None:
            return f"{plain_number(number)} %"
        case "deciseconds" if number is not None:
            return spell(number / _DECI)
        case "time" if (at := instant(value)) is not None:
            return at.strftime("%Y-%m-%d %H:%M:%S %Z")
        case "flag" if isinstance(value, bool):
            return "yes" if value else "no"
        case _ if value in ([], {}, ""):
            return "none"
        case _:
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def spell(seconds: float) -> str:
    """A length of time in minutes and seconds."""
    tenths = round(seconds * _DECI)
    minutes, rest = divmod(tenths, 60 * _DECI)
    words = f"{plain_number(rest / _DECI)} s"
    return f"{minutes} min {words}" if minutes else words


def plain_number(number: float) -> str:
    """At most two decimals, none that say nothing."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def flat(value: Any, depth: int = 0) -> Iterator[tuple[int, str]]:
    """A nested value as lines with their depth: keys, list items, leaves."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            if _is_leaf(item):
                yield depth, f"{key}: {_leaf(item)}"
            else:
                yield depth, f"{key}:"
                yield from flat(item, depth + 1)
    elif isinstance(value, list) and value:
        for item in value:
            if _is_leaf(item):
                yield depth, f"• {_leaf(item)}"
            else:
                yield from flat(item, depth + 1)
    else:
        yield depth, _leaf(value)


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, dict | list) or not value


def _leaf(value: Any) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case dict() | list():
            return "none"
        case _:
            return str(value)
