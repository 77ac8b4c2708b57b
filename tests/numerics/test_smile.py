"""Known SVI slices: volatilities come back, derivatives are differences, arbitrage is seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib

from xlalvh.numerics import smile
from xlalvh.numerics.smile import CENTRES, Smile

SPX = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)
# A. Vogt's slice (Gatheral and Jacquier 2014, example 3.1): a fair-looking smile with butterfly arbitrage.
VOGT = Smile(-0.0410, 0.1331, 0.3060, 0.3586, 0.4153)
FORWARD, YEARS = 4200.0, 0.12


def total_variance(s: Smile, y: np.ndarray) -> np.ndarray:
    """Gatheral's raw SVI, as published."""
    return s.a + s.b * (s.rho * (y - s.m) + np.sqrt((y - s.m) ** 2 + s.sigma**2))


def test_raw_svi_formula() -> None:
    y = np.linspace(-1.0, 1.0, 41)
    np.testing.assert_allclose(SPX.total_variance(y), total_variance(SPX, y), rtol=1e-14)
    strikes = FORWARD * np.exp(y)
    np.testing.assert_allclose(SPX.vol(strikes, FORWARD, YEARS), np.sqrt(total_variance(SPX, y) / YEARS), rtol=1e-13)


BUMPED = SPX._replace(scale=0.055, bumps=(2e-5, -3e-5, 4e-5, -2e-5, 1e-5, 3e-5))


@pytest.mark.parametrize("slice_", [SPX, VOGT, BUMPED])
def test_derivatives_against_finite_differences(slice_) -> None:
    y, h = np.linspace(-0.4, 0.3, 29), 1e-4
    w, first, second = slice_._derivatives(y)
    up, down = slice_.total_variance(y + h), slice_.total_variance(y - h)
    np.testing.assert_allclose(first, (up - down) / (2 * h), atol=2e-6)
    np.testing.assert_allclose(second, (up - 2 * w + down) / h**2, atol=2e-4)


def densities(slice_: Smile, y: np.ndarray) -> np.ndarray:
    """Risk-neutral density of the settlement price times K, from QuantLib's call prices by second differences."""

    def call(log_strike: float) -> float:
        deviation = math.sqrt(float(total_variance(slice_, np.array(log_strike))))
        return QuantLib.blackFormula(QuantLib.Option.Call, math.exp(log_strike), 1.0, deviation)

    h = 1e-4
    found = []
    for x in y:
        k, low, high = math.exp(x), math.exp(x) * (1 - h), math.exp(x) * (1 + h)
        second = (call(math.log(low)) - 2.0 * call(x) + call(math.log(high))) / (k * h) ** 2
        found.append(second * k)
    return np.array(found)


def test_vogts_slice_has_butterfly_arbitrage() -> None:
    y = np.linspace(0.6, 1.2, 25)
    assert densities(VOGT, y).min() < -1e-4  # the oracle sees it
    assert VOGT.valid()
    assert not VOGT.arbitrage_free(-1.5, 1.5)
    assert VOGT.arbitrage_free(-0.3, 0.3)  # none around the money


def test_a_clean_slice_passes_and_its_density_is_positive() -> None:
    y = np.linspace(-0.6, 0.35, 60)
    assert densities(SPX, y).min() > -1e-6
    assert SPX.arbitrage_free(-0.6, 0.35)


def test_density_integrates_to_one_and_its_mean_is_the_forward() -> None:
    y = np.linspace(-3.0, 1.0, 4001)
    density = densities(SPX, y)
    assert np.trapezoid(density, y) == pytest.approx(1.0, abs=1e-4)
    assert np.trapezoid(density * np.exp(y), y) == pytest.approx(1.0, abs=1e-4)


def test_the_check_agrees_with_the_sign_of_the_density() -> None:
    """Seeded slices, some with arbitrage: the flag is what the density says."""
    rng = np.random.default_rng(5)
    y = np.linspace(-0.8, 0.8, 161)
    seen = set()
    for _ in range(60):
        slice_ = Smile(
            rng.uniform(-0.02, 0.03),
            rng.uniform(0.02, 0.6),
            rng.uniform(-0.9, 0.9),
            rng.uniform(-0.2, 0.2),
            rng.uniform(0.02, 0.4),
        )
        if not slice_.valid() or total_variance(slice_, y).min() < 1e-4:
            continue
        least = densities(slice_, y).min()
        if abs(least) < 1e-3:
            continue  # too near to call by differences
        expected = least > 0.0
        seen.add(expected)
        assert slice_.arbitrage_free(-0.8, 0.8) == expected
    assert seen == {True, False}


def test_wings_steeper_than_lees_bound_are_arbitrage() -> None:
    assert not Smile(0.04, 1.5, 0.5, 0.0, 0.5).arbitrage_free(-0.1, 0.1)  # b (1 + |rho|) = 2.25


@pytest.mark.parametrize(
    "bad",
    [
        {"b": -0.1},
        {"rho": 1.0},
        {"rho": -1.5},
        {"sigma": 0.0},
        {"a": -0.5},
        {"a": math.nan},
        {"scale": 0.0},
        {"m": math.inf},
    ],
)
def test_what_is_no_slice(bad) -> None:
    assert SPX.valid()
    assert not SPX._replace(**bad).valid()


