"""A plan as JUnit XML: one test for each manifest and refusal, so that code hosts show what newly fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from reconciler.errors import Problem
from reconciler.text.sanitize import printable


def junit(paths: Iterable[str], problems: Sequence[Problem]) -> str:
    """The document for the manifests at `paths`; each error is a failure, warnings are its output."""
    named: dict[str, list[Problem]] = {path: [] for path in sorted(set(paths))}
    for problem in problems:
        named.setdefault(problem.where.path if problem.where else "plan", []).append(problem)
    cases = [_case(path, found) for path, found in named.items()]
    failures = sum("<failure" in case for case in cases)
    head = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="jmctl" {head}>']
    lines += [f'  <testsuite name="jmctl" {head}>', *cases, "  </testsuite>", "</testsuites>"]
    return "\n".join(lines) + "\n"


def _case(path: str, problems: Sequence[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    inside = []
    if errors:
        text = "\n".join(map(_text, errors))
        inside.append(
            f"      <failure type={_attribute(errors[0].code)} message={_attribute(errors[0].summary)}>"
            f"{escape(text)}</failure>"
        )
    if warnings:
        inside.append(f"      <system-out>{escape(chr(10).join(map(_text, warnings)))}</system-out>")
    head = f'    <testcase classname="jmctl" name={_attribute(path)}'
    return "\n".join([f"{head}>", *inside, "    </testcase>"]) if inside else f"{head}/>"


def _text(problem: Problem) -> str:
    parts = [str(problem.where or ""), problem.summary, problem.detail]
    hint = f"\nhint: {problem.hint}" if problem.hint else ""
    return printable(": ".join(part for part in parts if part) + hint, keep_newlines=True)


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
