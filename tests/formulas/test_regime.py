"""Measures of the curve at its ends, and rules of one's own."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_constant_maturity, alvh_contango, alvh_regime, alvh_regime_series, alvh_roll_yield

FUTURES, DAYS = (18.2, 19.6, 20.4), (19.0, 54.0, 82.0)


def test_rules_of_ones_own() -> None:
    """The slope is 6.07 %."""
    assert alvh_regime(17.0, FUTURES, DAYS) == "contango"
    assert alvh_regime(17.0, FUTURES, DAYS, None, (-0.1, -0.05, 0.01, 0.05)) == "steep contango"
    assert alvh_regime(17.0, FUTURES, DAYS, None, (-0.1, -0.05, 0.07, 0.1)) == "flat"


@pytest.mark.parametrize("rules", [(0.1, 0.2), (0.1, 0.0, 0.2, 0.3), (None, 0.0, 0.1, 0.2)])
def test_rules_that_do_not_part_the_regimes(rules) -> None:
    assert alvh_regime(17.0, FUTURES, DAYS, None, rules).code == "#NUM!"


def test_blanks_in_the_curve_are_left_out_with_their_days() -> None:
    assert alvh_regime(17.0, (18.2, None, 19.6, 20.4), (19.0, 30.0, 54.0, 82.0)) == "contango"
    gap = alvh_constant_maturity((18.2, None, 19.6), (19.0, 30.0, 54.0), 30.0)
    assert gap == pytest.approx(18.64)


def test_a_curve_too_short_or_of_unequal_length() -> None:
    assert alvh_regime(17.0, FUTURES[:1], DAYS[:1]).code == "#N/A"
    assert alvh_regime(17.0, FUTURES, DAYS[:2]).code == "#VALUE!"
    assert alvh_constant_maturity(FUTURES, DAYS, 90.0).code == "#N/A"
    assert alvh_constant_maturity(FUTURES, DAYS, 10.0).code == "#N/A"


def test_spot_is_the_near_end_where_it_is_given() -> None:
    """10 days between 0 (17.0) and 19 (18.2): 17 + 10/19 x 1.2."""
    assert alvh_constant_maturity(FUTURES, DAYS, 10.0, 17.0) == pytest.approx(17.0 + 12.0 / 19.0)


def test_roll_yield_needs_the_far_future_to_be_farther() -> None:
    found = alvh_roll_yield(18.2, (19.6, 19.6), 54.0, (19.0, 82.0))
    assert found[0].code == "#NUM!"
    assert isinstance(found[1], float)


def test_backwardation_is_negative_contango() -> None:
    assert alvh_contango(25.0, 20.0) == pytest.approx(-0.2)


def test_series_a_row_a_day() -> None:
    short = (18.0, None, None)
    vix, futures, days = (17.0, None, 17.5), (FUTURES, short, FUTURES), (DAYS,) * 3
    _, first, gap, last = alvh_regime_series(vix, futures, days)
    assert first[1] == alvh_regime(17.0, FUTURES, DAYS)
    assert first == last
    assert [item.code for item in gap] == ["#N/A", "#N/A"]
    assert alvh_regime_series(vix, futures, days, None, None, False)[0] == first


def test_hysteresis_changes_the_labels_near_a_cut_and_no_other() -> None:
    """The second day's slope is 1.78 %: above the cut less half a point, below the cut less a tenth of one."""
    futures, days = ((18.2, 19.6, 20.4), (19.4, 19.7, 20.3)), ((19.0, 54.0, 82.0), (18.0, 53.0, 81.0))
    wide, narrow = (alvh_regime_series((17.0, 19.0), futures, days, None, h, False) for h in (0.005, 0.001))
    assert [row[1] for row in wide] == ["contango", "contango"]
    assert [row[1] for row in narrow] == ["contango", "flat"]


def test_series_of_other_shapes_and_absurd_hysteresis() -> None:
    assert alvh_regime_series((17.0,), (FUTURES, FUTURES), (DAYS, DAYS)).code == "#VALUE!"
    assert alvh_regime_series((17.0, 17.0), (FUTURES, FUTURES), (DAYS, DAYS), None, 5.0).code == "#NUM!"
    assert alvh_regime_series((17.0, 17.0), (FUTURES, FUTURES), (DAYS, DAYS), (0.1, 0.0, 0.2, 0.3)).code == "#NUM!"
