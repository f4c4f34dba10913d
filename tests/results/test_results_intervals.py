from __future__ import annotations

import random

import pytest

from reconciler.results.confidence import difference, mean, share


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # scipy.stats.binomtest(...).proportion_ci(method='wilson')
    [(8, 10, 0.4901625, 0.9433178), (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0), (1, 1, 0.2065493, 1.0)],
)
def test_shares(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert found
    assert found.low == pytest.approx(low, abs=1e-6)
    assert found.high == pytest.approx(high, abs=1e-6)


def test_means_use_students_t() -> None:
    found = mean([1, 2, 3, 4, 5])
    assert found
    assert found.value == 3
    assert found.low == pytest.approx(3 - 2.7764451 * (2.5 / 5) ** 0.5)
    assert found.high == pytest.approx(3 + 2.7764451 * (2.5 / 5) ** 0.5)


def test_a_mean_stays_on_its_scale_and_alone_has_no_interval() -> None:
    near = mean([5, 5, 4], 0, 5)
    assert near
    assert near.high == 5
    alone = mean([3])
    assert alone
    assert (alone.low, alone.high, alone.is_few) == (None, None, True)
    assert mean([]) is None
    assert share(0, 0) is None


def test_differences_are_welchs() -> None:
    # scipy.stats.ttest_ind([4, 5, 7, 6], [1, 2, 3], equal_var=False).confidence_interval()
    found = difference([1, 2, 3], [4, 5, 7, 6])
    assert found
    assert found.value == 3.5
    assert found.low == pytest.approx(1.2682885, abs=1e-6)
    assert found.high == pytest.approx(5.7317115, abs=1e-6)
    assert difference([1], [2, 3]) is None
    assert difference([2, 2], [3, 3]) is None


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    draw = random.Random(1)  # noqa: S311 - numbers, not secrets
    held = 0
    for _ in range(2000):
        found = mean([draw.gauss(3, 1) for _ in range(6)])
        assert found
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3 <= found.high
    assert 0.935 < held / 2000 < 0.965
