"""What the playbook's cells may hold, and what is said of what they may not."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_layer_weights, alvh_playbook
from xlalvh.strategy import rules

DEFAULTS = tuple(rule.value for rule in rules.between(rules.PLAYBOOK))


def test_rules_may_stand_in_a_column_and_default_to_those_of_the_table() -> None:
    column = tuple((value,) for value in DEFAULTS)
    assert alvh_playbook("Backwardation", 74, -0.01, column) == alvh_playbook("backwardation", 74, -0.01)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (2, None, "rsi_monetise is blank"),
        (2, "seventy", "rsi_monetise is blank or no number"),
        (2, 700.0, "rsi_monetise is 700; it must be from 0 to 100"),
        (5, 30.0, "contango_delta_low is 30"),
        (10, -0.25, "hedge_weight_low is -0.25"),
    ],
)
def test_a_blank_or_absurd_threshold_is_named(place, value, said) -> None:
    changed = (*DEFAULTS[:place], value, *DEFAULTS[place + 1 :])
    found = alvh_playbook("flat", None, None, changed)
    assert found.code == "#NUM!"
    assert said in found.message


def test_every_threshold_has_bounds_that_hold_its_default() -> None:
    for group in (rules.PLAYBOOK, rules.LAYER_WEIGHTS, rules.FUTURE_BETAS, rules.TILT):
        for rule in rules.between(group):
            assert rule.low <= rule.value <= rule.high
            assert rule.high < 100.0 or rule.unit in ("days", "RSI")


def test_a_wrong_count_of_rules_names_them() -> None:
    found = alvh_playbook("flat", None, None, DEFAULTS[:-1])
    assert found.code == "#NUM!"
    assert "rules has 12 cells; give 13: expiry_roll_days" in found.message


def test_words_that_are_none_of_the_list() -> None:
    assert "deep backwardation" in alvh_playbook("bull").message
    assert "bearish" in alvh_playbook("flat", divergence="up").message
    assert "steward" in alvh_layer_weights("flat", "trader").message


def test_signals_of_layers() -> None:
    assert alvh_layer_weights("flat", "steward", (None, None, None))[1][1] == 4.0
    assert alvh_layer_weights("flat", "steward", (70.0, 1.0)).code == "#VALUE!"
    assert "RSI is 700" in alvh_layer_weights("flat", "steward", (700.0, 1.0, 1.0)).message
    assert "layer_rsi is blank" in alvh_layer_weights("flat", "steward", None, (0.0, None, 0.0, 0.0)).message
