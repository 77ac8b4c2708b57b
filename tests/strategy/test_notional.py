"""The three readings of "25-30 % of notional" on one book: ten condors at 4200, a unit of ten contracts."""

from __future__ import annotations

import pytest

from xlalvh.strategy import rules
from xlalvh.strategy.notional import hedge_notional

MOST = rules.default("notional_warn_units")


@pytest.mark.parametrize("weight", [rules.default("hedge_weight_low"), rules.default("hedge_weight_high")])
def test_three_bases(weight) -> None:
    """Credit $6,400, maximum loss $43,600, a unit at $1,900; ten SPX contracts are $4.2 million, a unit's futures
    $21,000: 50 to 60 units, which is warned of.
    """
    premium = hedge_notional("premium", weight, 6_400.0, 1_900.0, 10.0, MOST)
    loss = hedge_notional("max loss", weight, 43_600.0, 1_900.0, 10.0, MOST)
    notional = hedge_notional("notional", weight, 4_200_000.0, 21_000.0, 10.0, MOST)
    assert 0.8 < premium.units < 1.1
    assert 5.0 < loss.units < 7.0
    assert 50.0 <= notional.units <= 60.0
    assert premium.warning == loss.warning == ""
    assert f"asks for {notional.units:.3g} units" in notional.warning


def test_whole_contracts_and_their_dollars() -> None:
    found = hedge_notional("premium", 0.25, 6_400.0, 1_900.0, 10.0, MOST)
    assert found.units == pytest.approx(0.842105, abs=1e-6)
    assert found.contracts == 8.0
    assert found.hedge_dollars == pytest.approx(8.0 * 190.0)


def test_the_threshold_of_the_warning_changes_the_warning_only() -> None:
    quiet, warned = (hedge_notional("max loss", 0.25, 43_600.0, 1_900.0, 10.0, most) for most in (6.0, 5.0))
    assert quiet[:-1] == warned[:-1]
    assert (quiet.warning, warned.warning) == ("", "asks for 5.74 units, above 5")


def test_a_hedge_too_small_for_a_contract_is_said() -> None:
    assert "rounds to no contract" in hedge_notional("premium", 0.25, 600.0, 3_900.0, 10.0, MOST).warning
