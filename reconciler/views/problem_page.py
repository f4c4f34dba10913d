"""A row of the problem table as text, JSON, a page of the docs and a rule for SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from reconciler.problem_table import ProblemRow
from reconciler.text.wrap import wrapped

_WIDTH = 80
_HEAD = """\
# Problems

Every problem that jmctl reports has a code. The code stays the same when the words change; `jmctl explain CODE`
prints what stands here.
"""


def page_lines(row: ProblemRow) -> Iterator[str]:
    """What `jmctl explain CODE` prints."""
    yield f"{row.code}: {row.title}"
    yield ""
    yield from wrapped(row.meaning, _WIDTH)
    yield ""
    yield from wrapped(f"What to do: {row.cure}", _WIDTH)


def page_json(row: ProblemRow) -> dict[str, Any]:
    """`version`, `code`, `title`, `subject`, `level`, `meaning`, `cure`."""
    return {"version": 1, **asdict(row), "subject": row.subject}


def reference_page(rows: Iterable[ProblemRow]) -> str:
    """`docs/reference/problems.md`: every row, by subject."""
    parts = [_HEAD]
    for subject, group in groupby(rows, key=lambda row: row.subject):
        parts.append(f"\n## {subject}\n")
        parts += [_section(row) for row in group]
    return "".join(parts)


def sarif_rules(rows: Iterable[ProblemRow]) -> list[dict[str, Any]]:
    """The rows as SARIF 2.1.0 `reportingDescriptor` objects, whose index is their place in the list."""
    return [
        {
            "id": row.code,
            "name": "".join(word.capitalize() for word in row.title.replace("-", " ").split() if word.isalnum()),
            "shortDescription": {"text": row.title},
            "fullDescription": {"text": row.meaning},
            "help": {"text": row.cure},
            "defaultConfiguration": {"level": row.level},
        }
        for row in rows
    ]


def _section(row: ProblemRow) -> str:
    kind = " (warning)" if row.level == "warning" else ""
    return f"\n### {row.code}\n\n**{row.title}**{kind}\n\n{row.meaning}\n\nWhat to do: {row.cure}\n"
