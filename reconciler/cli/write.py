"""The one writer for all that jmctl prints: secrets are masked, and no line of a CI job's log is a command.

Control characters are the views' to escape, since only they know which line breaks are theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import click

from reconciler.secret import redacted


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


_SYSTEMS = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "TF_BUILD")
_HASHES = re.compile(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)
_COLONS = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def is_ci(variables: Mapping[str, str]) -> bool:
    """Whether the output of this process is likely to be the log of a CI job."""
    return any(variables.get(name) for name in _SYSTEMS)


def without_commands(text: str) -> str:
    """`text` that no CI system obeys: a space stands in each marker."""
    if "##" in text:
        text = _HASHES.sub("# #", text)
    return _COLONS.sub(r"\1: ", text) if "::" in text else text


def json_without_commands(text: str) -> str:
    r"""JSON that no CI system obeys and that means the same: `#` is written as `\u0023` in each marker.

    Markers stand in strings only, and no line of JSON begins with a colon.
    """
    return _HASHES.sub(r"#\\u0023", text) if "##" in text else text
