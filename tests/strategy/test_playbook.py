"""Each advice of the seeds, which of two wins, and which threshold moves which advice."""

from __future__ import annotations

import math

import pytest

from xlalvh.strategy import rules
from xlalvh.strategy.playbook import Given, advise
from xlalvh.strategy.regime import LABELS

NAN = math.nan
DEFAULTS = rules.settle(rules.PLAYBOOK)
DEEP, BACK, FLAT, CONTANGO, STEEP = LABELS


def given(regime=FLAT, rsi=NAN, slope_change=NAN, expiry_days=NAN, event_days=NAN, divergence="") -> Given:
    return Given(regime, rsi, slope_change, expiry_days, event_days, divergence)


SITUATIONS = {
    "expiry": given(CONTANGO, expiry_days=5.0),
    "event": given(CONTANGO, expiry_days=30.0, event_days=2.0),
    "monetise": given(BACK, 75.0, -0.01),
    "monetise deep": given(DEEP, 75.0, -0.01),
    "diverging": given(CONTANGO, divergence="bearish"),
    "steep": given(STEEP),
    "expand": given(BACK),
    "expand deep": given(DEEP, 60.0, -0.01),
    "contango": given(CONTANGO, 75.0, -0.01),
    "flat": given(FLAT),
}
# action, short deltas, hedge weight: the contango article's numbers, 0.16 where no seed speaks
ADVICE = {
    "expiry": ("roll", 0.30, 0.45, 0.25, 0.30),
    "event": ("roll", 0.30, 0.45, 0.25, 0.30),
    "monetise": ("monetise", 0.15, 0.20, 0.25, 0.30),
    "monetise deep": ("monetise", 0.15, 0.20, 0.25, 0.30),
    "diverging": ("tighten", 0.15, 0.20, 0.25, 0.30),
    "steep": ("tighten", 0.45, 0.45, 0.25, 0.30),
    "expand": ("expand", 0.15, 0.20, 0.25, 0.30),
    "expand deep": ("expand", 0.15, 0.20, 0.25, 0.30),
    "contango": ("hold", 0.30, 0.45, 0.25, 0.30),
    "flat": ("hold", 0.16, 0.16, 0.25, 0.30),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_advice(name) -> None:
    found = advise(SITUATIONS[name], DEFAULTS)
    assert found[:5] == ADVICE[name]
    assert found.rule


def test_precedence() -> None:
    """All conditions at once, then one removed after the other."""
    everything = given(BACK, 75.0, -0.01, 5.0, 2.0, "bearish")
    actions = []
    for change in ({}, {"expiry_days": NAN}, {"event_days": NAN}, {"rsi": NAN}, {"divergence": ""}, {"regime": FLAT}):
        everything = everything._replace(**change)
        actions.append(advise(everything, DEFAULTS).action)
    assert actions == ["roll", "roll", "monetise", "tighten", "expand", "hold"]


@pytest.mark.parametrize("missing", ["rsi", "slope_change"])
def test_what_is_not_given_fires_nothing_and_is_said(missing) -> None:
    found = advise(given(BACK, 75.0, -0.01)._replace(**{missing: NAN}), DEFAULTS)
    assert found.action == "expand"
    assert f"{missing} not given" in found.inputs
    assert "regime backwardation" in found.inputs


# What each threshold changes, and a value that changes it; every other situation stays as it was.
MOVES = {
    "expiry_roll_days": (4.0, {"expiry"}),
    "event_roll_days": (1.0, {"event"}),
    "rsi_monetise": (76.0, {"monetise", "monetise deep"}),
    "slope_deepening": (-0.02, {"monetise", "monetise deep"}),
    "monetise_share": (0.5, {"monetise", "monetise deep"}),
    "contango_delta_low": (0.25, {"expiry", "event", "contango"}),
    "contango_delta_high": (0.40, {"expiry", "event", "contango", "steep"}),
    "flat_delta": (0.10, {"flat"}),
    "backwardation_delta_low": (0.10, {"monetise", "monetise deep", "diverging", "expand", "expand deep"}),
    "backwardation_delta_high": (0.19, {"monetise", "monetise deep", "diverging", "expand", "expand deep"}),
    "hedge_weight_low": (0.2, set(SITUATIONS)),
    "hedge_weight_high": (0.4, set(SITUATIONS)),
    "hedge_expand": (0.1, {"monetise", "monetise deep", "diverging", "expand", "expand deep"}),
}


def test_every_threshold_is_tried() -> None:
    assert set(MOVES) == set(DEFAULTS)


@pytest.mark.parametrize(("name", "value", "moved"), [(name, *move) for name, move in MOVES.items()])
def test_a_threshold_changes_what_it_should_and_no_other(name, value, moved) -> None:
    changed = {**DEFAULTS, name: value}
    # The words of a rule name its threshold; the situations above test the advice.
    differ = {key for key, at in SITUATIONS.items() if advise(at, changed)[:6] != advise(at, DEFAULTS)[:6]}
    assert differ == moved


def test_a_lower_rsi_threshold_monetises_earlier() -> None:
    at = given(BACK, 65.0, -0.01)
    assert advise(at, DEFAULTS).action == "expand"
    assert advise(at, {**DEFAULTS, "rsi_monetise": 60.0}).action == "monetise"
