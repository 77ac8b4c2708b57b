"""The edge that a tested condor keeps: states of the past, and the measure's arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xlalvh.research.claims import condors, edges
from xlalvh.research.claims.edges import Kept
from xlalvh.research.claims.world import World


@pytest.fixture(scope="module")
def world(history):
    return World(history)


def test_a_state_of_the_past_and_a_layer_of_half_the_size(world) -> None:
    market = condors.past(world)
    day = np.flatnonzero(market.history.day == np.datetime64("2017-05-15"))
    (whole,) = edges.kept(market, day)
    (half,) = edges.kept(market, day, 0.5)
    assert (whole.ev0, whole.out, whole.credit) == pytest.approx((half.ev0, half.out, half.credit))
    assert whole.over_out == pytest.approx(whole.layer - whole.out)
    # The hedge's gain is linear in its size, so holding (size 0) lies on the line through both.
    hold = 2 * half.layer - whole.layer
    assert math.isfinite(hold)
    assert whole.layer < hold  # it costs more than it brings in, on average


def _with(world, monkeypatch, states):
    monkeypatch.setattr(World, "edges", lambda self, *prices: states)
    return edges.edge_kept(world), edges.credit_kept(world)


def test_shares_are_of_sums(world, monkeypatch) -> None:
    states = [Kept(100.0, -50.0, -10.0, 40.0, 80.0), Kept(120.0, -60.0, 0.0, 60.0, 120.0)] * 6
    kept, credit = _with(world, monkeypatch, states)
    assert kept.estimate == pytest.approx(100 / 220)
    assert credit.estimate == pytest.approx(0.5)
    assert kept.episodes == 12
    assert credit.others == pytest.approx((0.5,) * 5)


def test_where_there_was_no_edge_no_share_of_it_is_told(world, monkeypatch) -> None:
    states = [Kept(10.0, -50.0, -10.0, 40.0, 80.0), Kept(-12.0, -60.0, 0.0, 60.0, 120.0)] * 6
    kept, credit = _with(world, monkeypatch, states)
    assert math.isnan(kept.estimate)
    assert kept.note.startswith("no edge at entry")
    assert credit.estimate == pytest.approx(0.5)
