"""jmctl completion: print the completion script of a shell, and answer the questions that this script asks."""

from __future__ import annotations

from collections.abc import Iterator

import click
from click.shell_completion import (
    BashComplete,
    FishComplete,
    ShellComplete,
    ZshComplete,
)

from reconciler.cli.write import write

VARIABLE = "_JMCTL_COMPLETE"
"""Set by the completion scripts: `bash_complete` and its like ask for suggestions."""

_INSTALL = {
    "bash": 'eval "$(jmctl completion bash)"  # in ~/.bashrc',
    "zsh": 'eval "$(jmctl completion zsh)"  # in ~/.zshrc, after compinit',
    "fish": "jmctl completion fish | source  # in ~/.config/fish/config.fish",
}


class _Bash(BashComplete):
    """bash splits `--env=prod` into three words; click expects an option and its value."""

    def get_completion_args(self) -> tuple[list[str], str]:
        arguments, incomplete = super().get_completion_args()
        return list(_without_equals_signs(arguments)), incomplete


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "fish": FishComplete, "zsh": ZshComplete}


@click.command(epilog="Install it with one of: " + "; ".join(_INSTALL.values()))
@click.argument("shell", type=click.Choice(sorted(_INSTALL)))
def command(*, shell: str) -> None:
    """Print the completion script for SHELL."""
    write(_shell(shell, click.get_current_context().find_root().command).source(), nl=False)


def suggest(root: click.Command, instruction: str) -> str:
    """Suggestions for the command line that the shell put into COMP_WORDS, in the form its script reads."""
    shell, _, request = instruction.partition("_")
    if shell not in _SHELLS or request != "complete":
        raise click.UsageError(f"{VARIABLE} is set by the scripts of jmctl completion, not by hand")
    return _shell(shell, root).complete()


def _shell(name: str, root: click.Command) -> ShellComplete:
    return _SHELLS[name](root, {}, "jmctl", VARIABLE)


def _without_equals_signs(arguments: list[str]) -> Iterator[str]:
    for position, argument in enumerate(arguments):
        if argument != "=" or not position or not arguments[position - 1].startswith("--"):
            yield argument
