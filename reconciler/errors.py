"""Where a problem is, what it is, and the one tree of errors. Imports nothing but the problem table, late.

    JmctlError         something stands between the user and the result
    ├── Invalid        files must be corrected; carries every problem of the stage
    ├── Misconfigured  jmctl.yaml, the environment or the machine must be set up
    ├── Damaged        a state file cannot be trusted
    ├── Unanswered     the service could not be asked
    ├── Locked         another jmctl is at work
    ├── Refused        a guard, a protection or a stale plan says no
    ├── NotFound       a name, an id or a commit stands for nothing that is there
    └── Misused        the command line must be typed differently

Only the command line catches these, and gives each its exit code (`cli/exit_codes.py`); anything else that is raised is
a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file: `path` as the user would type it, `line` and `column` from 1; 0 means the file as a whole."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: `summary` is recognisable (no user text), `detail` is what was found, `hint` what to do."""

    summary: str
    detail: str = ""
    hint: str = ""
    where: Where | None = None
    severity: Literal["error", "warning"] = "error"
    excerpt: str = field(default="", compare=False)

    @property
    def code(self) -> str:
        """The code of the summary in the problem table, such as `JM0203`."""
        from reconciler.problem_table import code_of

        return code_of(self.summary)


class JmctlError(Exception):
    """What a user can put right: a summary without user text, a detail, and hints that name the next command."""

    def __init__(self, summary: str, detail: str = "", *, hint: str = "", where: Where | None = None) -> None:
        super().__init__(summary)
        self.problems: tuple[Problem, ...] = (Problem(summary, detail, hint, where),)

    @classmethod
    def because(cls, problems: Sequence[Problem]) -> Self:
        """One error for several problems."""
        error = cls(problems[0].summary)
        error.problems = tuple(problems)
        return error


class Invalid(JmctlError):
    """Files that must be corrected; every problem of the stage in one go."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("invalid input")
        self.problems = tuple(problems)


class Misconfigured(JmctlError):
    """jmctl.yaml, the environment or the machine must be set up first."""


class Damaged(JmctlError):
    """A state or journal that cannot be read, is newer than this jmctl or belongs to another lineage."""


class Unanswered(JmctlError):
    """The service could not be asked: no network, no token, or it refused to answer a read."""


class Locked(JmctlError):
    """Another jmctl holds the state."""


class Refused(JmctlError):
    """A guard, a protection or a stale plan says no; nothing was sent."""


class NotFound(JmctlError):
    """A name, an id or a commit stands for nothing that is there."""


class Misused(JmctlError):
    """The command line must be typed differently."""
