"""A value that must not be seen: printing, formatting, comparing in a traceback or pickling it shows nothing."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Holds text that only `reveal()` gives away."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text in clear; the caller is responsible for where it goes."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied to where it could be written")
