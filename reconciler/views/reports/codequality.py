"""Problems as GitLab's code quality report: an array that GitLab compares by fingerprint with the target branch.

GitLab knows a finding again by its fingerprint, so the line is not part of it: text above it may move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reconciler.canonical_json import digest
from reconciler.errors import Problem
from reconciler.text.sanitize import printable

_SEVERITIES = {"error": "critical", "warning": "minor"}


def codequality(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """One entry a problem; those that no file causes stand at jmctl.yaml."""
    seen: Counter[tuple[str, str, str]] = Counter()
    entries = []
    for problem in problems:
        path = problem.where.path if problem.where else "jmctl.yaml"
        key = (path, problem.summary, problem.detail)
        seen[key] += 1
        text = ": ".join(part for part in (problem.summary, problem.detail) if part)
        entries.append(
            {
                "description": printable(text),
                "check_name": problem.code or "jmctl",
                "fingerprint": digest([*key, seen[key]]),
                "severity": _SEVERITIES[problem.severity],
                "location": {"path": path, "lines": {"begin": max(problem.where.line, 1) if problem.where else 1}},
            }
        )
    return entries
