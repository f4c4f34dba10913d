"""The ownership mark that jmctl writes into `code`, by which it knows its own resources on the service again."""

from __future__ import annotations

from typing import Any

MARK = "jmctl:"  # codes that begin so are written by jmctl itself


def mark(project: str, name: str) -> str:
    """What goes into `code` so that a resource whose id was lost can be found again."""
    return f"{MARK}{project}/{name}"


def is_marked(code: Any) -> bool:
    """Whether `code` is some project's mark."""
    return isinstance(code, str) and code.startswith(MARK)


def is_foreign(code: Any, project: str | None) -> bool:
    """Whether `code` is the mark of another project than `project`."""
    return is_marked(code) and not code.startswith(mark(str(project), ""))
