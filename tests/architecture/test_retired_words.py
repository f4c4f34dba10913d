"""Words that do not come back: each has a standard term, listed in docs/style.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from reconciler.problem_table import rows

ROOT = Path(__file__).parents[2]

# whole words, also within identifiers: `_told`, `told_apart`
RETIRED = re.compile(
    r"(?<![a-z])(told|foretold|whoever|nobody|somebody|befallen|afflict\w*|tardy|ruin\w*|misfortunes?)(?![a-z])"
    r"|\b(only room|the room|a room|rooms|doors|the house)\b",
    re.IGNORECASE,
)

# Phrases that no text for users has: problem titles and meanings, messages, help
PHRASES = re.compile(
    r"stands? (there )?twice|\bare both (called|`|$)|(came|come) of it\b|make it so|tells? of\b|has a key twice"
    r"|say what became|is there to approve|would go\b",
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


def texts(path: Path) -> list[str]:
    """The texts of a module that users may read: its strings without docstrings; of a table, all of it."""
    if path.suffix != ".py":
        return [path.read_text("utf-8")]
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_texts_for_users_have_no_retired_phrase() -> None:
    paths = [path for part, found in sources().items() if part not in ("docs", ".") for path in found]
    found = [(path.name, match[0]) for path in paths for text in texts(path) for match in PHRASES.finditer(text)]
    assert found == []


def test_problem_titles_use_the_word_list() -> None:
    """Titles are lower case without a full stop, and neither they nor their explanations use a retired word."""
    wrong = []
    for code, row in rows().items():
        if row.title.endswith(".") or (
            row.title[0].isupper() and row.title.split()[0] not in ("UTF-8", "Parquet", "Word")
        ):
            wrong.append((code, row.title))
        for text in (row.title, row.meaning, row.cure):
            wrong += [(code, match[0]) for pattern in (RETIRED, PHRASES) for match in pattern.finditer(text)]
    assert wrong == []


def test_retired_phrases_are_recognised() -> None:
    samples = ("one stands there twice", "are both `x`", "Nothing came of it", "make it so", "has a key twice")
    assert all(PHRASES.search(sample) for sample in samples)
    assert not PHRASES.search("both files are read, and the result is kept")


def test_clean_parts_leave_the_list_of_pending_ones() -> None:
    parts = sources()
    assert {part for part in PENDING if not any(retired(path) for path in parts[part])} == set()


def test_retired_words_are_recognised() -> None:
    samples = ("is told so", "_told(", "TOLD_APART", "Nobody", "ruined", "the only room that knows")
    assert all(RETIRED.search(sample) for sample in samples)
    assert not RETIRED.search("untold stories, mushroom, outdoors, household, bedroom")
