"""Selections by hand; `tests/workbook/test_selection.py` compares them with what the workbook shows."""

from __future__ import annotations

import numpy as np

from xlalvh.strategy import selection
from xlalvh.strategy.presets import BAND, DAYS, EXPOSURE, PREMIUM, PRESETS, SEEDS, Preset
from xlalvh.strategy.strikes import snap

BY_DAYS = next(p for p in PRESETS if p.tenor_rule == DAYS)


MONTHLY = [6.0, 34.0, 62.0, 97.0, 125.0, 153.0, 188.0, 216.0]


def test_layers_by_months_start_far_enough_out() -> None:
    assert selection.layer_expiries(MONTHLY, SEEDS, 14.0) == (1, 2, 3)
    assert selection.layer_expiries(MONTHLY, SEEDS, 6.0) == (0, 1, 2)
    assert selection.layer_expiries(MONTHLY, SEEDS, 14.0, [True, False] + [True] * 6) == (2, 3, 4)
    assert selection.layer_expiries(MONTHLY[:3], SEEDS, 14.0) is None


def test_layers_by_days_are_the_nearest_within_half_the_target() -> None:
    assert selection.layer_expiries(MONTHLY, BY_DAYS, 14.0) == (1, 3, 7)  # 30, 110 and 220 days
    assert selection.layer_expiries(MONTHLY[:4], BY_DAYS, 14.0) is None  # 97 is more than 110 from 220


def test_the_nearest_expiry_is_the_first_of_two_and_within_the_tolerance() -> None:
    assert selection.nearest_expiry([40.0, 50.0], 45.0, 15.0) == 0
    assert selection.nearest_expiry([20.0, 75.0], 45.0, 15.0) is None
    assert selection.nearest_expiry([], 45.0, 15.0) is None


def sized_by(name: str) -> Preset:
    return next(p for p in PRESETS if p.sizing == name)


def test_contracts_by_hand() -> None:
    """Exposures 20, 15, 10 and shares .4 .4 .2: .02, .02667, .02 in 40 contracts: 12, 16, 12; in whole rungs of 4, 4
    and 2 the same. Premium: 4 % of 36,000 over 150 = 9.6 contracts, 2.4 a rung: 8; 1440 / 200 = 7.2: 8; 720 / 250: 2.
    """
    by_exposure = selection.allocation(sized_by(EXPOSURE), [20.0, 15.0, 10.0], [1.0, 1.0, 1.0], 0.0)
    assert by_exposure.tolist() == [12.0, 16.0, 12.0]
    by_premium = selection.allocation(sized_by(PREMIUM), [1.0, 1.0, 1.0], [150.0, 200.0, 250.0], 36_000.0)
    assert by_premium.tolist() == [8.0, 8.0, 2.0]
    many = selection.allocation(sized_by(PREMIUM), np.ones((2, 3)), [[150.0, 200.0, 250.0]] * 2, [36_000.0, 72_000.0])
    assert many.tolist() == [[8.0, 8.0, 2.0], [20.0, 16.0, 6.0]]
    assert selection.allocation(sized_by(BAND), [1.0, 1.0, 1.0], [1.0, 1.0, 1.0], 0.0).tolist() == [4.0, 4.0, 2.0]


def test_units_by_hand() -> None:
    assert selection.units(BY_DAYS, 25.0, -900.0, 100.0, 0.9, 0.6, 1.2).units == 3
    assert selection.units(sized_by(PREMIUM), 10.0, -900.0, 100.0, 0.9, 0.6, 1.2).units == 1
    assert selection.units(SEEDS, 10.0, -1000.0, 100.0, 0.9, 0.6, 1.2).units == 9


def test_many_strikes_snap_as_one_does() -> None:
    listed = selection.vix_strikes()
    assert listed[:2].tolist() == [10.0, 11.0]
    assert {40.0, 42.5, 47.5, 50.0, 55.0, 100.0, 110.0, 180.0} <= set(listed.tolist())
    wanted = np.array([3.0, 10.5, 10.51, 41.25, 41.3, 52.5, 500.0])
    assert selection.snap_all(wanted, listed).tolist() == [snap(float(k), listed) for k in wanted]
    assert np.isnan(selection.snap_all(np.array([np.nan]), listed)).all()
