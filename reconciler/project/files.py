"""Which files the patterns of jmctl.yaml mean, and their bytes. Regular files ending in .yaml or .yml only."""

# a Path costs more than looking at the file, and there are thousands
# ruff: noqa: PTH112, PTH110, PTH116, PTH118, PTH123

from __future__ import annotations

import os
import stat
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.errors import Problem, Where
from reconciler.project.boundary import is_within, leaves, repository_of
from reconciler.project.patterns import MOST_ENTRIES, Budget, TooMany, matches
from reconciler.text.paths import as_typed
from reconciler.text.quote import tick
from reconciler.yaml.limits import LARGEST_FILE, too_large

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = (".yaml", ".yml")


def manifest_files(
    root: Path, patterns: Sequence[str], places: Sequence[Where] = ()
) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The files as (path to open, path as the user would type it), sorted; and what is wrong with the patterns."""
    found: set[str] = set()
    problems: list[Problem] = []
    folder, base, repository = str(root), as_typed(root, ""), str(repository_of(root))
    budget = Budget()
    for index, pattern in enumerate(patterns):
        where = places[index] if index < len(places) else Where(as_typed(root, "jmctl.yaml"))
        if leaves(folder, pattern, repository):
            problems.append(_outside(pattern, where))
            continue
        try:
            matched = matches(folder, pattern, budget)
        except TooMany:
            return [], [*problems, _too_many(pattern, where)]
        files = [match for match in matched if match.path.endswith(ENDINGS)]
        if problem := None if files else _nothing(root, pattern, [match.path for match in matched], where):
            problems.append(problem)
        allowed = {os.path.normpath(match.path) for match in files if not match.is_linked}
        linked = {os.path.normpath(match.path) for match in files if match.is_linked}
        problems += [_link_out(os.path.join(base, path)) for path in sorted(linked) if not _may_read(folder, path)]
        found |= allowed | {path for path in linked if _may_read(folder, path)}
    problems += _other_ending(folder, patterns, found, places)
    paths = [os.path.join(folder, file) for file in sorted(found)]
    if base.startswith(".."):
        return [(path, os.path.relpath(path)) for path in paths], problems
    # joining is a tenth of relpath's cost
    return [(path, os.path.normpath(os.path.join(base, path[len(folder) + 1 :]))) for path in paths], problems


def _may_read(folder: str, path: str) -> bool:
    """Whether the link at `path` leads to nothing, or to a manifest of this repository."""
    full = os.path.join(folder, path)
    if not os.path.exists(full):
        return True  # reading it says that it leads nowhere
    return is_within(full, str(repository_of(Path(folder)))) and os.path.realpath(full).endswith(ENDINGS)


def _outside(pattern: str, where: Where) -> Problem:
    hint = "manifests lie in the repository of jmctl.yaml; move them there"
    return Problem("pattern leaves the repository", f"`{pattern}`", hint, where)


def _too_many(pattern: str, where: Where) -> Problem:
    detail = f"`{pattern}` looks at more than {MOST_ENTRIES} files and folders"
    return Problem("pattern too wide", detail, "write a narrower pattern, such as interviews/**/*.yaml", where)


def _link_out(path: str) -> Problem:
    detail = "the link leads out of the repository, or to a file that is no manifest"
    return Problem("link is not followed", detail, "replace the link with the file", Where(os.path.normpath(path)))


def read(path: str, shown: str) -> bytes | Problem:
    """The bytes of a file, or why they cannot be had."""
    try:
        # asked before opening: opening a pipe would wait for its other end
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return Problem(
                "not a regular file",
                "a folder, pipe, socket or device",
                "remove it or narrow the pattern",
                Where(shown),
            )
        if status.st_size > LARGEST_FILE:
            return too_large(status.st_size, shown)
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        return Problem("unreadable file", "the link leads nowhere", "correct or remove the link", Where(shown))
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        return Problem("unreadable file", reason, "check who may read the file", Where(shown))


def _nothing(root: Path, pattern: str, matched: list[str], where: Where) -> Problem:
    """Why a pattern gave no manifest: an empty set of manifests never means "remove everything"."""
    hint = "correct `manifests` in jmctl.yaml; to remove every interview use `jmctl destroy`"
    if os.path.isdir(root / pattern):
        example = f"{pattern.rstrip('/')}/**/*.yaml"
        return Problem("pattern names a folder", f"`{pattern}` is a folder", f"write `{example}`", where)
    if not matched and not has_magic(pattern):
        return Problem("file not found", f"`{pattern}` does not exist", hint, where)
    if matched:
        detail = f"`{pattern}` matches no file that ends in .yaml or .yml"
        return Problem("no manifest found", detail, "manifests end in .yaml or .yml", where)
    return Problem("no manifest found", f"`{pattern}` matches no file", hint, where)


def _other_ending(root: str, patterns: Sequence[str], found: set[str], places: Sequence[Where]) -> list[Problem]:
    """Files that end in .yml beside a pattern for .yaml, or the other way round, and are matched by no pattern."""
    problems = []
    for index, pattern in enumerate(patterns):
        ending = next((ending for ending in ENDINGS if pattern.endswith(ending)), "")
        stem = pattern.removesuffix(ending)
        if not ending or not has_magic(stem):
            continue
        other = ENDINGS[1 - ENDINGS.index(ending)]
        if leaves(root, stem, str(repository_of(Path(root)))):
            continue
        others = {os.path.normpath(match.path) for match in matches(root, stem + other, Budget())}
        if missed := sorted(others - found):
            more = f" and {len(missed) - 1} more" if len(missed) > 1 else ""
            detail = f"`{pattern}` does not match {tick(missed[0])}{more}"
            hint = f"rename to *{ending}, or add `{stem}{other}` to `manifests` in jmctl.yaml"
            where = places[index] if index < len(places) else Where(as_typed(Path(root), "jmctl.yaml"))
            problems.append(Problem("file with another ending", detail, hint, where, "warning"))
    return problems
