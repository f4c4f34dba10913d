"""Problems as SARIF 2.1.0, which code scanning reads; the rules are the rows of the problem table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reconciler.canonical_json import digest
from reconciler.errors import Problem
from reconciler.problem_table import ProblemRow
from reconciler.text.sanitize import printable
from reconciler.views.problem_page import sarif_rules

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NOWHERE = "jmctl.yaml"  # code scanning takes no result without a file


def sarif(problems: Sequence[Problem], rows: Mapping[str, ProblemRow], version: str) -> dict[str, Any]:
    """One run of jmctl `version`."""
    places = {code: index for index, code in enumerate(rows)}
    driver = {"name": "jmctl", "version": version, "rules": sarif_rules(rows.values())}
    results = [_result(problem, places) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem, places: Mapping[str, int]) -> dict[str, Any]:
    where = problem.where
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(where.path if where else _NOWHERE)}}
    if where and where.line:
        place["region"] = {"startLine": where.line, "startColumn": where.column}
    parts = [problem.summary, problem.detail, f"hint: {problem.hint}" if problem.hint else ""]
    names = [problem.summary, problem.detail, where.path if where else ""]
    result: dict[str, Any] = {
        "level": problem.severity,
        "message": {"text": printable("\n".join(part for part in parts if part), keep_newlines=True)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"jmctl/v1": digest(names)},
    }
    if problem.code in places:
        result |= {"ruleId": problem.code, "ruleIndex": places[problem.code]}
    return result
