"""Encrypt to age recipients and decrypt with age identities; pyrage is imported here alone.

Sealing needs public keys only, so CI can add secrets that it cannot read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
import pyrage

from reconciler.atomic_file import PRIVATE, create_file
from reconciler.errors import Misconfigured, Where
from reconciler.secret import Secret


def parse_recipient(text: str, where: Where | None = None) -> Any:
    """The pyrage recipient that `text` (`age1…`, `ssh-ed25519 …`, `ssh-rsa …`) stands for.

    Raises Misconfigured when it is none.
    """
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Misconfigured(
            "not an age recipient",
            f"{text[:24]}…: {error}",
            hint="a recipient is age1…, ssh-ed25519 … or ssh-rsa …",
            where=where,
        ) from None


def seal(secret: Secret, recipients: tuple[str, ...]) -> str:
    """`secret` as an ASCII-armored age file that only the holders of the recipients' private keys can open.

    The ciphertext is random: two seals of one secret differ, so never compare them.
    """
    keys = [parse_recipient(recipient) for recipient in recipients]
    sealed: bytes = pyrage.encrypt(secret.reveal().encode(), keys, armored=True)
    return sealed.decode("ascii")


def open_sealed(sealed: str, identities: list[Any]) -> Secret:
    """What was sealed. Raises Misconfigured when none of `identities` fits."""
    try:
        return Secret(pyrage.decrypt(sealed.encode("ascii"), identities).decode())
    except pyrage.DecryptError:
        raise Misconfigured(
            "no identity opens this secret",
            "it was sealed to other recipients",
            hint="name the right private key: --identity FILE",
        ) from None


def identity_file() -> Path:
    """Where the user's own identity lives when neither --identity nor JMCTL_IDENTITY names one."""
    return platformdirs.user_config_path("jmctl") / "identity.txt"


def create_identity(path: Path) -> str:
    """Makes a new identity at `path`, readable by its owner only, and returns its recipient. Never overwrites."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_file(path, f"# recipient: {recipient}\n{identity}\n".encode("ascii"), mode=PRIVATE)
    return recipient


def find_identities(named: Path | None, variables: Mapping[str, str]) -> list[Any]:
    """The identities in the file `named`, else in that of JMCTL_IDENTITY in `variables`, else in `identity_file()`.

    Raises Misconfigured when that file cannot be read or holds none.
    """
    variable = variables.get("JMCTL_IDENTITY")
    path = named or (Path(variable) if variable else identity_file())
    return read_identities(path)


def read_identities(path: Path) -> list[Any]:
    """The identities in `path`: age secret keys, one a line, or one unencrypted OpenSSH private key.

    Raises Misconfigured, without repeating a byte of the file, when it cannot be read.
    """
    where = Where(str(path))
    try:
        data = path.read_bytes()
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
        identities = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        identities = []
    if not identities:
        raise Misconfigured(
            "not an identity file",
            "expected lines AGE-SECRET-KEY-1… or an OpenSSH private key without a passphrase",
            hint="name a private key: --identity FILE",
            where=where,
        )
    return identities


def recipients_of(path: Path) -> tuple[str, ...]:
    """The public keys of the age identities in `path`."""
    return tuple(str(identity.to_public()) for identity in read_identities(path) if hasattr(identity, "to_public"))
