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
}


@pytest.mark.parametrize(("name", "value"), STATED.items())
def test_defaults(name, value) -> None:
    assert rules.default(name) == value


def test_every_rule_says_what_it_means_in_what_unit_and_where_it_comes_from() -> None:
    names = [rule.name for rule in rules.RULES]
    assert len(names) == len(set(names))
    assert all(rule.unit and rule.meaning and rule.source for rule in rules.RULES)


def test_groups_of_rules() -> None:
    assert rules.regime_cuts() == (-0.08, -0.02, 0.02, 0.08)
    assert rules.beta_params() == (0.146, 0.582, 5.75)
