"""Workflow commands of GitHub Actions that annotate a file's lines: the worst first, ten at most.

GitHub shows ten of each kind for a step and drops the rest without a word, so the last one says how many more there
are. Percent signs, line breaks, and in properties colons and commas, are escaped as GitHub's runner expects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.errors import Problem
from reconciler.text.plural import counted
from reconciler.text.sanitize import printable

MOST = 10
_RANK = {"error": 0, "warning": 1}


def annotation_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """One line each."""
    worst = sorted(problems, key=lambda problem: (_RANK[problem.severity], problem.where is None))
    kept = worst if len(worst) <= MOST else worst[: MOST - 1]
    yield from map(_annotation, kept)
    if rest := len(worst) - len(kept):
        yield f"::notice title=jmctl::and {counted(rest, 'more problem')}, see the log of this step"


def _annotation(problem: Problem) -> str:
    where = problem.where
    properties = {"file": where.path if where else "", "line": "", "col": ""}
    if where and where.line:
        properties |= {"line": str(where.line), "col": str(where.column)}
    properties["title"] = f"{problem.code} {problem.summary}".strip()
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    parts = [problem.summary, problem.detail] + ([f"hint: {problem.hint}"] if problem.hint else [])
    return f"::{problem.severity} {listed}::{_data(': '.join(part for part in parts[:2] if part), *parts[2:])}"


def _data(*lines: str) -> str:
    """Text after `::`; what people wrote is sanitized, and its line breaks cannot begin a command."""
    text = "\n".join(printable(line, keep_newlines=True) for line in lines)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
