"""The first line of a plan: project, environment and, where the service was asked, account. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a plan would be applied; `merchant` and `credits` are None when the service was not asked for them."""

    project: str = ""
    environment: str = ""
    merchant: str | None = None
    credits: str | None = None

    def text(self) -> str:
        """The first line of a plan."""
        parts = [part for part in (self.project, self.environment) if part]
        parts += [f"merchant {self.merchant}"] if self.merchant else []
        parts += [f"{self.credits} credits"] if self.credits is not None else []
        return " · ".join(parts)
