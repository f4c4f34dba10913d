"""Problems as text and JSON: code, place, cause, the line itself and the next command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.errors import Problem
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable
from reconciler.text.wrap import cells

_WIDTH = 100  # characters of a line that are shown
_BEFORE = 40  # of them in front of the place, when the line is longer
# what is underlined: a word, a quoted text, or one character
_TOKEN = re.compile(r"\"[^\"]*\"?|'[^']*'?|[^\s:,\[\]{}#\"']+|.", re.DOTALL)


def problem_lines(problem: Problem) -> list[str]:
    """The lines for stderr: what is wrong and where, the line of the file with a caret, then the hint."""
    parts = [str(problem.where)] if problem.where else []
    parts.append(problem.summary)
    if problem.detail:
        parts.append(problem.detail)
    code = f"[{problem.code}]" if problem.code else ""
    lines = [f"jmctl: {problem.severity}{code}: " + printable(": ".join(parts))]
    lines += _excerpt(problem)
    lines.extend(f"jmctl: hint: {printable(line)}" for line in problem.hint.splitlines())
    return lines


def total_line(problems: Sequence[Problem]) -> str:
    """`24 problems in 11 files`; empty for a single problem, and when one of them is in no file."""
    if len(problems) < 2 or not all(problem.where for problem in problems):  # noqa: PLR2004 - one needs no total
        return ""
    files = {problem.where.path for problem in problems if problem.where}
    return f"jmctl: {counted(len(problems), 'problem')} in {counted(len(files), 'file')}"


def problem_json(problem: Problem) -> dict[str, Any]:
    """`code`, `severity`, `summary`, `detail`, `hint`, `path`, `line`, `column`; null where unknown."""
    where = problem.where
    return {
        "code": problem.code or None,
        "severity": problem.severity,
        "summary": problem.summary,
        "detail": problem.detail,
        "hint": problem.hint,
        "path": where.path if where else None,
        "line": where.line if where and where.line else None,
        "column": where.column if where and where.line else None,
    }


def _excerpt(problem: Problem) -> Iterator[str]:
    where, text = problem.where, problem.excerpt.rstrip()
    if where is None or not text.strip():
        return
    column = min(where.column - 1, len(text))
    start = max(0, column - _BEFORE) if len(text) > _WIDTH else 0
    head, tail = ("…" if start else ""), ("…" if len(text) > start + _WIDTH else "")
    window = text[start : start + _WIDTH]
    token = match.group() if (match := _TOKEN.match(window, column - start)) else " "
    before = cells(head + printable(window[: column - start]))
    number = str(where.line)
    yield f"  {number} | {head}{printable(window)}{tail}"
    yield f"  {' ' * len(number)} | {' ' * before}{'^' * max(1, cells(printable(token)))}"
