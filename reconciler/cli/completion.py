"""jmctl completion: the script that teaches a shell to complete jmctl."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_INSTALL = {
    "bash": 'eval "$(jmctl completion bash)"  # in ~/.bashrc',
    "zsh": 'eval "$(jmctl completion zsh)"  # in ~/.zshrc',
    "fish": "jmctl completion fish | source  # in ~/.config/fish/config.fish",
}


@click.command(epilog="Install it with one of: " + "; ".join(_INSTALL.values()))
@click.argument("shell", type=click.Choice(sorted(_INSTALL)))
def command(*, shell: str) -> None:
    """Print the completion script for SHELL."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click cannot complete for {shell}")
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "jmctl", "_JMCTL_COMPLETE").source())
