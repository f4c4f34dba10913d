"""The table of problem codes: what each problem means and what cures it. Imports nothing of jmctl.

`problems.toml` holds one table a code. A code says what was wrong for as long as jmctl exists: the title of a problem
may be reworded, its code stays, and the code of a problem that is gone is not used again. Read once a process, and only
when a problem is shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

# the first two digits of a code
SUBJECTS: Mapping[str, str] = {
    "01": "Files as YAML",
    "02": "Fields of a manifest",
    "03": "Questions",
    "04": "Several manifests",
    "05": "Configuration",
    "06": "Secrets, tokens and this machine",
    "07": "State",
    "08": "The service",
    "09": "Plan and apply",
    "10": "Results",
    "11": "Usage of commands",
    "12": "Composition",
    "13": "Code hosts and pipelines",
}


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One problem: `title` as in messages, `meaning` and `cure` as sentences for authors of manifests."""

    code: str
    title: str
    meaning: str
    cure: str
    level: Literal["error", "warning"] = "error"

    @property
    def subject(self) -> str:
        return SUBJECTS[self.code[2:4]]


@cache
def rows() -> Mapping[str, ProblemRow]:
    """Every row by its code, in the order of codes."""
    table = tomllib.loads(Path(__file__).with_name("problems.toml").read_text("utf-8"))
    return {code: ProblemRow(code, **row) for code, row in sorted(table.items())}


def code_of(title: str) -> str:
    """The code of the problem with this title; empty when the table has none."""
    return _codes().get(title, "")


@cache
def _codes() -> Mapping[str, str]:
    return {row.title: row.code for row in rows().values()}
