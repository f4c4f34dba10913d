"""Errors and exit codes: print every error in the requested form, end with the published exit code."""

from __future__ import annotations

import os
import sys
from itertools import pairwise

import click

from reconciler.cli.exit_codes import ExitCode, of_error
from reconciler.cli.write import write
from reconciler.errors import JmctlError, Problem


def end(error: BaseException, arguments: list[str]) -> int:  # noqa: PLR0911 - one return an ending, side by side
    """Tells `error` and gives the exit code that goes with it."""
    as_json = _wants_json(arguments)
    match error:
        case click.Abort() | KeyboardInterrupt():
            write("jmctl: interrupted", err=True)
            return ExitCode.INTERRUPTED
        case click.exceptions.NoArgsIsHelpError():
            write(error.format_message(), err=True)
            return ExitCode.USAGE
        case click.ClickException():
            _tell([_misuse(error)], as_json=as_json)
            return ExitCode.USAGE
        case JmctlError():
            _tell(list(error.problems), as_json=as_json)
            return of_error(error)
        case BrokenPipeError():
            # The reader of our output went away: Python's own flush at exit must not meet the closed pipe again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.ERROR
        case SystemExit():
            return error.code if isinstance(error.code, int) else ExitCode.ERROR
        case _:
            return _bug(error, as_json=as_json)


def _wants_json(arguments: list[str]) -> bool:
    """Read from the raw words, because an error may come before they are parsed."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


def _misuse(error: click.ClickException) -> Problem:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "jmctl"
    message = error.format_message()
    return Problem("wrong usage", message[:1].lower() + message[1:].rstrip("."), hint=f"see: {path} --help")


def _tell(problems: list[Problem], *, as_json: bool) -> None:
    from reconciler.views.problems import problem_json, problem_lines, total_line

    if as_json:
        import orjson

        write(orjson.dumps({"error": problem_json(problems[0]), "problems": [*map(problem_json, problems)]}))
        return
    for problem in problems:
        for line in problem_lines(problem):
            write(line, err=True)
    if total := total_line(problems):
        write(total, err=True)


def _bug(error: BaseException, *, as_json: bool) -> int:
    import traceback

    from reconciler import __version__

    write("".join(traceback.format_exception(error)), err=True)
    detail = f"jmctl {__version__} met something that it does not expect; nothing is lost: run jmctl plan to go on"
    _tell(
        [Problem("this is a bug in jmctl", detail, hint="report it with the lines above; they hold no secret")],
        as_json=as_json,
    )
    return ExitCode.ERROR
