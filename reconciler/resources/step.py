"""Step and Prediction: the calls that an update consists of, and the effect that it should report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One call: an update with `patch`, or a set-state with `state`; `attributes` then hold, once it succeeded."""

    attributes: Mapping[str, Any]
    patch: Mapping[str, Any] | None = None
    state: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """How many questions the service will keep, replace by an edited one, add and remove."""

    kept: int
    replaced: int
    added: int
    removed: int

    def describe(self) -> str:
        """In words, for a plan or a report."""
        return f"{self.kept} kept, {self.replaced} edited, {self.added} added, {self.removed} removed"
