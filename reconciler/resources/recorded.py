"""Checks the attributes in a state entry against the field table of its kind. Pure.

What was last applied may be older than today's limits and choices, so only what every later step relies on is checked:
the fields that each manifest declares, and the JSON type of each value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reconciler.resources.field import Choice, Field, Flag, Integer, ListOf, Number, Text, Type
from reconciler.resources.kind import KINDS, kind_named
from reconciler.state.shape import WrongValue, described

_TEXT = (frozenset({str}), "text")
_NUMBER = (frozenset({int, float}), "a number")
_EXPECTED: dict[type[Any], tuple[frozenset[type[Any]], str]] = {
    Text: _TEXT,
    Choice: _TEXT,
    Flag: (frozenset({bool}), "true or false"),
    Integer: _NUMBER,
    Number: _NUMBER,
    ListOf: (frozenset({list}), "a list"),
}
_OBJECT = (frozenset({dict}), "an object")


def check_recorded(kind: str, attributes: Mapping[str, Any]) -> None:
    """Raises WrongValue with the path in `attributes` of the first value that is missing or of another type."""
    if kind not in KINDS:
        raise WrongValue(f"this jmctl has no kind {kind}; a newer one may have written it")
    expected, required = _table(kind)
    for name in required:
        if attributes.get(name) is None:
            raise WrongValue("is missing", (name,))
    for name, value in attributes.items():
        row = expected.get(name)
        if row is None or value is None:
            continue
        if type(value) not in row[0]:
            raise WrongValue(f"expected {row[1]}, found {described(value)}", (name,))
        if row[2] is not None:
            _check_items(name, value, *row[2])


def _check_items(name: str, items: list[Any], types: frozenset[type[Any]], words: str, needed: tuple[str, ...]) -> None:
    for place, item in enumerate(items):
        if type(item) not in types:
            raise WrongValue(f"expected {words}, found {described(item)}", (name, place))
        for key in needed:
            if type(item.get(key)) is not str:
                raise WrongValue(f"expected text, found {described(item.get(key))}", (name, place, key))


_Items = tuple[frozenset[type[Any]], str, tuple[str, ...]]


@cache
def _table(kind: str) -> tuple[dict[str, tuple[frozenset[type[Any]], str, _Items | None]], tuple[str, ...]]:
    rows = kind_named(kind).fields
    expected = {name: (*_json_type(row.type), _items(row)) for name, row in rows.items()}
    return expected, tuple(name for name, row in rows.items() if row.required)


def _items(row: Field) -> _Items | None:
    if not isinstance(row.type, ListOf):
        return None
    item = row.type.item
    fields = getattr(item, "fields", ())
    return (*_json_type(item), tuple(one.name for one in fields if one.required))


def _json_type(kind: Type) -> tuple[frozenset[type[Any]], str]:
    return _EXPECTED.get(type(kind), _OBJECT)
