"""The address of a resource within one environment: its kind and its name, as `Interview/support-agent-en`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self


class Address(NamedTuple):
    """Identifies a resource; sorted by kind, then by name.

    A named tuple, because a plan hashes and compares thousands of them and tuples do both in C.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        """The text form, which `parse` reads."""
        return f"{self.kind}/{self.name}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address in `KIND/NAME`. Raises ValueError for any other form."""
        kind, slash, name = text.partition("/")
        if not (kind and slash and name) or "/" in name:
            raise ValueError(f"not an address: {text}")
        return cls(kind, name)


def matching(text: str, known: Iterable[Address]) -> list[Address]:
    """The addresses in `known` that a user may mean by `text`: one in full, or all of that name whatever their kind."""
    return sorted({address for address in known if text in (address.name, str(address))})
