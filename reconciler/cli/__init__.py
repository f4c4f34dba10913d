"""The command line: the composition root, which knows everybody and is known by nobody.

A command's module is imported when the command is called, so that `jmctl --version` costs little more than click.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from reconciler import __version__

# In the order of a user's day; the module of that name holds `command`
_COMMANDS: Mapping[str, str] = {
    "init": "start a project: jmctl.yaml, an identity to open secrets with, a first manifest",
    "validate": "check every manifest and explain each mistake at its line",
    "fmt": "put manifests into their usual form; comments, quotes and values stay",
    "show": "the interview as a candidate meets it, from its manifest",
    "plan": "show what would change, and change nothing",
    "apply": "make it so, and record the ids and embed keys",
    "drift": "show what others changed on the service",
    "destroy": "remove every managed interview, as its lifecycle says",
    "resolve": "settle a create whose outcome is unknown",
    "orphans": "list interviews of this project that no state knows",
    "import": "bring an interview that exists under jmctl",
    "state": "look at what jmctl remembers, rename or forget it",
    "output": "give out the id, the link and the embed key of one interview",
    "results": "look at what candidates answered, and to which wording",
    "schema": "print the JSON Schema of manifests, for editors",
    "sandbox": "run and steer the simulated service",
    "completion": "print the completion script for your shell",
}
# Python has a word of its own for this one
_MODULES = {"import": "adopt"}


class _LateGroup(click.Group):
    """Knows its commands by name and one line of help; imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"reconciler.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in _COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        close = get_close_matches(name, _COMMANDS, n=1)
        hint = f"did you mean: jmctl {close[0]}" if close else "see: jmctl --help"
        raise click.UsageError(f"no such command: {name}; {hint}", ctx)


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Run as if started in DIR.",
)
@click.option("--env", "environment", metavar="NAME", envvar="JMCTL_ENV", help="The environment of jmctl.yaml to use.")
@click.version_option(__version__, prog_name="jmctl", message="%(prog)s %(version)s")
@click.pass_context
def root(context: click.Context, directory: Path, environment: str | None) -> None:
    """Interviews as code: YAML manifests in git become JobMojito interviews."""
    context.obj = {"directory": directory, "environment": environment, "format": "human"}


def main() -> int:
    """Runs jmctl and gives its exit code. The only place that catches."""
    arguments = sys.argv[1:]
    try:
        with root.make_context("jmctl", arguments) as context:
            if "NO_COLOR" in os.environ:
                context.color = False
            value = root.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except BaseException as error:  # noqa: BLE001 - every end has its words and its exit code
        from reconciler.cli.ending import end

        return end(error, arguments)
    return value if isinstance(value, int) else 0
