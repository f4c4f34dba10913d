"""The published exit codes, and how an error or an apply leads to one. No other module names a code."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from reconciler.errors import JmctlError, Locked, Misused, Refused

if TYPE_CHECKING:
    from reconciler.engine.apply import ApplyReport
    from reconciler.plan.outcome import Result


class ExitCode(IntEnum):
    """What jmctl ends with."""

    DONE = 0  # done, or nothing to do
    ERROR = 1  # nothing was done; also: `fmt --check` found unformatted files, `state verify` found faults
    PENDING = 2  # plan --detailed-exitcode, drift, orphans and results check: there is a difference
    PARTIAL = 3  # applied in part
    UNKNOWN = 4  # the outcome of a create is unknown
    LOCKED = 5  # another jmctl holds the state
    REFUSED = 6  # a guard, a protection or a stale plan
    USAGE = 64  # the command line must be typed differently
    INTERRUPTED = 130  # by a signal; the state is saved


MEANINGS: Final[dict[ExitCode, str]] = {
    ExitCode.DONE: "done, or nothing to do",
    ExitCode.ERROR: "error: nothing was done; also what `validate`, `fmt --check`, `state verify` and `doctor` found",
    ExitCode.PENDING: "a difference: `plan --detailed-exitcode`, `drift`, `orphans`, `results check`",
    ExitCode.PARTIAL: "applied in part",
    ExitCode.UNKNOWN: "an outcome is unknown; the next run settles it where it can be certain",
    ExitCode.LOCKED: "another jmctl holds the state",
    ExitCode.REFUSED: "refused: a guard, a protection, a stale plan, another account, an older checkout, no approval",
    ExitCode.USAGE: "wrong usage: the command line must be typed differently",
    ExitCode.INTERRUPTED: "interrupted by a signal; the state is saved",
}

_ERRORS: dict[type[JmctlError], ExitCode] = {
    Locked: ExitCode.LOCKED,
    Refused: ExitCode.REFUSED,
    Misused: ExitCode.USAGE,
}


def of_error(error: JmctlError) -> ExitCode:
    """The code for an error that ended the command."""
    for kind, code in _ERRORS.items():
        if isinstance(error, kind):
            return code
    return ExitCode.ERROR


def of_apply(report: ApplyReport) -> ExitCode:
    """The code for what an apply came to."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    code = of_results(report.results)
    return ExitCode.PARTIAL if code is ExitCode.DONE and report.plan.moved else code


def of_results(results: Iterable[Result]) -> ExitCode:
    """UNKNOWN if one is; PARTIAL if something was done and something was not; ERROR if nothing was; else DONE."""
    endings = {result.ending for result in results}
    if "unknown" in endings:
        return ExitCode.UNKNOWN
    if endings & {"failed", "interrupted", "not started"}:
        return ExitCode.PARTIAL if "done" in endings else ExitCode.ERROR
    return ExitCode.DONE
