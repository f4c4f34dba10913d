"""Values that the shell offers for arguments and options; pass one as `shell_complete`. Offline, and never an error."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from reconciler.engine.known_names import KnownNames


def environments(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The environments of jmctl.yaml."""
    from reconciler.engine.known_names import known_environments

    return _starting(known_environments(_directory(context), os.environ), incomplete)


def declared_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Interviews that have a manifest."""
    return _unused(context, parameter, incomplete, _names(context).declared)


def recorded_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Interviews in the state."""
    return _unused(context, parameter, incomplete, _names(context).recorded)


def unrecorded_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Interviews that have a manifest and are not in the state."""
    names = _names(context)
    return _unused(context, parameter, incomplete, set(names.declared).difference(names.recorded))


def unsettled_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Interviews whose create has no known outcome."""
    return _unused(context, parameter, incomplete, _names(context).unsettled)


def problem_codes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of problems, each with its title where the shell shows one."""
    from click.shell_completion import CompletionItem

    from reconciler.problem_table import rows

    typed = incomplete.upper()
    return [CompletionItem(code, help=row.title) for code, row in rows().items() if code.startswith(typed)]


def codes_and_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of problems, and interviews that have a manifest."""
    from click.shell_completion import CompletionItem

    names = declared_names(context, parameter, incomplete)
    return [*problem_codes(context, parameter, incomplete), *map(CompletionItem, names)]


def graded_actions(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """The actions that `--approve` may list, comma-separated: those that the list does not contain yet."""
    from reconciler.plan.guards import GRADED

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{value}" for value in _starting(GRADED, last) if value not in before.split(",")]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files and folders, completed by the shell."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _names(context: click.Context) -> KnownNames:
    from reconciler.engine.known_names import known_names

    return known_names(_directory(context), context.find_root().params.get("environment"), os.environ)


def _directory(context: click.Context) -> Path:
    return context.find_root().params.get("directory") or Path()


def _unused(context: click.Context, parameter: click.Parameter, incomplete: str, names: Iterable[str]) -> list[str]:
    """Sorted `names` that start with `incomplete` and are not on the command line yet."""
    given = context.params.get(parameter.name or "")
    used = set(given) if isinstance(given, (list, tuple)) else set()
    return _starting(set(names) - used, incomplete)


def _starting(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
