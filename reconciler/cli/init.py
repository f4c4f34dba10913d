"""jmctl init: what a new project needs, or what a new colleague needs in an existing one. Never overwrites."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import print_event, project_here, run, say
from reconciler.cli.write import write
from reconciler.engine.first_files import SANDBOX, SERVICE
from reconciler.errors import JmctlError
from reconciler.text.sanitize import printable

if TYPE_CHECKING:
    from reconciler.resources.catalogue import Avatar

_PLACES = {"sandbox": SANDBOX, "jobmojito": SERVICE}


@click.command()
@click.option("--project", metavar="NAME", help="The project's name. Default: that of the folder.")
@click.option(
    "--where", type=click.Choice([*_PLACES]), help="The sandbox, which needs no account, or JobMojito itself."
)
@click.option("--avatar", metavar="NAME", help="Who asks in the first interview: a name of the account's catalogue.")
@click.option(
    "--ci",
    "host",
    type=click.Choice(["github", "gitlab"]),
    help="Write the pipeline of this code host, too. The state of a new project is then kept in git.",
)
def command(*, project: str | None, where: str | None, avatar: str | None, host: str | None) -> None:
    """Start a project here, or join the one that is here.

    On a terminal it asks where the interviews shall be and who asks in the first one; otherwise it asks nothing.
    """
    from reconciler.engine.init_project import init_project, is_new_project, write_first_interview, write_pipeline

    folder: Path = click.get_current_context().obj["directory"]
    is_asking = sys.stdin.isatty() and is_new_project(folder)
    endpoint = _PLACES[where or (_ask_where() if is_asking else "sandbox")]
    is_new = init_project(folder, project, print_event, endpoint, "git" if host else "state")
    if host:
        write_pipeline(folder, host, print_event)
    if is_new:
        chosen = _chosen(avatar) if is_asking or avatar else None
        write_first_interview(folder, chosen, print_event, endpoint)
        if endpoint == SERVICE and chosen is None:
            write("Ready. Next: jmctl login, then jmctl lookup avatars, and write one into interviews/first.yaml")
            return
    write("Ready. Next: jmctl plan")


def _ask_where() -> str:
    """The answer to the first question."""
    write("Where shall the interviews be?", err=True)
    write("  1  sandbox: on this machine, without an account", err=True)
    write("  2  JobMojito: your account", err=True)
    return [*_PLACES][click.prompt("Number", type=click.IntRange(1, len(_PLACES)), default=1, err=True) - 1]


def _chosen(name: str | None) -> Avatar | str | None:
    """The avatar called `name`, or `name` itself where there is none; for None the answer to the second question.

    None when the account cannot be asked yet.
    """
    from reconciler.engine.lookup import look_up, usable

    try:
        avatars = usable(run(look_up(project_here(), "avatars")))
    except JmctlError as error:
        say(f"the avatars cannot be listed yet: {printable(error.problems[0].summary)}")
        return name
    if name:
        same = [avatar for avatar in avatars if avatar.name.casefold() == name.casefold()]
        return same[0] if len(same) == 1 else name
    return _ask_avatar(avatars) if avatars else None


def _ask_avatar(avatars: tuple[Avatar, ...]) -> Avatar:
    """The answer to the second question."""
    write("Who asks in the first interview?", err=True)
    width = max(len(avatar.name) for avatar in avatars)
    for number, avatar in enumerate(avatars, 1):
        line = f"  {number:<2} {avatar.name:<{width}}  {avatar.type:<24} {avatar.language or ''}"
        write(printable(line).rstrip(), err=True)
    return avatars[click.prompt("Number", type=click.IntRange(1, len(avatars)), default=1, err=True) - 1]
