"""Each weight moves its own input's share of the band, and no weight moves nothing."""

from __future__ import annotations

import math

import pytest

from xlalvh.strategy import rules
from xlalvh.strategy.tilt import INPUTS, tilt

NONE = [0.0] * len(INPUTS)
HIGH = [1.0] * len(INPUTS)
DEFAULTS = list(rules.settle(rules.TILT).values())


def test_the_default_weights_are_zero_and_move_nothing() -> None:
    assert DEFAULTS == NONE
    assert len(INPUTS) == len(DEFAULTS)
    assert tilt(HIGH, DEFAULTS, 0.9, 0.6, 1.2)[-1].coverage == 0.9


@pytest.mark.parametrize("place", range(len(INPUTS)))
def test_one_weight_moves_one_row_and_the_coverage(place) -> None:
    """Half of half the band, 0.15, from the median to the highest; nothing at the median."""
    weights = [0.5 * (i == place) for i in range(len(INPUTS))]
    rows = tilt(HIGH, weights, 0.9, 0.6, 1.2)
    assert [row.coverage for row in rows[:-1]] == pytest.approx([0.15 * (i == place) for i in range(len(INPUTS))])
    assert rows[-1].coverage == pytest.approx(1.05)
    middle = [0.5 if i == place else 1.0 for i in range(len(INPUTS))]
    assert tilt(middle, weights, 0.9, 0.6, 1.2)[-1].coverage == pytest.approx(0.9)


def test_the_coverage_stays_in_the_band() -> None:
    assert tilt(HIGH, [2.0, *NONE[1:]], 0.9, 0.6, 1.2)[-1].coverage == 1.2
    assert tilt(HIGH, [-2.0, *NONE[1:]], 0.9, 0.6, 1.2)[-1].coverage == 0.6


def test_a_missing_percentile_matters_only_where_it_has_a_weight() -> None:
    missing = [math.nan, *HIGH[1:]]
    assert tilt(missing, NONE, 0.9, 0.6, 1.2)[-1].coverage == 0.9
    rows = tilt(missing, [0.5, *NONE[1:]], 0.9, 0.6, 1.2)
    assert math.isnan(rows[0].coverage)
    assert math.isnan(rows[-1].coverage)
