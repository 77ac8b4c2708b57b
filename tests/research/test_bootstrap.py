"""The block bootstrap against known errors of dependent series."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlalvh.research import bootstrap


def _ar1(n: int, rho: float, rng: np.random.Generator) -> np.ndarray:
    x = np.empty(n)
    x[0] = rng.normal() / math.sqrt(1 - rho**2)
    for i in range(1, n):
        x[i] = rho * x[i - 1] + rng.normal()
    return x


@given(st.integers(2, 40), st.floats(1, 10), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_blocks_are_places_and_run_on_in_a_circle(n, block, seed):
    places = bootstrap.blocks(n, block, 30, np.random.default_rng(seed))
    assert places.shape == (30, n)
    assert ((places >= 0) & (places < n)).all()
    if block == 1:
        return
    follows = (places[:, 1:] - places[:, :-1]) % n == 1
    assert follows.mean() >= 0.0


def test_the_mean_block_is_as_long_as_asked():
    places = bootstrap.blocks(1000, 20, 200, np.random.default_rng(1))
    breaks = ((places[:, 1:] - places[:, :-1]) % 1000 != 1).mean()
    assert 1 / breaks == pytest.approx(20, rel=0.05)


def test_the_error_of_a_mean_of_independent_days_is_the_textbook_one():
    x = np.random.default_rng(3).normal(size=500)
    found = bootstrap.interval(bootstrap.mean, x, block=1)
    assert found.error == pytest.approx(x.std(ddof=1) / math.sqrt(500), rel=0.06)
    assert found.low < found.estimate < found.high


def test_blocks_see_the_dependence_that_single_days_miss():
    rho = 0.8
    x = _ar1(4000, rho, np.random.default_rng(4))
    true = 1 / (1 - rho) / math.sqrt(4000)  # the asymptotic error of an AR(1) mean
    assert bootstrap.interval(bootstrap.mean, x, block=60).error == pytest.approx(true, rel=0.25)
    assert bootstrap.interval(bootstrap.mean, x, block=1).error < 0.5 * true


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    hits = 0
    for seed in range(120):
        found = bootstrap.interval(bootstrap.mean, _ar1(400, 0.5, rng), block=20, draws=300, seed=seed)
        hits += found.low <= 0.0 <= found.high
    assert 0.86 <= hits / 120 <= 0.99


def test_columns_are_drawn_in_pairs():
    x = np.random.default_rng(6).normal(size=300)
    found = bootstrap.interval(lambda a, b: (a - b).mean(axis=-1), x, x - 1.0, block=10)
    assert (found.low, found.high) == pytest.approx((1.0, 1.0))


def test_the_same_seed_gives_the_same_interval():
    x = np.random.default_rng(7).normal(size=200)
    assert bootstrap.interval(bootstrap.mean, x, block=5) == bootstrap.interval(bootstrap.mean, x, block=5)


def test_statistics_agree_with_numpy():
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(2, 3, 50))
    assert bootstrap.correlation(x, y)[1] == pytest.approx(np.corrcoef(x[1], y[1])[0, 1])
    assert bootstrap.slope(x, y)[2] == pytest.approx(np.polyfit(x[2], y[2], 1)[0])
    assert bootstrap.ratio(x, y)[0] == pytest.approx(x[0].sum() / y[0].sum())


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Clopper and Pearson's limits, by the binomial sums that define them
    [(0, 10, 0.0, 1 - 0.025 ** (1 / 10)), (10, 10, 0.025 ** (1 / 10), 1.0), (8, 16, 0.24651, 0.75349)],
)
def test_share(hits, n, low, high):
    found = bootstrap.share(hits, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-5)


@given(st.integers(1, 60), st.data())
@settings(max_examples=50, deadline=None)
def test_the_limits_of_a_share_have_the_tails_that_define_them(n, data):
    hits = data.draw(st.integers(0, n))
    found = bootstrap.share(hits, n)
    if hits:
        p = found.low
        assert sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits, n + 1)) == pytest.approx(0.025)
    if hits < n:
        p = found.high
        assert sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits + 1)) == pytest.approx(0.025)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="one length"):
        bootstrap.interval(bootstrap.correlation, [1, 2, 3], [1, 2], block=1)
    with pytest.raises(ValueError, match="no number"):
        bootstrap.interval(bootstrap.mean, [1, math.nan, 3], block=1)
    with pytest.raises(ValueError, match="block is 0"):
        bootstrap.interval(bootstrap.mean, [1, 2, 3], block=0)
    with pytest.raises(ValueError, match="hits is 3 of 2"):
        bootstrap.share(3, 2)


def test_a_statistic_that_most_draws_do_not_have_gives_no_interval():
    found = bootstrap.summary(1.0, np.array([1.0, math.nan, math.nan, 2.0]))
    assert math.isnan(found.low)
