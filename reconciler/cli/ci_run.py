"""Run an ordinary command of jmctl in this process, for a command that is composed of others; say which."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click

from reconciler.cli import run_arguments
from reconciler.cli.options import say
from reconciler.text.sanitize import printable


def run_command(*words: str) -> int:
    """Prints `jmctl WORDS`, runs it with the global options of now, and gives its exit code; errors are printed."""
    root = click.get_current_context().find_root()
    options = _global_options(root.obj)
    say(f"running: {printable(shlex.join(['jmctl', *options, *words]))}")
    return run_arguments([*options, *words])


def _global_options(values: dict[str, object]) -> Sequence[str]:
    directory, environment = str(values["directory"]), values["environment"]
    return [*(["-C", directory] if directory != "." else []), *(["--env", str(environment)] if environment else [])]
