"""A group of commands that are imported when they are called, so that none pays for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from reconciler.text.nearest import did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Late:
    """Where a command is, as a module of this package and a name in it, and the line that help shows."""

    help: str
    module: str
    name: str = "command"


class LateGroup(click.Group):
    """Knows `late` commands by name and one line of help; imports one when it is needed."""

    def __init__(self, *args: Any, late: Mapping[str, Late], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._late, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        late = self._late.get(cmd_name)
        if late is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(f"reconciler.cli.{late.module}"), late.name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands with their line of help, and options; imports no command of `late`."""
        from click.shell_completion import CompletionItem

        lines = {name: late.help for name, late in self._late.items()}
        lines |= {name: self.commands[name].get_short_help_str() for name in super().list_commands(ctx)}
        commands = [CompletionItem(name, help=line) for name, line in lines.items() if name.startswith(incomplete)]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [(name, self.commands[name].get_short_help_str(80)) for name in super().list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([*((name, late.help) for name, late in self._late.items()), *own])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, known = args[0], self.list_commands(ctx)
        if name in known or name.startswith("-"):
            return super().resolve_command(ctx, args)
        path = ctx.command_path
        meant = did_you_mean(name, known, before=f"{path} ")
        raise click.UsageError(f"no such command: {name}" + (f"; {meant}" if meant else ""), ctx)
