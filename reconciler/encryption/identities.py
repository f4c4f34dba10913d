"""Private keys in files of the user: where they are looked for, who may read them, what they hold."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
import pyrage

from reconciler.atomic_file import PRIVATE, create_file
from reconciler.encryption.plugins import identity_plugins
from reconciler.errors import Misconfigured, Where

_OTHERS = 0o077


def identity_file() -> Path:
    """Where the user's own identity lives when neither --identity nor JMCTL_IDENTITY names one."""
    return platformdirs.user_config_path("jmctl") / "identity.txt"


def find_identity_file(named: Path | None, variables: Mapping[str, str]) -> Path:
    """`named`, else the file of JMCTL_IDENTITY in `variables`, else `identity_file()`; it need not exist."""
    variable = variables.get("JMCTL_IDENTITY")
    return named or (Path(variable) if variable else identity_file())


def create_identity(path: Path) -> str:
    """Makes a new identity at `path`, readable by its owner only, and returns its recipient. Never overwrites."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_file(path, f"# recipient: {recipient}\n{identity}\n".encode("ascii"), mode=PRIVATE)
    return recipient


def read_identities(path: Path) -> list[Any]:
    """The identities in `path`: age secret keys, one a line, or one unencrypted OpenSSH private key.

    Raises Misconfigured, without repeating a byte of the file, when it cannot be read, and, as ssh does, when it is the
    user's own and others can read it.
    """
    where = Where(str(path))
    try:
        with path.open("rb") as file:
            _check_private(os.fstat(file.fileno()), where)
            data = file.read()
    except OSError as error:
        raise Misconfigured(
            "no identity to open secrets with",
            str(error.strerror),
            hint="name a private key: --identity FILE",
            where=where,
        ) from None
    try:
        if b"PRIVATE KEY-----" in data:
            return [pyrage.ssh.Identity.from_buffer(data)]
        lines = [line.strip() for line in data.decode("ascii").splitlines()]
        identities = [_parsed(line) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        identities = []
    if not identities:
        raise Misconfigured(
            "not an identity file",
            "expected lines AGE-SECRET-KEY-1… or an OpenSSH private key without a passphrase",
            hint="name a private key: --identity FILE",
            where=where,
        )
    return identity_plugins(identities)


def recipients_of(path: Path) -> tuple[str, ...]:
    """The public keys of the age identities in `path`."""
    return tuple(str(identity.to_public()) for identity in read_identities(path) if hasattr(identity, "to_public"))


def _parsed(line: str) -> Any:
    plugin = line.upper().startswith("AGE-PLUGIN-")
    return (pyrage.plugin if plugin else pyrage.x25519).Identity.from_str(line)


def _check_private(status: os.stat_result, where: Where) -> None:
    own = stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()
    if own and status.st_mode & _OTHERS:
        raise Misconfigured(
            "others can read the private key",
            f"its mode is {stat.S_IMODE(status.st_mode):04o}",
            hint=f"chmod 600 {where.path}",
            where=where,
        )
