"""Seal embed keys to the recipients of a project, each bound to its interview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reconciler.encryption.age import seal
from reconciler.encryption.recipients import fingerprint
from reconciler.encryption.sealed_key import KeyBinding, sealed_document
from reconciler.project.config import Config
from reconciler.secret import Secret
from reconciler.state.model import Entry
from reconciler.state.records import now

_TRIAL = Secret("a trial; nothing is in it")


class KeyNotHeld(Exception):
    """An interview is embedded, but its key could not be sealed; the next apply reads it from the service again."""

    def __init__(self, interview_id: str, cause: str) -> None:
        super().__init__(f"its embed key is not held: {cause}; the next apply reads it again")
        self.interview_id = interview_id


class SealedKey(NamedTuple):
    """A sealed key as the state holds it: ASCII-armored age, and the fingerprints of those who can open it.

    Its members are the last two of the records that carry a key.
    """

    text: str | None
    sealed_to: tuple[str, ...] = ()


NOT_HELD = SealedKey(None)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals for one environment of one project."""

    recipients: tuple[str, ...]
    project: str
    environment: str

    @classmethod
    def of(cls, config: Config) -> Sealer:
        """The sealer of a configuration."""
        return cls(config.recipients, config.project, config.environment)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The recipients as entries name them, sorted."""
        return tuple(sorted(map(fingerprint, self.recipients)))

    def binding(self, entry: Entry) -> KeyBinding:
        """What the key of `entry` has to belong to."""
        return KeyBinding(entry.id, entry.embed_id, self.project, self.environment)

    def check(self) -> None:
        """Seals a trial to all recipients. Raises Misconfigured. Blocks; runs plugins."""
        seal(_TRIAL, self.recipients)

    def seal(self, key: Secret, interview_id: str, embed_id: str | None) -> SealedKey:
        """`key`, bound to its interview. Raises Misconfigured. Blocks; runs plugins."""
        binding = KeyBinding(interview_id, embed_id, self.project, self.environment)
        return SealedKey(seal(sealed_document(key, binding, now()), self.recipients), self.fingerprints)
