"""What commands share: options, opening the project, running a use case, printing results and talk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from reconciler.cli.write import write

if TYPE_CHECKING:
    from reconciler.engine.project import Project
    from reconciler.events import Event
    from reconciler.views.plan_review import Heading

MOST_WARNINGS = 10  # of the manifests that a plan or an apply shows before its changes
_T = TypeVar("_T")
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


def json_file(file: IO[bytes]) -> Any:
    """The document in `file`; an empty one where it is no JSON, which is then refused as any other wrong one."""
    import orjson

    try:
        return orjson.loads(file.read()) or {}
    except orjson.JSONDecodeError:
        return {}


def print_json(document: Any) -> None:
    """The one JSON document of a command, on stdout."""
    write(json_bytes(document))


def print_json_line(document: Any) -> None:
    """One of the JSON lines of an apply, on stdout."""
    import orjson

    write(orjson.dumps(document))


def say(message: str) -> None:
    """Talk, on stderr; none with --quiet."""
    if not is_quiet():
        write(f"jmctl: {message}", err=True)


def is_quiet() -> bool:
    """Whether --quiet was given."""
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().obj and context.find_root().obj.get("quiet"))


def project_here(notify: Callable[[Event], None] | None = None) -> Project:
    """The project that the global options name, in this process's environment.

    Events go to `notify`, or else to stderr as lines. Raises Misconfigured or Invalid.
    """
    from reconciler.engine.project import open_project

    _forbid_core_dumps()
    options = click.get_current_context().obj
    return open_project(
        options["directory"],
        options["environment"],
        variables=os.environ,
        notify=notify or print_event,
        command=" ".join(["jmctl", *sys.argv[1:]]),
    )


def from_here(path: Path) -> Path:
    """`path` as if the command had been started in the folder of -C."""
    directory: Path = click.get_current_context().obj["directory"]
    return directory / path


def heading_of(project: Project) -> Heading:
    """The first line of a plan of `project`."""
    from reconciler.views.plan_review import Heading

    return Heading(project.config.project, project.config.environment)


def _forbid_core_dumps() -> None:
    """A crash from here on leaves no memory image on the disk, in which tokens and keys would stand."""
    try:
        import resource
    except ImportError:  # there are none on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def print_event(event: Event) -> None:
    """An event as lines on stderr, if there is something to say of it; with --quiet only what must not be missed."""
    from reconciler.views.events_text import event_lines, is_talk

    if is_quiet() and is_talk(event):
        return
    for line in event_lines(event):
        write(line, err=True)


class EventPrinter:
    """Prints events as `print_event` does, but of the warnings in a row only the first ten; `close` counts the rest."""

    def __init__(self) -> None:
        self._warnings = 0

    def __call__(self, event: Event) -> None:
        from reconciler.events import Warned

        if isinstance(event, Warned):
            self._warnings += 1
        else:
            self.close()
        if self._warnings <= MOST_WARNINGS:
            print_event(event)

    def close(self) -> None:
        """Prints how many warnings were left out since the last call; nothing when there were none."""
        left_out, self._warnings = self._warnings - MOST_WARNINGS, 0
        if left_out > 0:
            from reconciler.text.plural import counted

            write(f"jmctl: {counted(left_out, 'more warning')}; all of them: jmctl validate", err=True)


def run(use_case: Coroutine[Any, Any, _T]) -> _T:
    """Runs a use case in an event loop of its own."""
    import asyncio

    import stamina

    # this process is jmctl's own: left alone, stamina logs a line to stderr for each retry
    stamina.instrumentation.set_on_retry_hooks(())
    results: list[_T] = []

    async def keep() -> None:
        # asyncio.run of Python 3.11 and 3.12 builds the repr of what it returns: seconds for a plan of thousands
        results.append(await use_case)

    asyncio.run(keep())
    return results[0]
