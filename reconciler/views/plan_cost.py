"""Price and minutes of an interview before and after a change, as reviewers compare them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.resources.interview.cost import cost
from reconciler.views.question_tree import times
from reconciler.views.show_words import time_words


@dataclass(frozen=True, slots=True)
class Move:
    """One figure; `before` is None where there was none."""

    label: str
    before: str | None
    after: str

    def text(self) -> str:
        """`price: 1 -> 2 credits`."""
        return f"{self.label}: {self.after}" if self.before is None else f"{self.label}: {self.before} -> {self.after}"


def cost_moves(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, template: str | None) -> list[Move]:
    """The figures that differ; all of them when there is no `before`, none for what has no questions."""
    old, new = (_figures(side, template) for side in (before, after))
    return [Move(label, old.get(label), value) for label, value in new.items() if old.get(label) != value]


def _figures(spec: Mapping[str, Any] | None, template: str | None) -> dict[str, str]:
    if spec is None or not isinstance(spec.get("questions"), list):
        return {}
    price, time = cost(spec, template), times(spec["questions"])
    least, most = (f"{amount.normalize():f}" for amount in (price.least, price.most))
    figures = {"credits for a completed interview": least if least == most else f"{least} to {most}"}
    if time.unknown < len(spec["questions"]):
        span = time_words(time.all)
        if time.always != time.all:
            span = f"{time_words(time.always)} to {span}"
        figures["time for answers"] = span + (f", {time.unknown} without a time" if time.unknown else "")
    return figures
