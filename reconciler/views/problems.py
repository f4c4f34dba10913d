"""Problems as text and JSON: code, place, cause and the next command."""

from __future__ import annotations

from typing import Any

from reconciler.errors import Problem
from reconciler.text.sanitize import printable


def problem_lines(problem: Problem) -> list[str]:
    """The lines for stderr: one that says what is wrong and where, then one per line of the hint."""
    parts = [str(problem.where)] if problem.where else []
    parts.append(problem.summary)
    if problem.detail:
        parts.append(problem.detail)
    code = f"[{problem.code}]" if problem.code else ""
    lines = [f"jmctl: {problem.severity}{code}: " + printable(": ".join(parts))]
    lines.extend(f"jmctl: hint: {printable(line)}" for line in problem.hint.splitlines())
    return lines


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
