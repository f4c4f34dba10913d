"""age plugins: programs age-plugin-NAME that seal to or open with keys of other forms, such as hardware tokens.

They are run without a terminal: a plugin that asks for something gets no answer. Never run to check a configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyrage

from reconciler.errors import Misconfigured


class _NoAnswers:
    """What a plugin may ask of a user, all of it unanswered."""

    def display_message(self, _message: str) -> None:
        """A plugin's message; shown nowhere, since nothing below the command line prints."""

    def confirm(self, _message: str, _yes: str, _no: str | None) -> bool | None:
        return None

    def request_public_string(self, _description: str) -> str | None:
        return None

    def request_passphrase(self, _description: str) -> str | None:
        return None


def recipient_plugins(recipients: Iterable[Any]) -> list[Any]:
    """`recipients` with those of plugins replaced by the plugins that seal to them.

    Raises Misconfigured when a plugin is not installed.
    """

    def start(name: str, keys: list[Any]) -> Any:
        return pyrage.plugin.RecipientPluginV1(name, keys, [], _NoAnswers())

    return _with_plugins(recipients, pyrage.plugin.Recipient, start)


def identity_plugins(identities: Iterable[Any]) -> list[Any]:
    """`identities` with those of plugins replaced by the plugins that open with them. Raises as `recipient_plugins`."""

    def start(name: str, keys: list[Any]) -> Any:
        return pyrage.plugin.IdentityPluginV1(name, keys, _NoAnswers())

    return _with_plugins(identities, pyrage.plugin.Identity, start)


def _with_plugins(keys: Iterable[Any], kind: type[Any], start: Callable[[str, list[Any]], Any]) -> list[Any]:
    native: list[Any] = []
    by_plugin: dict[str, list[Any]] = {}
    for key in keys:
        if isinstance(key, kind):
            by_plugin.setdefault(key.plugin(), []).append(key)
        else:
            native.append(key)
    for name, group in by_plugin.items():
        try:
            native.append(start(name, group))
        except (pyrage.EncryptError, pyrage.DecryptError):
            raise Misconfigured(
                "an age plugin is missing",
                f"age-plugin-{name} is not on the PATH",
                hint=f"install age-plugin-{name}, or use an age1…, ssh-ed25519 … or ssh-rsa … key",
            ) from None
    return native
