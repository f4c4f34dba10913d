"""The first line of a plan: project, environment and, where the service was asked, account. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.plan.model import PlanOrigin


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

    def of(self, origin: PlanOrigin | None) -> Heading:
        """The heading of a plan made from `origin`, with the account where the service was asked for it."""
        account = origin.account if origin else None
        if account is None:
            return self
        left = None if account.credits is None else str(account.credits)
        return replace(self, merchant=account.merchant, credits=left)
