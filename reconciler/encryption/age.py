"""Seal text to age recipients and open it with age identities, as ASCII-armored age files that stock `age -d` opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyrage

from reconciler.encryption.plugins import recipient_plugins
from reconciler.encryption.recipients import parse_recipient
from reconciler.errors import Misconfigured
from reconciler.secret import Secret

_HINT = "correct `recipients` in jmctl.yaml"


def seal(secret: Secret, recipients: Sequence[str]) -> str:
    """`secret` as an ASCII-armored age file that only the holders of the recipients' private keys can open.

    The ciphertext is random: two seals of one secret differ, so never compare them. Raises Misconfigured when the
    recipients cannot be sealed to: one is not a public key, a plugin fails, or they cannot be used together (age does
    not mix post-quantum recipients with others).
    """
    if not recipients:
        raise Misconfigured("cannot seal to the recipients", "there are none", hint=_HINT)
    keys = recipient_plugins([parse_recipient(recipient) for recipient in recipients])
    try:
        sealed: bytes = pyrage.encrypt(secret.reveal().encode(), keys, armored=True)
    except pyrage.EncryptError as error:
        raise Misconfigured("cannot seal to the recipients", str(error), hint=_HINT) from None
    return sealed.decode("ascii")


def open_sealed(sealed: str, identities: list[Any]) -> Secret:
    """What was sealed. Raises Misconfigured when none of `identities` fits, or when the file was altered."""
    try:
        return Secret(pyrage.decrypt(sealed.encode("ascii"), identities).decode())
    except (pyrage.DecryptError, UnicodeError) as error:
        # the library says so when no recipient fits; whatever else it says, the bytes are not what was sealed
        if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
            raise Misconfigured(
                "no identity opens this secret",
                "it was sealed to other recipients",
                hint="name the right private key: --identity FILE; who can open what: jmctl secrets list",
            ) from None
        raise Misconfigured(
            "the sealed secret is damaged",
            "it was altered after it was sealed, or is no age file",
            hint="restore the state, or read the key again: jmctl secrets rekey --from-service NAME",
        ) from None