@pytest.mark.parametrize("known", [SPX, Smile(0.02, 0.12, 0.55, -0.10, 0.25), Smile(0.0005, 0.01, -0.8, 0.0, 0.02)])
@pytest.mark.parametrize("count", [9, 21, 80])
def test_fit_recovers_the_volatilities_of_a_known_slice(known, count) -> None:
    y = np.linspace(-0.35, 0.2, count)
    vols = np.sqrt(total_variance(known, y) / YEARS)
    found = smile.fit(FORWARD * np.exp(y), vols, FORWARD, YEARS)
    assert found is not None
    between = np.linspace(-0.35, 0.2, 201)
    expected = np.sqrt(total_variance(known, between) / YEARS)
    np.testing.assert_allclose(found.smile.vol(FORWARD * np.exp(between), FORWARD, YEARS), expected, atol=2e-4)
    assert found.error < 5e-5
    assert found.arbitrage_free


def test_bumps_mend_what_svi_cannot() -> None:
    """A smile that bends twice: plain SVI stays several times further away."""
    y = np.linspace(-0.25, 0.10, 80)
    scale = math.sqrt(float(total_variance(SPX, np.zeros(1))[0]))
    vols = np.sqrt(total_variance(SPX, y) / YEARS) + 0.004 * np.exp(-0.5 * ((y / scale + 0.7) / 0.5) ** 2)
    strikes = FORWARD * np.exp(y)
    found = smile.fit(strikes, vols, FORWARD, YEARS)
    assert found is not None
    plain = found.smile._replace(bumps=(0.0,) * len(CENTRES))
    error, plain_error = (np.sqrt(np.mean((s.vol(strikes, FORWARD, YEARS) - vols) ** 2)) for s in (found.smile, plain))
    assert error == pytest.approx(found.error, rel=1e-9)  # the error reported is the error made
    assert error < 0.5 * plain_error
    assert error < 5e-4


def test_missing_points_and_weightless_points_do_not_matter() -> None:
    y = np.linspace(-0.3, 0.15, 20)
    vols = np.sqrt(total_variance(SPX, y) / YEARS)
    vols[3], weights = np.nan, np.ones(20)
    vols[7], weights[7] = 3.0, 0.0
    found = smile.fit(FORWARD * np.exp(y), vols, FORWARD, YEARS, weights)
    assert found is not None
    expected = np.sqrt(total_variance(SPX, y) / YEARS)
    np.testing.assert_allclose(found.smile.vol(FORWARD * np.exp(y), FORWARD, YEARS), expected, atol=2e-4)


def test_weight_decides_between_points_that_disagree() -> None:
    y = np.repeat(np.linspace(-0.2, 0.1, 12), 2)
    vols = np.tile([0.20, 0.22], 12)
    weights = np.tile([1e6, 1.0], 12)
    found = smile.fit(FORWARD * np.exp(y), vols, FORWARD, YEARS, weights)
    assert found is not None
    np.testing.assert_allclose(found.smile.vol(FORWARD * np.exp(y), FORWARD, YEARS), 0.20, atol=1e-4)


def test_four_points_are_too_few() -> None:
    strikes = np.array([4000.0, 4100.0, 4200.0, 4300.0, 4400.0])
    assert smile.fit(strikes, np.array([0.2, 0.19, 0.18, 0.17, np.nan]), FORWARD, YEARS) is None
    assert smile.fit(strikes, np.array([0.2, 0.19, 0.18, 0.175, 0.18]), FORWARD, YEARS) is not None


def test_points_that_mean_nothing_are_left_out() -> None:
    """Absurd strikes, volatilities and weights beside a good smile change nothing; alone they give no smile."""
    y = np.linspace(-0.3, 0.15, 20)
    strikes, vols = FORWARD * np.exp(y), np.sqrt(total_variance(SPX, y) / YEARS)
    clean = smile.fit(strikes, vols, FORWARD, YEARS)
    assert clean is not None
    odd_strikes = np.array([1e-320, 1e300, -5.0, 4200.0, 4200.0, 4200.0, 4200.0])
    odd_vols = np.array([0.2, 0.2, 0.2, -0.2, 1e-200, 1e200, 0.2])
    odd_weights = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0])
    found = smile.fit(
        np.append(strikes, odd_strikes), np.append(vols, odd_vols), FORWARD, YEARS, np.append(np.ones(20), odd_weights)
    )
    assert found is not None
    np.testing.assert_allclose(found.smile.vol(strikes, FORWARD, YEARS), vols, atol=2e-4)
    assert smile.fit(odd_strikes, odd_vols, FORWARD, YEARS) is None
    assert smile.fit(strikes, vols, 1e-320, YEARS) is None


def test_a_smile_with_quotes_like_the_exchanges_rounded_ones() -> None:
    """Volatilities rounded to a basis point and moved by a seeded 10 basis points: the fit stays that near."""
    rng = np.random.default_rng(2)
    y = np.linspace(-0.3, 0.12, 60)
    truth = np.sqrt(total_variance(SPX, y) / YEARS)
    noisy = np.round(truth + rng.normal(0.0, 0.001, 60), 4)
    found = smile.fit(FORWARD * np.exp(y), noisy, FORWARD, YEARS)
    assert found is not None
    assert np.max(np.abs(found.smile.vol(FORWARD * np.exp(y), FORWARD, YEARS) - truth)) < 0.002
    assert found.error < 0.0012
