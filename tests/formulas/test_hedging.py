"""What the cells of the other sizing formulas may hold."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_capm_ratio, alvh_equity_hedge, alvh_hedge_notional, alvh_tilt
from xlalvh.strategy import rules

PERCENTILES = (0.9, 0.85, 0.4, 0.7, 0.5, 0.8, 0.5, 0.6, 0.6)


def test_notional_bases_and_sizes() -> None:
    assert alvh_hedge_notional("PREMIUM", 0.25, 6_400, 1_900)[1][0] == "premium"
    assert "max loss" in alvh_hedge_notional("credit", 0.25, 6_400, 1_900).message
    assert "condor_dollars is 1e+300" in alvh_hedge_notional("premium", 0.25, 1e300, 1e-9).message
    assert "unit_dollars" in alvh_hedge_notional("premium", 0.25, 6_400, 0).message
    warned = alvh_hedge_notional("max loss", 0.25, 43_600, 1_900, None, 5, False)[0]
    assert warned[-1] == "asks for 5.74 units, above 5"


def test_capm_betas_of_three_legs_are_those_of_the_layers() -> None:
    legs = (18_000, 0.05, (0.4, 0.35, 0.3), (20.0, 21.0, 22.0))
    betas = tuple(rule.value for rule in rules.between(rules.FUTURE_BETAS))
    assert betas == (-3.4, -2.8, -2.1)
    assert alvh_capm_ratio(*legs) == alvh_capm_ratio(*legs, betas)


@pytest.mark.parametrize("place", range(3))
def test_each_beta_moves_the_capm_ratio(place) -> None:
    legs = (18_000, 0.05, (0.4, 0.35, 0.3), (20.0, 21.0, 22.0))
    betas = [rule.value for rule in rules.between(rules.FUTURE_BETAS)]
    betas[place] *= 2.0
    assert alvh_capm_ratio(*legs, tuple(betas)) < alvh_capm_ratio(*legs)


def test_capm_legs_that_do_not_fit_or_gain_nothing() -> None:
    assert "2 legs; give a beta a leg" in alvh_capm_ratio(18_000, 0.05, (0.4, 0.2), (20.0, 20.0)).message
    assert "futures has 1 numbers" in alvh_capm_ratio(18_000, 0.05, (0.4, 0.2), (20.0, None), (-3.4, -3.4)).message
    short = alvh_capm_ratio(18_000, 0.05, (0.4,), (20.0,), (-3.4,), (-1.0,))
    assert short.code == "#NUM!"
    assert "gains -136" in short.message


def test_tilt_without_weights_is_the_target() -> None:
    assert alvh_tilt(PERCENTILES)[-1][-1] == 0.9
    assert alvh_tilt((None,) * 9)[-1][-1] == 0.9
    assert alvh_tilt((None,) * 9)[1][1] == ""


def test_tilt_says_what_is_missing_or_absurd() -> None:
    blank = (None, *PERCENTILES[1:])
    weighted = alvh_tilt(blank, (0.5, *(0,) * 8))
    assert weighted[1][-1].code == weighted[-1][-1].code == "#N/A"
    assert weighted[2][-1] == 0.0
    assert "tilt_pe is blank" in alvh_tilt(PERCENTILES, (None, *(0,) * 8)).message
    assert "tilt_pcf is 50" in alvh_tilt(PERCENTILES, (0, 50, *(0,) * 7)).message
    assert "outside 0 to 1" in alvh_tilt((90.0, *PERCENTILES[1:])).message
    assert "P/CF" in alvh_tilt(PERCENTILES[:3]).message
    assert "band" in alvh_tilt(PERCENTILES, None, 1.5).message


def test_equity_hedge_defaults_and_limits() -> None:
    now, one = alvh_equity_hedge(450_000, 1, 0.05, 20.1, 0.45, headers=False)
    assert now == one  # a correlation of one already
    assert now[1] == pytest.approx(1.0)
    assert alvh_equity_hedge(450_000, 1, 0.05, 20.1, 0.45, -1.7)[1][4] == pytest.approx(2.0 * now[4])
    assert "future_beta" in alvh_equity_hedge(450_000, 1, 0.05, 20.1, 0.45, 3.4).message
    assert "move is 0.6" in alvh_equity_hedge(450_000, 1, 0.6, 20.1, 0.45, None, 0.05).message
