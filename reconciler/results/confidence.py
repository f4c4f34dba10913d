"""95 % confidence intervals, so that noise is not read as a result. Pure.

Shares: Wilson's score interval, which stays honest at few and at extreme counts. Means: Student's t; differences of two
means: Welch. mpmath, imported here alone, gives the quantiles of t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, fmean, variance

_TWO_SIDED = 0.975
_MOST_FREEDOM = 300.0
FEW = 5
"""Below so many answers an interval is shown, but is no basis for a decision."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, its interval where there is one, and how many it rests on."""

    value: float
    low: float | None
    high: float | None
    count: int

    @property
    def is_few(self) -> bool:
        """Whether too few were counted to say anything."""
        return self.count < FEW


def share(part: int, whole: int) -> Estimate | None:
    """The share of `part` in `whole`, None of nothing."""
    if not whole:
        return None
    z = NormalDist().inv_cdf(_TWO_SIDED)
    rate = part / whole
    centre = (rate + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z / (1 + z * z / whole) * (rate * (1 - rate) / whole + z * z / (4 * whole * whole)) ** 0.5
    return Estimate(rate, max(0.0, centre - reach), min(1.0, centre + reach), whole)


def mean(values: Sequence[float], low: float | None = None, high: float | None = None) -> Estimate | None:
    """The mean, its interval kept within the scale `low` to `high`; no interval for a single value."""
    if not values:
        return None
    middle, count = fmean(values), len(values)
    if count == 1:
        return Estimate(middle, None, None, 1)
    reach = _quantile(count - 1) * (variance(values) / count) ** 0.5
    return Estimate(middle, _at_least(middle - reach, low), _at_most(middle + reach, high), count)


def difference(one: Sequence[float], other: Sequence[float]) -> Estimate | None:
    """The mean of `other` less that of `one`; None when either has fewer than two values or both never vary."""
    if min(len(one), len(other)) < 2:  # noqa: PLR2004 - a variance needs two
        return None
    a, b = variance(one) / len(one), variance(other) / len(other)
    if not a + b:
        return None
    freedom = (a + b) ** 2 / (a * a / (len(one) - 1) + b * b / (len(other) - 1))
    reach = _quantile(freedom) * (a + b) ** 0.5
    apart = fmean(other) - fmean(one)
    return Estimate(apart, apart - reach, apart + reach, min(len(one), len(other)))


@cache
def _quantile(freedom: float) -> float:
    """Where Student's t with so many degrees of freedom has 2.5 % above it.

    Beyond 300 it is that of 300, which is too wide by less than half a percent: the beta function would overflow.
    """
    from mpmath import fp

    freedom = min(freedom, _MOST_FREEDOM)

    def above(t: float) -> float:
        return float(fp.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True)) / 2

    low, high = 0.0, 2000.0 / min(freedom, 1.0) ** 2
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) > 1 - _TWO_SIDED else (low, middle)
    return high


def _at_least(value: float, bound: float | None) -> float:
    return value if bound is None else max(value, bound)


def _at_most(value: float, bound: float | None) -> float:
    return value if bound is None else min(value, bound)
