"""Public keys that secrets are sealed to: X25519, SSH, tagged (also post-quantum) and plugin recipients of age.

Forms: `age1…` (C2SP age specification), `age1tag1…` and `age1tagpq1…` (C2SP age-tag), `ssh-ed25519 …` and `ssh-rsa …`
(lines of an OpenSSH public key file), and `age1NAME1…` for the program age-plugin-NAME, of which `age1pq1…` is one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

import pyrage

from reconciler.errors import Misconfigured, Where

_NATIVE = {"age1tag1": pyrage.tag, "age1tagpq1": pyrage.tagpq}
_BECH32 = re.compile(r"age1(?:[a-z0-9+._-]+1)?[02-9ac-hj-np-z]{6,}")
_SSH = re.compile(r"ssh-(?:ed25519|rsa) [A-Za-z0-9+/]+={0,3}(?: .*)?")
_LONG = 100  # characters; an X25519 recipient has 62, a post-quantum one about 2,000


def parse_recipient(text: str, where: Where | None = None) -> Any:
    """The pyrage recipient that `text` stands for. Raises Misconfigured when it is none. Runs no plugin."""
    if fault := recipient_fault(text):
        raise Misconfigured(
            "not an age recipient",
            f"{text[:24]}…: {fault}",
            hint="a recipient is age1…, ssh-ed25519 … or ssh-rsa …",
            where=where,
        )
    return _parsed(text)


def recipient_fault(text: str) -> str | None:
    """Why nothing can be sealed to `text`, found by sealing to it; None when something can. Runs no plugin."""
    if not has_form(text):
        return "it has not the form of a public key"
    try:
        recipient = _parsed(text)
        if not isinstance(recipient, pyrage.plugin.Recipient):
            pyrage.encrypt(b"", [recipient])
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        return _explained(text, str(error))
    return None


def has_form(text: str) -> bool:
    """Whether `text` looks like a public key."""
    return bool(_BECH32.fullmatch(text) or _SSH.fullmatch(text))


def is_plugin(text: str) -> bool:
    """Whether a plugin seals to the public key `text`."""
    return isinstance(_parsed(text), pyrage.plugin.Recipient)


def fingerprint(text: str) -> str:
    """A short name for the public key `text` that no other key has.

    A short `age1…` stands for itself; an SSH key is `SHA256:…`, as `ssh-keygen -l` prints it; a longer key is its first
    twelve characters and the SHA-256 of its text.
    """
    kind, _, rest = text.partition(" ")
    if kind.startswith("ssh-"):
        try:
            data = base64.b64decode(rest.partition(" ")[0], validate=True)
        except binascii.Error:
            data = text.encode()
        return f"{kind} SHA256:{_hash(data)}"
    return text if len(text) < _LONG else f"{text[:12]}… SHA256:{_hash(text.encode())}"


def _hash(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _parsed(text: str) -> Any:
    if text.startswith("ssh-"):
        return pyrage.ssh.Recipient.from_str(text)
    prefix = text[: text.rindex("1") + 1]
    if prefix == "age1":
        return pyrage.x25519.Recipient.from_str(text)
    return _NATIVE.get(prefix, pyrage.plugin).Recipient.from_str(text)


def _explained(text: str, cause: str) -> str:
    if "RsaModulusTooSmall" in cause:
        return "RSA keys need 2048 bits or more"
    if "Bech32" in cause:
        return "a letter in it is wrong or missing: its checksum does not fit"
    if text.startswith("ssh-"):
        return "it is cut off or has a wrong letter"
    return cause
