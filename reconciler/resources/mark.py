"""The mark that jmctl writes into `code`, by which it knows its own resources on the service again. Pure.

    jmctl:2:PROJECT/ENVIRONMENT/NAME/ATTEMPT    ATTEMPT: the first 8 hex digits of the create's attempt
    jmctl:PROJECT/NAME                          as jmctl 0.1 wrote it: read, never written

Every part is of a-z, 0-9 and -, and at most 63 long, so that a mark has at most LONGEST characters. A code that begins
so and is of neither form is the mark of something that this jmctl does not know, or one that the service has changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MARK = "jmctl:"  # codes that begin so are written by jmctl itself
LONGEST = 208
_PART = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_CURRENT = re.compile(rf"{MARK}2:({_PART})/({_PART})/({_PART})/([0-9a-f]{{8}})")
_FIRST = re.compile(rf"{MARK}({_PART})/({_PART})")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose resources a run manages. `is_alone` says that no other environment of the project is known."""

    project: str
    environment: str
    is_alone: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says. `environment` and `attempt` are None in one of the first form."""

    project: str
    environment: str | None
    name: str
    attempt: str | None

    def is_of(self, owner: Owner) -> bool:
        """Whether `owner` made it, as far as it says: one of the first form names no environment."""
        return self.project == owner.project and self.environment in (None, owner.environment)


def mark(owner: Owner, name: str, attempt: str) -> str:
    """What goes into the `code` of what the attempt `attempt` (hex digits) creates for `owner` under `name`."""
    text = f"{_stem(owner, name)}{attempt[:8]}"
    if not _CURRENT.fullmatch(text) or len(text) > LONGEST:
        raise AssertionError(f"not the parts of a mark: {text}")
    return text


def parse_mark(code: Any) -> Mark | None:
    """The mark that `code` is; None when it is none, or not whole."""
    if not isinstance(code, str):
        return None
    if found := _CURRENT.fullmatch(code):
        return Mark(*found.groups())
    if found := _FIRST.fullmatch(code):
        return Mark(found[1], None, found[2], None)
    return None


def is_marked(code: Any) -> bool:
    """Whether `code` is some project's mark, in whatever case, whole or not."""
    return isinstance(code, str) and code.casefold().startswith(MARK)


def is_foreign(code: Any, owner: Owner | None) -> bool:
    """Whether `code` is the mark of another project, or of another environment, than `owner`."""
    found = parse_mark(code)
    if owner is None:
        return is_marked(code)
    return is_marked(code) and not (found.is_of(owner) if found else is_altered(code, owner))


def is_altered(code: Any, owner: Owner, name: str | None = None) -> bool:
    """Whether `code` may be a mark of `owner` (for `name`, if given) that was cut or whose case was changed."""
    if not is_marked(code) or parse_mark(code):
        return False
    folded = code.casefold()
    stem = _stem(owner, name) if name else f"{MARK}2:{owner.project}/{owner.environment}/"
    return bool(folded.startswith(stem) or stem.startswith(folded))


def _stem(owner: Owner, name: str) -> str:
    return f"{MARK}2:{owner.project}/{owner.environment}/{name}/"
