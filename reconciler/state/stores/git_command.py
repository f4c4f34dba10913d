"""Runs git for the state: in a repository of its own, with no hook, no prompt and no protocol that runs a command.

The user's own configuration (credential helpers, proxies, SSH) stays in force; what could make git run something else
or touch another repository does not. git runs in a session of its own, so that Ctrl-C cannot cut a push short, and
without a terminal, so that neither git nor ssh can ask a question.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.errors import Misconfigured
from reconciler.state.stores.cas import Unreachable

SECONDS = 120.0
_MOST_SETTINGS = 1000
PROTOCOLS = "https:http:ssh:file"  # plain http only to this machine: `location` checks the address
# Variables that choose credentials or a certificate; every other GIT_ variable points git at another repository,
# traces to a file or runs a command of the caller's
_KEPT = {
    "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
}  # fmt: skip
_SETTINGS = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("fetch.recurseSubmodules", "no"),
    ("fetch.writeCommitGraph", "false"),
    ("fetch.fsckObjects", "true"),
    ("push.recurseSubmodules", "no"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("push.pushOption", ""),
    ("http.followRedirects", "initial"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """What a git command printed and how it ended."""

    code: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True)
class Git:
    """git in `folder`. `environ` is the process environment as values, `settings` extra (key, value) pairs of config.

    Settings travel in the environment, not in arguments, because they may hold credentials.
    """

    folder: Path
    environ: Mapping[str, str]
    settings: Sequence[tuple[str, str]] = ()
    seconds: float = SECONDS
    _environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_environment", _environment(self.environ, (*self.settings, *_SETTINGS)))

    def run(self, *words: str, data: bytes = b"", extra: Mapping[str, str] | None = None) -> Done:
        """Run `git WORDS` with `data` on its standard input. Raises Misconfigured without git, Unreachable too late."""
        command = ["git", "-C", str(self.folder), *words]
        environment = {**self._environment, **(extra or {})}
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell; every URL and ref stands behind `--`
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            detail = f"git: {error.strerror}"
            raise Misconfigured("git cannot be run", detail, hint="install git, or use another store") from None
        with process:
            try:
                out, err = process.communicate(data, timeout=self.seconds)
            except subprocess.TimeoutExpired:
                with suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                detail = f"git {words[0]} took longer than {self.seconds:.0f} s"
                raise Unreachable("the state's store does not answer", detail, hint="run it again") from None
        return Done(process.returncode, out, err.decode("utf-8", "replace"))


def _environment(environ: Mapping[str, str], settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or name in _KEPT}
    numbered = _given_settings(environ) + list(settings)
    for index, (key, value) in enumerate(numbered):
        kept[f"GIT_CONFIG_KEY_{index}"] = key
        kept[f"GIT_CONFIG_VALUE_{index}"] = value
    return {
        **kept,
        "GIT_CONFIG_COUNT": str(len(numbered)),
        "GIT_ALLOW_PROTOCOL": PROTOCOLS,
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        "LC_ALL": "C",
    }


def _given_settings(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Settings that the environment brings, as CI systems pass credentials; ours come after them and so prevail."""
    count = environ.get("GIT_CONFIG_COUNT", "")
    if not count.isdecimal() or int(count[:6]) > _MOST_SETTINGS:
        return []
    pairs = ((environ.get(f"GIT_CONFIG_KEY_{n}"), environ.get(f"GIT_CONFIG_VALUE_{n}")) for n in range(int(count)))
    return [(key, value) for key, value in pairs if key is not None and value is not None]
