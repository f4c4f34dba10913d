"""Checks of plain JSON values: each returns the value or raises WrongValue with the path from where it began. Pure.

Written out rather than taken from a library: a state is read by every command, and importing one costs more than
reading a state of a thousand interviews.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], Any]

LONGEST_ID = 200
_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._:@~+-]{{0,{LONGEST_ID - 1}}}")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
_KINDS: dict[type, str] = {
    dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number",
}  # fmt: skip


class WrongValue(Exception):
    """A value that is not what the format says; `path` leads to it."""

    def __init__(self, detail: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.path = path

    def within(self, step: str | int) -> WrongValue:
        """The same, seen from the value that contains it."""
        return WrongValue(self.detail, (step, *self.path))


def described(value: Any) -> str:
    """The JSON type of `value`, in words; never its content, which may be a secret."""
    return "null" if value is None else _KINDS[type(value)]


def text(value: Any) -> str:
    """Any string."""
    if type(value) is not str:
        raise WrongValue(f"expected text, found {described(value)}")
    return value


def maybe_text(value: Any) -> str | None:
    """Any string, or null."""
    return value if value is None or type(value) is str else text(value)


def flag(value: Any) -> bool:
    """A boolean."""
    if type(value) is not bool:
        raise WrongValue(f"expected true or false, found {described(value)}")
    return value


def count(value: Any) -> int:
    """A whole number from 0 on."""
    if type(value) is not int or value < 0:
        raise WrongValue(f"expected a count, found {described(value) if type(value) is not int else 'less than 0'}")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """Any object."""
    if type(value) is not dict:
        raise WrongValue(f"expected an object, found {described(value)}")
    return value


def texts(value: Any) -> dict[str, str]:
    """An object whose every value is text."""
    for key, member in mapping(value).items():
        if type(member) is not str:
            raise WrongValue(f"expected text, found {described(member)}", (key,))
    return dict(value)


def matching(pattern: re.Pattern[str], expected: str) -> Check:
    """Text that `pattern` matches in full."""
    fits = pattern.fullmatch

    def check(value: Any) -> str:
        if type(value) is str and fits(value):
            return value
        text(value)
        raise WrongValue(f"expected {expected}")

    return check


identifier = matching(_ID, f"an id: 1 to {LONGEST_ID} letters, digits and ._:@~+-")
name = matching(_NAME, "a name: 1 to 63 lower-case letters, digits and hyphens")
kind_name = matching(_KIND, "a kind, as in a manifest")
filled = matching(re.compile(r"(?s).+"), "text that is not empty")


def optional(check: Check) -> Check:
    """Null, or what `check` takes."""
    return lambda value: None if value is None else check(value)


def one_of(*choices: str) -> Check:
    """One of these words."""

    def check(value: Any) -> str:
        if text(value) not in choices:
            raise WrongValue(f"expected one of {', '.join(choices)}")
        return str(value)

    return check


def list_of(check: Check) -> Check:
    """A list; gives a tuple."""

    def items(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise WrongValue(f"expected a list, found {described(value)}")
        if not value:
            return ()
        found = []
        for place, item in enumerate(value):
            try:
                found.append(check(item))
            except WrongValue as wrong:
                raise wrong.within(place) from None
        return tuple(found)

    return items


# what a check takes as it is, whatever the value: most members need no call
_AS_IT_IS: Mapping[Check, frozenset[Any]] = {
    text: frozenset((str,)),
    maybe_text: frozenset((str, type(None))),
    flag: frozenset((bool,)),
    mapping: frozenset((dict,)),
}


class Members:
    """An object with these members, made into `build(**members)`.

    Members named in `required` must be there. Any other member is an error, or, with `is_open`, kept as `extra`.
    """

    def __init__(
        self, build: Callable[..., Any], members: Mapping[str, Check], *, required: int, is_open: bool = False
    ) -> None:
        self._build = build
        self._members = {key: (check, _AS_IT_IS.get(check, frozenset())) for key, check in members.items()}
        self._required = tuple(members)[:required]
        self._is_open = is_open

    def __call__(self, value: Any) -> Any:
        """The value built from the object `value`. Raises WrongValue."""
        found: dict[str, Any] = {}
        extra: dict[str, Any] | None = None
        find = self._members.get
        key = ""
        try:
            for key, member in mapping(value).items():
                row = find(key)
                if row is not None:
                    found[key] = member if type(member) in row[1] else row[0](member)
                elif extra is None:
                    extra = {key: member}
                else:
                    extra[key] = member
        except WrongValue as wrong:
            raise (wrong.within(key) if key else wrong) from None
        for key in self._required:
            if key not in found:
                raise WrongValue(f"`{key}` is missing")
        if extra is not None:
            if not self._is_open:
                raise WrongValue("unknown member; a newer jmctl may have written it", (next(iter(extra)),))
            found["extra"] = extra
        return self._build(**found)
