"""What composition needs to know besides the files: the environment, and the variables of jmctl.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from reconciler.canonical_json import digest


@dataclass(frozen=True, slots=True)
class Context:
    """The chosen environment among `environments`.

    `types` gives the type of each declared variable (text, number or flag), `values` those that are set, by
    environment. `stale` says how a text made from an older source is reported.
    """

    environment: str = "default"
    environments: tuple[str, ...] = ("default",)
    types: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stale: Literal["warning", "error"] = "warning"

    @property
    def digest(self) -> str:
        """Names everything in it."""
        return digest([self.environment, self.environments, dict(self.types), dict(self.values), self.stale])


NO_CONTEXT = Context()
