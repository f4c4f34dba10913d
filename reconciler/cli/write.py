"""The one writer for all that jmctl prints: secrets are masked, and no line of a CI job's log is a command.

Control characters are the views' to escape, since only they know which line breaks are theirs.
"""

from __future__ import annotations

import os

import click

from reconciler.secret import redacted
from reconciler.text.ci_commands import is_ci, json_without_commands, without_commands


def write(content: str | bytes = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text, or JSON as bytes, to stdout or with `err` to stderr."""
    is_json = isinstance(content, bytes)
    text = redacted(content.decode("utf-8", "replace") if isinstance(content, bytes) else content)
    if is_ci(os.environ):
        # colours between the characters of a marker would hide it, and are taken out again on the way to a log
        text = click.unstyle(text)
        text = json_without_commands(text) if is_json else without_commands(text)
    click.echo(text, err=err, nl=nl)


def write_revealed(content: str | bytes) -> None:
    """Print to stdout what the user asked to see with --reveal: secrets in clear, and commands that mask them."""
    click.echo(content)


def write_commands(line: str) -> None:
    """Print to stderr a command that the log of a CI job shall obey, such as an annotation; its texts are escaped."""
    click.echo(redacted(line), err=True)
