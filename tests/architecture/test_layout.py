"""Test files are named so that pytest can import all of them in one run, and fragments so that a release finds them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_two_test_files_share_a_name() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts)
    assert {name for name, count in names.items() if count > 1} == set()


def test_each_changelog_fragment_has_a_known_kind() -> None:
    kinds = re.findall(r'^directory = "(\w+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert "added" in kinds
    pattern = re.compile(rf"[a-z0-9-]+\.({'|'.join(kinds)})\.md")
    fragments = [path.name for path in (ROOT / "changes").iterdir() if path.name != "README.md"]
    assert [name for name in fragments if not pattern.fullmatch(name)] == []
