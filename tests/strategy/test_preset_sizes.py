"""Each preset's size by hand on three flat smiles, and what is said where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.formulas.plain import N, distance, tenor_beta
from xlalvh.strategy import volatility
from xlalvh.strategy.preset_sizes import Band, Hedged, Monthly, PresetSize, preset_size
from xlalvh.strategy.presets import PER_TEN_CONDORS, PREMIUM, PRESETS, SEEDS
from xlalvh.strategy.rules import beta_params

VOL, HEDGED, BAND = 0.8, Hedged(10.0, -1650.0, 12_900.0, 37_100.0, 640.0), Band(0.9, 0.6, 1.2)
LISTED = np.arange(10.0, 61.0)


def _month(days: float, future: float, ask: float | None = 1.0) -> Monthly:
    asks = {} if ask is None else dict.fromkeys(LISTED.tolist(), ask)
    return Monthly(days, days / 365.0, future, 0.05, volatility.flat(VOL), LISTED, asks)


MARKET = [_month(5.0, 18.0), _month(33.0, 19.4), _month(61.0, 20.8), _month(89.0, 21.6)]


def _size(preset=SEEDS, market=MARKET, hedged=HEDGED, band=BAND, front_min_days=14.0) -> PresetSize:
    return preset_size(preset, market, hedged, band, front_min_days, beta_params())


def test_ten_rungs_at_a_dollar_a_point() -> None:
    """Ten contracts at an ask of 1.00 are 1,000 dollars a unit; coverage by hand from the deltas of the nearest
    strikes."""
    exposure = beta_one = 0.0
    for month, deltas, contracts in zip(MARKET[1:], SEEDS.deltas, (4.0, 4.0, 2.0), strict=True):
        t = month.years
        at = {k: math.exp(-0.05 * t) * N(distance(month.future, k, t, VOL)) for k in LISTED.tolist()}
        for delta in deltas:
            # the strike of a delta, then the nearest listed one
            low, high = 5.0, 100.0
            while high - low > 1e-9:
                middle = 0.5 * (low + high)
                here = math.exp(-0.05 * t) * N(distance(month.future, middle, t, VOL))
                low, high = (middle, high) if here > delta else (low, middle)
            found = at[min(at, key=lambda k, want=low: abs(k - want))]
            beta_one += contracts / len(deltas) * 100.0 * found
            exposure += contracts / len(deltas) * 100.0 * found * tenor_beta(t)
    one = exposure / 1650.0
    units = min((n for n in range(1, 60) if 0.6 <= n * one <= 1.2), key=lambda n: abs(n * one - 0.9))
    size = _size()
    assert (size.units, size.contracts, size.cost_dollars) == (units, 10.0 * units, 1_000.0 * units)
    assert size.coverage == pytest.approx(units * one, rel=1e-9)
    assert size.coverage_beta_one == pytest.approx(units * beta_one / 1650.0, rel=1e-9)
    assert size.premium_to_credit == pytest.approx(1_000.0 * units / 12_900.0)
    assert size.note == ""


def test_rungs_without_an_ask_are_counted() -> None:
    months = [*MARKET[:3], _month(89.0, 21.6, None)]
    assert _size(market=months).note == "2 of 10 rungs priced by the model: no ask"


def test_presets_that_are_not_sized_by_the_band() -> None:
    by_condors = next(p for p in PRESETS if p.sizing == PER_TEN_CONDORS)
    far = [*MARKET, _month(110.0, 22.0), _month(215.0, 23.0)]
    assert _size(by_condors, far).units == 1.0
    assert _size(by_condors, far, replace_lots(26.0)).units == 3.0
    premium = next(p for p in PRESETS if p.sizing == PREMIUM)
    assert "of the maximum loss" in _size(premium).note


def replace_lots(condors: float) -> Hedged:
    return HEDGED._replace(condors=condors)


@pytest.mark.parametrize(
    ("market", "changes", "said"),
    [
        (MARKET[:3], {}, "no monthly VIX expiry with a smile near enough"),
        ([*MARKET[:3], MARKET[3]._replace(vol_at=None)], {}, "a layer's expiry has no smile"),
        ([*MARKET[:3], MARKET[3]._replace(listed=np.array([]))], {}, "no listed strike of its delta"),
        (MARKET, {"hedged": HEDGED._replace(vega=-100.0)}, "no whole number lies in the band"),
        (MARKET, {"hedged": HEDGED._replace(vega=1650.0)}, "opposite signs"),
    ],
)
def test_why_there_is_no_size(market, changes, said) -> None:
    size = _size(market=market, **changes)
    assert said in size.note
    assert all(math.isnan(value) for value in size[2:-1])


def test_contracts_that_a_rung_cannot_have_are_said() -> None:
    assert "not whole contracts" in _size(SEEDS._replace(weights=(3.0, 4.0, 2.0))).note
