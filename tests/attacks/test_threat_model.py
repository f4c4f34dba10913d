"""The threat model of SECURITY.md: every row has a test file that attacks, and every such file has a row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ATTACKS = Path(__file__).parent
MODEL = (ATTACKS.parents[1] / "SECURITY.md").read_text("utf-8")


def rows() -> list[str]:
    """The test file of each row of the table."""
    return re.findall(r"^\|.*\| `(test_\w+\.py)` \|$", MODEL, re.MULTILINE)


def test_every_row_names_a_test_that_attacks() -> None:
    lines = [line for line in MODEL.splitlines() if line.count("|") > 5 and not line.startswith(("|--", "| asset"))]
    assert len(rows()) == len(lines) > 15
    for name in rows():
        functions = ast.walk(ast.parse((ATTACKS / name).read_text("utf-8")))
        tests = [one.name for one in functions if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
        assert tests, name


def test_every_file_of_attacks_has_a_row() -> None:
    files = {path.name for path in ATTACKS.glob("test_attack_*.py")}
    assert files == set(rows())
