"""`${name}` in the string values of a document, replaced by the variables of an environment.

A value that is nothing but `${name}` becomes the variable's value with its type; inside a longer text a number or flag
is written as YAML writes it. `$${` stands for `${`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.compose.context import Context
from reconciler.errors import Problem, Where
from reconciler.text.nearest import nearest
from reconciler.text.quote import tick
from reconciler.yaml.document import Document, Path

SIGN = "${"
# an escaped sign, a variable, or a sign that begins neither
_PART = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_SECTIONS = ("spec", "questions", "texts")


def placeholders(text: str) -> list[str]:
    """The names of the variables in `text`, sorted, as often as they stand there."""
    return sorted(match[1] for match in _PART.finditer(text) if match[1] is not None)


def escaped(text: str) -> str:
    """`text` as a manifest writes it, so that no variable is read into it."""
    return text.replace(SIGN, "$${")


def substituted(document: Document, lines: Sequence[str], context: Context) -> tuple[Document, list[Problem]]:
    """`document` with its variables replaced, and every one that has no value; `lines` are those of its file.

    The part for another environment gets the values of that one.
    """
    if not isinstance(document.value, dict):
        return document, []
    work = _Substitution(document, lines, context)
    value = dict(document.value)
    for section in _SECTIONS:
        if section in value:
            value[section] = work.replaced(value[section], (section,), context.environment)
    parts = value.get("environments")
    if isinstance(parts, dict):
        value["environments"] = {
            name: work.replaced(part, ("environments", name), name) for name, part in parts.items()
        }
    return (replace(document, value=value) if work.found else document), work.problems


@dataclass(slots=True)
class _Substitution:
    """One document's replacements, and what is wrong with them."""

    document: Document
    lines: Sequence[str]
    context: Context
    problems: list[Problem] = field(default_factory=list)
    found: bool = False

    def replaced(self, value: Any, path: Path, environment: str) -> Any:
        if isinstance(value, dict):
            return {key: self.replaced(inner, (*path, key), environment) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.replaced(inner, (*path, index), environment) for index, inner in enumerate(value)]
        return self.text(value, path, environment) if isinstance(value, str) and SIGN in value else value

    def text(self, text: str, path: Path, environment: str) -> Any:
        self.found = True
        whole = _PART.fullmatch(text)
        if whole and whole[1] is not None:
            return self.value(whole, path, environment)
        return _PART.sub(lambda match: _written(self.value(match, path, environment)), text)

    def value(self, match: re.Match[str], path: Path, environment: str) -> Any:
        if match.group() == "$${":
            return SIGN
        name = match[1]
        if name is None or name not in self.context.types:
            known = self.context.types
            meant = nearest(name or "", known)
            hint = f"did you mean `${{{meant}}}`?" if meant else "declare it under `variables` in jmctl.yaml"
            hint += f"; write `$${{{name or ''}` for the text itself"
            detail = f"{tick(match.group())} is not declared in jmctl.yaml"
            self.problems.append(Problem("unknown variable", detail, hint, self.place(path, match.group())))
        elif name not in self.context.values.get(environment, {}):
            detail = f"`{name}` has no value in the environment {tick(environment)}"
            hint = f"set `variables.{name}` under `environments.{environment}` in jmctl.yaml"
            self.problems.append(Problem("variable without a value", detail, hint, self.place(path, match.group())))
        else:
            return self.context.values[environment][name]
        return match.group()

    def place(self, path: Path, text: str) -> Where:
        """Line and column of `text`, at or below the place of the value at `path`."""
        where = self.document.at(*path)
        column = where.column - 1
        for number in range(max(where.line, 1), len(self.lines) + 1):
            if (at := self.lines[number - 1].find(text, column)) >= 0:
                return Where(where.path, number, at + 1)
            column = 0
        return where


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
