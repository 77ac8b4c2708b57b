"""Sizing formulas: signs, bands and the remedy where nothing fits."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_coverage, alvh_hedge_units


def test_coverage_by_element() -> None:
    found = alvh_coverage((178.0, -178.0, 178.0), (-1650.0, -1650.0, 0.0))
    assert found[0] == pytest.approx(0.107879, abs=1e-6)
    assert [item.code for item in found[1:]] == ["#NUM!", "#NUM!"]
    assert "same sign" in found[1].message


def test_the_band_and_target_of_the_rules_are_the_defaults() -> None:
    assert alvh_hedge_units(-1650.0, 178.0) == alvh_hedge_units(-1650.0, 178.0, 0.9, 0.6, 1.2) == 8


def test_where_nothing_fits_the_message_names_the_condor_that_would_do() -> None:
    found = alvh_hedge_units(-100.0, 200.0)
    assert found.code == "#NUM!"
    assert "1.67 times" in found.message


@pytest.mark.parametrize(
    "arguments",
    [
        (-1650.0, -178.0),
        (1650.0, 178.0),
        (0.0, 178.0),
        (-1650.0, 0.0),
        (-1e300, 1e-300),
        (-1650.0, 178.0, 2.0),
        (-1650.0, 178.0, 0.9, 1.0, 0.8),
    ],
)
def test_what_cannot_be_sized(arguments) -> None:
    assert alvh_hedge_units(*arguments).code == "#NUM!"


def test_sizing_takes_single_cells() -> None:
    assert alvh_hedge_units((-1650.0, -1700.0), 178.0).code == "#VALUE!"
    assert alvh_hedge_units(((-1650.0,),), 178.0) == 8
