"""What is said of flows, curves and costs that have no answer."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_break_even_vix, alvh_carry, alvh_drip, alvh_irr, alvh_wacc, catalogue

TWO = (-1_000.0, 2_300.0, -1_320.0), (40_000.0, 40_365.0, 40_730.0)


def test_several_rates_are_said_and_chosen() -> None:
    found = alvh_irr(*TWO)
    assert found.code == "#NUM!"
    assert "2 rates make these flows worth nothing: 0.1, 0.2; choose one with root" in found.message
    assert alvh_irr(*TWO, 1) == pytest.approx(0.10)
    assert alvh_irr(*TWO, 2) == pytest.approx(0.20)
    assert "there are 2 rates" in alvh_irr(*TWO, 3).message


@pytest.mark.parametrize(
    ("amounts", "dates", "said"),
    [
        ((-1_000.0, 2_000.0, -1_001.0), TWO[1], "no rate from"),
        ((1.0, 2.0), (1.0, 2.0), "one above 0 and one below 0"),
        ((None, None), (None, None), "one above 0 and one below 0"),
        ((-1.0, 2.0), (5.0, 5.0), "all the same day"),
        ((-1.0, 2.0), (5.0,), "equal length"),
        ((-1.0, 2.0), (5.0, None), "without a date"),
        ((-1e300, 2.0), (5.0, 9.0), "beyond what money"),
    ],
)
def test_flows_without_a_rate(amounts, dates, said) -> None:
    assert said in alvh_irr(amounts, dates).message


def test_blank_rows_are_no_flows() -> None:
    assert alvh_irr((-100.0, None, 110.0), (40_000.0, None, 40_365.0)) == pytest.approx(0.10)


def test_costs_and_counts() -> None:
    assert alvh_wacc(0, 0, 0.1, 0.1).code == "#NUM!"
    assert "horizon is 2.5" in alvh_drip(1_000, 0.02, 0.05, 2.5).message
    assert len(alvh_drip(1_000, 0.02, 0.05, 2)) == 3


def test_a_curve_in_any_order_with_blanks() -> None:
    example = dict(catalogue["ALVH_CARRY"].example)
    expected = alvh_carry(**example)
    example.update(futures=(22.8, None, 19.4, 20.8, 22.0), days=(110.0, 30.0, 19.0, 54.0, 82.0))
    assert alvh_carry(**example) == expected


def test_a_curve_too_short_spoils_its_layers_only() -> None:
    example = dict(catalogue["ALVH_CARRY"].example, futures=(19.4, 20.8), days=(19.0, 54.0))
    _, front, mid, _, total = alvh_carry(**example)
    assert isinstance(front[1], float)
    assert mid[1].code == total[3].code == "#N/A"
    assert alvh_carry(**dict(example, days=(19.0,))).code == "#VALUE!"


def test_a_cost_that_no_rise_pays() -> None:
    example = dict(catalogue["ALVH_BREAK_EVEN_VIX"].example)
    assert "does not pay it" in alvh_break_even_vix(**dict(example, cost=1e12)).message
    assert alvh_break_even_vix(**dict(example, cost=0)) == 0.0
