"""The command that prints the token, named or approved outside the branch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import Misconfigured, Refused, Where
from reconciler.trust.pins import TRUST_VARIABLE, Command, is_pinned, user_folder

COMMAND_VARIABLE = "JMCTL_TOKEN_COMMAND"
FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Named:
    """The command that a jmctl.yaml names at `where`, for the place `place`; `digest` is what an approval pins."""

    command: Command
    digest: str
    place: str
    where: Where


def trusted_command(named: Named, variables: Mapping[str, str]) -> Command:
    """The command to run for a token, or None when there is none.

    JMCTL_TOKEN_COMMAND of `variables` comes first, then `token_command` in config.toml of the user's configuration
    folder, then the one that is `named` by jmctl.yaml, if the user approved it. Raises Refused when they did not, and
    Misconfigured when config.toml cannot be read.
    """
    if own := variables.get(COMMAND_VARIABLE, "").strip():
        return own
    if configured := _configured(user_folder() / FILE):
        return configured
    if not named.command or is_pinned(named.place, named.digest, variables):
        return named.command
    raise Refused(
        "the token_command of jmctl.yaml is not trusted",
        "it comes with the branch that is checked out, and would run as you",
        hint=f"read it, then: jmctl trust; in CI set {COMMAND_VARIABLE}, or {TRUST_VARIABLE}={named.digest}",
        where=named.where,
    )


def _configured(path: Path) -> Command:
    where = Where(str(path))
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise Misconfigured("the user's configuration cannot be read", hint="correct it as TOML", where=where) from None
    command = document.get("token_command")
    if command is None or (isinstance(command, str) and command.strip()):
        return command
    if isinstance(command, list) and command and all(isinstance(word, str) for word in command):
        return tuple(command)
    hint = 'write it as one text: token_command = "pass show jobmojito"'
    raise Misconfigured(
        "the user's configuration cannot be read", "token_command is no command", hint=hint, where=where
    )
