"""Options that several commands share: a result goes to stdout as text or as one document, talk to stderr."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

TYPES = ("interview", "coaching", "assessment")  # those that the service lists and jmctl can manage

_F = TypeVar("_F", bound=Callable[..., Any])


def format_option(*formats: str) -> Callable[[_F], _F]:
    """`--format`, of which the first is the default; without arguments human or json."""
    choices = formats or ("human", "json")
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to print the result.",
    )


def identity_option(function: _F) -> _F:
    """`--identity FILE`, the private key that opens sealed secrets."""
    return click.option(
        "--identity",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The private key that opens secrets. Default: JMCTL_IDENTITY, then the user's configuration folder.",
    )(function)


def json_bytes(document: Any) -> bytes:
    """`document` as indented JSON."""
    import orjson

    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def print_json(document: Any) -> None:
    """The one JSON document of a command, on stdout."""
    click.echo(json_bytes(document))


def print_json_line(document: Any) -> None:
    """One of the JSON lines of an apply, on stdout."""
    import orjson

    click.echo(orjson.dumps(document))


def say(message: str) -> None:
    """Talk, on stderr."""
    click.echo(f"jmctl: {message}", err=True)
