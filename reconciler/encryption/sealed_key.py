"""The document that is sealed: an embed key with the interview, project and environment that it belongs to. Pure.

A seal has no sender: it can be made by anyone who knows the public keys. So a key is taken only where the document
says that it belongs, and a sealed key that was moved to another entry, or brought from another project, is refused.
What jmctl sealed before it had this document is the bare key.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import orjson

from reconciler.errors import Damaged
from reconciler.secret import Secret

_FORMAT = "jmctl embed key"
_VERSION = 1
_HINT = "restore the state, or read the key again: jmctl secrets rekey --from-service NAME"


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """What a key belongs to."""

    interview_id: str
    embed_id: str | None
    project: str
    environment: str


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """A key in memory. `sealed_at` is UTC, ISO 8601; None for a bare key, which says nothing of its interview."""

    key: Secret
    sealed_at: str | None

    @property
    def is_bound(self) -> bool:
        """Whether the sealed document named the interview."""
        return self.sealed_at is not None


def sealed_document(key: Secret, binding: KeyBinding, at: str) -> Secret:
    """The text to seal."""
    members = {"format": _FORMAT, "version": _VERSION, "key": key.reveal(), **asdict(binding), "sealed_at": at}
    return Secret(orjson.dumps(members).decode())


def opened_key(text: Secret, binding: KeyBinding, *, bound: bool) -> OpenedKey:
    """The key in the opened `text`, which has to belong to `binding`; a bare key will do unless `bound`.

    Raises Damaged when it belongs elsewhere, or when a newer jmctl sealed it.
    """
    try:
        document = orjson.loads(text.reveal())
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        if bound:
            raise Damaged("the sealed key belongs to another interview", "it does not name its interview", hint=_HINT)
        return OpenedKey(text, None)
    if document.get("version") != _VERSION:
        raise Damaged("a newer jmctl sealed this key", hint="upgrade: pip install --upgrade jmctl")
    differing = [name for name, value in asdict(binding).items() if document.get(name) != value]
    key, sealed_at = document.get("key"), document.get("sealed_at")
    if differing or not (isinstance(key, str) and isinstance(sealed_at, str)):
        others = " and ".join(differing).replace("_", " ")
        detail = f"it was sealed for another {others}" if differing else "it is incomplete"
        raise Damaged("the sealed key belongs to another interview", detail, hint=_HINT)
    return OpenedKey(Secret(key), sealed_at)
