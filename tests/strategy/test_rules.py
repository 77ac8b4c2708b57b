"""The table of thresholds against the numbers that the specification states."""

from __future__ import annotations

import pytest

from xlalvh.strategy import rules

STATED = {
    "condor_days": 45.0,
    "put_delta": 0.16,
    "call_delta": 0.16,
    "wing_width": 50.0,
    "lots": 10.0,
    "front_min_days": 14.0,
    "target_coverage": 0.9,
    "coverage_low": 0.6,
    "coverage_high": 1.2,
    "vega_tenor_exponent": 0.4,
    "beta_c": 0.146,
    "beta_a": 0.582,
    "beta_kappa": 5.75,
    "cut_deep_backwardation": -0.08,
    "cut_backwardation": -0.02,
    "cut_contango": 0.02,
    "cut_steep_contango": 0.08,
    "regime_hysteresis": 0.005,
    "rsi_monetise": 70.0,
    "contango_delta_low": 0.30,
    "contango_delta_high": 0.45,
    "flat_delta": 0.16,
    "backwardation_delta_low": 0.15,
    "backwardation_delta_high": 0.20,
    "hedge_weight_low": 0.25,
    "hedge_weight_high": 0.30,
    "future_beta_front": -3.4,
    "future_beta_mid": -2.8,
    "future_beta_back": -2.1,
}


@pytest.mark.parametrize(("name", "value"), STATED.items())
def test_defaults(name, value) -> None:
    assert rules.default(name) == value


def test_every_rule_says_what_it_means_in_what_unit_and_where_it_comes_from() -> None:
    names = [rule.name for rule in rules.RULES]
    assert len(names) == len(set(names))
    assert all(rule.unit and rule.meaning and rule.source for rule in rules.RULES)


def test_what_the_seeds_name_without_a_number_weighs_nothing_and_says_so() -> None:
    silent = [rule for rule in rules.RULES if rules.NO_NUMBER in rule.source]
    assert len(silent) == 16
    assert all(rule.value == 0.0 for rule in silent)


def test_groups_of_rules() -> None:
    assert rules.regime_cuts() == (-0.08, -0.02, 0.02, 0.08)
    assert rules.beta_params() == (0.146, 0.582, 5.75)
