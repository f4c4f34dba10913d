"""Words that do not come back: each has a standard term, listed in docs/style.md."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

# whole words, also within identifiers: `_told`, `told_apart`
RETIRED = re.compile(
    r"(?<![a-z])(told|foretold|whoever|nobody|somebody|befallen|afflict\w*|tardy|ruin\w*|misfortunes?)(?![a-z])"
    r"|\b(only room|the room|a room|rooms|doors|the house)\b",
    re.IGNORECASE,
)

# Parts that still use retired words; a part that is clean leaves this list
PENDING: frozenset[str] = frozenset()
TYPES = {".py", ".toml", ".json", ".j2", ".md"}


def sources() -> dict[str, list[Path]]:
    """Files by part: each package or module of reconciler, the user documentation, and the developer documentation."""
    found: dict[str, list[Path]] = {"docs": [*(ROOT / "docs").rglob("*.md")], ".": [*ROOT.glob("*.md")]}
    for path in sorted((ROOT / "reconciler").rglob("*")):
        if path.suffix in TYPES and "__pycache__" not in path.parts:
            part = path.relative_to(ROOT / "reconciler").parts[0].removesuffix(path.suffix)
            found.setdefault(part, []).append(path)
    return found


def retired(path: Path) -> list[str]:
    """`path:line: word` for each retired word; the list of words itself may name them."""
    if path.name == "style.md":
        return []
    return [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in RETIRED.finditer(line)
    ]


def test_retired_words_do_not_come_back() -> None:
    found = {part: [use for path in paths for use in retired(path)] for part, paths in sources().items()}
    assert [use for part, uses in found.items() if part not in PENDING for use in uses] == []


def test_clean_parts_leave_the_list_of_pending_ones() -> None:
    parts = sources()
    assert {part for part in PENDING if not any(retired(path) for path in parts[part])} == set()


def test_retired_words_are_recognised() -> None:
    samples = ("is told so", "_told(", "TOLD_APART", "Nobody", "ruined", "the only room that knows")
    assert all(RETIRED.search(sample) for sample in samples)
    assert not RETIRED.search("untold stories, mushroom, outdoors, household, bedroom")
