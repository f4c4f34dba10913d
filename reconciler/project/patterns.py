"""Matches file patterns by one walk that visits no folder twice, whatever the pattern says.

A pattern has segments: `**` stands for any number of folders, `*`, `?` and `[…]` for parts of one name, as in Python's
glob; names that start with a dot are matched by segments that start with one. All segments at which a name may stand
are followed at the same time, so that the cost is folders times segments: a pattern such as `**/**/**/*.yaml`, which
takes glob exponential time, is no more work than `**/*.yaml`.
"""

# a Path costs more than looking at the file, and there are thousands
# ruff: noqa: PTH118

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import translate

MOST_ENTRIES = 100_000
"""How many names one set of patterns may look at."""

_ANY_FOLDERS = "**"


class TooMany(Exception):
    """The patterns look at more than `MOST_ENTRIES` names."""


@dataclass(slots=True)
class Budget:
    """How many names may still be looked at; shared by the patterns of one set."""

    left: int = MOST_ENTRIES

    def spend(self) -> None:
        """Count one name. Raises TooMany."""
        self.left -= 1
        if self.left < 0:
            raise TooMany


@dataclass(frozen=True, slots=True)
class Match:
    """A name that a pattern matches, relative to the root; `is_linked` says that a symbolic link leads there."""

    path: str
    is_linked: bool


def matches(root: str, pattern: str, budget: Budget) -> list[Match]:
    """What `pattern` matches below `root`, in no order. Raises TooMany. Folders that cannot be read are left out.

    A linked folder is entered where a segment names it, but not in the course of `**`: links can form circles.
    """
    segments = [segment for segment in pattern.split("/") if segment not in ("", ".")]
    names = [None if segment == _ANY_FOLDERS else _matcher(segment) for segment in segments]
    found: list[Match] = []
    waiting = [("", _reached(names, {0}), False)]
    while waiting:
        folder, places, is_linked = waiting.pop()
        for name, is_link, is_folder in _entries(os.path.join(root, folder), segments, places):
            budget.spend()
            stay, moved = _follow(names, places, name)
            onward, remaining = _reached(names, moved), _reached(names, stay)
            end = len(names)
            path = os.path.join(folder, name)
            linked = is_linked or is_link
            if end in moved or end in remaining or (end in onward and is_folder):
                found.append(Match(path, linked))
            further = (onward if is_link else onward | remaining) - {end}
            if further and is_folder:
                waiting.append((path, further, linked))
    return found


def _follow(names: Sequence[re.Pattern[str] | None], places: set[int], name: str) -> tuple[set[int], set[int]]:
    """The places that stay at `**`, and those behind a matching segment, when `name` is met at `places`."""
    stay, moved = set[int](), set[int]()
    for place in places:
        if place == len(names):
            continue
        pattern = names[place]
        if pattern is None:
            if not name.startswith("."):
                stay.add(place)
        elif pattern.match(name):
            moved.add(place + 1)
    return stay, moved


def _reached(names: Sequence[re.Pattern[str] | None], places: set[int]) -> set[int]:
    """`places` and those behind a `**`, which may stand for no folder at all."""
    reached = set(places)
    for place in places:
        following = place
        while following < len(names) and names[following] is None:
            following += 1
            reached.add(following)
    return reached


def _matcher(segment: str) -> re.Pattern[str]:
    hidden = "" if segment.startswith(".") else r"(?!\.)"
    return re.compile(hidden + translate(segment))


def _entries(folder: str, segments: Sequence[str], places: set[int]) -> Iterator[tuple[str, bool, bool]]:
    """Name, whether it is a link, and whether it is a folder, of each name that matters in `folder`."""
    wanted = [segments[place] for place in places if place < len(segments)]
    if len(wanted) == 1 and not _is_pattern(wanted[0]):
        path = os.path.join(folder, wanted[0])
        if os.path.lexists(path):
            yield wanted[0], os.path.islink(path), os.path.isdir(path)  # noqa: PTH112, PTH114 - as above
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name, entry.is_symlink(), _is_folder(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a circle of links
        return False


def _is_pattern(segment: str) -> bool:
    return any(character in segment for character in "*?[")
