"""What one completed interview costs in credits: (base + what is recorded) x the step of its duration. Pure.

The prices are those the vendor published; the API shows none. An interview's base depends on the kind of its template,
which a manifest does not say: without it there is a price for each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["pre-rendered avatar", "voice only", "full avatar", "avatar with early stop"]

BASES: Mapping[Kind, Decimal] = {
    "pre-rendered avatar": Decimal("0.35"),
    "voice only": Decimal(1),
    "avatar with early stop": Decimal("1.5"),
    "full avatar": Decimal("2.5"),
}
ANSWERS = {"audio": Decimal("0.1"), "video": Decimal("0.25")}
SESSION = {"audio": Decimal("0.2"), "video": Decimal("0.4")}
# (most seconds, times the price); beyond the last step the dearest
STEPS = ((1200, 1), (1800, 2), (2700, 3), (3600, 4))
DEAREST = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Credits for one completed interview, by kind of template; one kind when that is known.

    `is_assumed` says that the manifest declares no duration, and that the lowest step was taken.
    """

    by_kind: Mapping[Kind, Decimal]
    recording: Decimal
    times: int
    is_assumed: bool

    @property
    def least(self) -> Decimal:
        return min(self.by_kind.values())

    @property
    def most(self) -> Decimal:
        return max(self.by_kind.values())


def cost(spec: Mapping[str, Any], template_type: str | None = None) -> Cost:
    """The price of an interview of `spec`; `template_type` as the service names it, None when unknown."""
    seconds = spec.get("max_duration")
    recording = _part(ANSWERS, spec.get("recording")) + _part(SESSION, spec.get("recording_full_session"))
    times = next((times for most, times in STEPS if (seconds or 0) <= most), DEAREST)
    kinds = _kinds(template_type, bool((spec.get("custom_scoring") or {}).get("early_stop")))
    by_kind = {kind: (BASES[kind] + recording) * times for kind in kinds}
    return Cost(by_kind, recording, times, is_assumed=seconds is None)


def _kinds(template_type: str | None, early_stop: bool) -> tuple[Kind, ...]:  # noqa: FBT001 - a fact, not a switch
    avatar: Kind = "avatar with early stop" if early_stop else "full avatar"
    match template_type:
        case None:
            return "pre-rendered avatar", "voice only", avatar
        case "interactive_elevenlabs":
            return ("voice only",)
        case "interactive_heygen":
            return (avatar,)
        case _ if template_type.startswith("offline_"):
            return ("pre-rendered avatar",)
        case _:  # a kind that did not exist when the prices were read
            return _kinds(None, early_stop)


def _part(prices: Mapping[str, Decimal], mode: str | None) -> Decimal:
    return prices.get((mode or "").partition("_")[0], Decimal(0))
