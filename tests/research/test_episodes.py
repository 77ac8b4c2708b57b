"""Drawdowns against a plain walk, and on the real index."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.research.episodes import Drawdown, drawdowns


def _walk(levels, least):
    """Plain: remember the last high and the lowest place since."""
    found, peak, low = [], 0, 0
    for i, level in enumerate(levels):
        if level >= levels[peak]:
            if levels[low] / levels[peak] - 1 <= -least:
                found.append((peak, low, i))
            peak = low = i
        elif level < levels[low]:
            low = i
    if levels[low] / levels[peak] - 1 <= -least:
        found.append((peak, low, None))
    return found


@given(st.lists(st.integers(50, 150), min_size=1, max_size=60), st.sampled_from([0.031, 0.052, 0.2003]))
def test_as_a_plain_walk(levels, least):
    assert [found[:3] for found in drawdowns(levels, least)] == _walk(levels, least)


def test_a_fall_of_just_the_threshold_counts():
    assert drawdowns([100, 95], 0.05) == [Drawdown(0, 1, None, -0.05)]


@pytest.mark.parametrize(("levels", "least", "said"), [([1, 0], 0.1, "above 0"), ([1, 2], 5, "least is 5")])
def test_refused(levels, least, said):
    with pytest.raises(ValueError, match=said):
        drawdowns(levels, least)


def test_real_drawdowns_of_spx(data):
    spx = read_index_history(data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv")
    days = spx.dates.astype(object)
    some = (days >= dt.date(2010, 1, 1)) & (days <= dt.date(2021, 6, 11))
    found = drawdowns(spx.close[some], 0.05)
    assert len(found) == 16
    assert sum(each.depth <= -0.10 for each in found) == 6
    crash = next(each for each in found if days[some][each.peak] == dt.date(2020, 2, 19))
    assert days[some][crash.trough] == dt.date(2020, 3, 23)
    assert crash.depth == pytest.approx(2237.40 / 3386.15 - 1, abs=1e-4)
    assert np.all(np.diff([each.peak for each in found]) > 0)
