"""The lines that problems are about, from the files of the project that were read; never from a file outside of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from reconciler.errors import Problem
from reconciler.project.config_checks import secret
from reconciler.project.files import read

# line breaks of YAML
_BREAK = re.compile(r"\r\n|\r|\n")
SECRET = "secret in the configuration"  # noqa: S105 - a title
# names whose values may be secrets that no check recognises
_DISCREET = re.compile(
    r"(token|secret|passw|credential|api_?key|signing_?key|private_?key|endpoint|embed_url)[\w.-]*[\"']?\s*:",
    re.IGNORECASE,
)


def with_excerpts(problems: Iterable[Problem], root: Path, files: Mapping[str, str]) -> list[Problem]:
    """The problems with their lines, where `files` gives the path to open for each path in a place.

    A file that a link leads to outside of `root`, a file with a secret in it, and a file that cannot be read give none.
    """
    problems = list(problems)
    without = {problem.where.path for problem in problems if problem.where and problem.summary == SECRET}
    lines: dict[str, list[str]] = {}
    found = []
    for problem in problems:
        where = problem.where
        if where is None or not where.line or where.path in without or where.path not in files:
            found.append(problem)
            continue
        if where.path not in lines:
            lines[where.path] = _lines(files[where.path], where.path, root)
        known = lines[where.path]
        line = known[where.line - 1] if where.line <= len(known) else ""
        found.append(problem if _may_be_secret(line) else replace(problem, excerpt=line))
    return found


def _may_be_secret(line: str) -> bool:
    return bool(_DISCREET.search(line)) or secret(line.encode("utf-8", "replace"), "") is not None


def _lines(path: str, shown: str, root: Path) -> list[str]:
    inside = os.path.realpath(root)
    if os.path.commonpath((inside, os.path.realpath(path))) != inside:
        return []
    data = read(path, shown)
    return [] if isinstance(data, Problem) else _BREAK.split(data.decode(errors="replace").removeprefix("\ufeff"))
