"""Measures of index and futures data: on made series, and figures known from elsewhere on the real ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.research.made import made_history
from xlalvh.research.claims import indices
from xlalvh.research.claims.world import NotThereError, World


@pytest.fixture(scope="module")
def world(history, data):
    return World(history, data)


def _made(vix, spx, slope=0.02):
    return World(made_history(vix, spx, lambda i, level, left: level * (1.0 + slope * left / 30.0)))


@pytest.fixture(scope="module")
def falling():
    """SPX falls by a fifth twelve times; VIX trebles in the first nine, and rises by a half in the others."""
    spx, vix = [], []
    for episode in range(12):
        top = 3.0 if episode < 9 else 1.5
        down = np.linspace(0.0, 1.0, 20)
        spx += list(100.0 * (1 - 0.2 * down)) + list(np.linspace(80.0, 100.5, 40))
        vix += list(15.0 * (1 + (top - 1) * down)) + list(np.linspace(15.0 * top, 15.0, 40))
    return _made(vix, spx)


def test_doublings_are_counted(falling) -> None:
    found = indices.vix_doubles(falling)
    assert (found.estimate, found.episodes) == (9 / 12, 12)
    assert indices.future_doubles(falling).estimate == 9 / 12  # the curve is a fixed multiple of VIX


def test_contango_everywhere_is_found(falling) -> None:
    found = indices.contango_typical(falling)
    assert (found.estimate, found.low, found.high) == (1.0, 1.0, 1.0)


def test_which_gives_back_sooner(falling) -> None:
    found = indices.vix_reverts_faster(falling)
    assert found.estimate == 0.0  # both go back in straight lines over the same days
    assert found.episodes == 12


def test_a_random_walk_does_not_revert_and_a_pulled_series_does() -> None:
    rng = np.random.default_rng(1)
    walk = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.01, 6000)))
    pulled = np.empty(6000)
    pulled[0] = 0.0
    for i in range(1, 6000):
        pulled[i] = 0.9 * pulled[i - 1] + rng.normal(0, 0.05)
    spx = np.linspace(100, 200, 6000)
    assert indices.vix_reverts(_made(walk, spx)).high > 0.8
    true = 2 * (1 - 0.9**45) / (45 * 2 * (1 - 0.9))  # of an AR(1)
    assert indices.vix_reverts(_made(20 * np.exp(pulled), spx)).estimate == pytest.approx(true, rel=0.15)


def test_a_history_without_what_is_asked_says_so(falling) -> None:
    with pytest.raises(NotThereError, match="COR1M"):
        indices.correlations_converge(falling)
    with pytest.raises(NotThereError, match="2018-02-05"):
        indices.volmageddon_layers(falling)


@pytest.mark.parametrize(
    ("measure", "value", "within"),
    # the project's facts, computed apart from this code
    [
        (indices.correlation_points, -0.82, 0.01),
        (indices.correlation_logs, -0.74, 0.01),
        (indices.vix_reverts, 0.37, 0.03),
        (indices.volmageddon_months, 0.71, 0.005),
    ],
)
def test_known_figures_of_the_real_files(world, measure, value, within) -> None:
    assert measure(world).estimate == pytest.approx(value, abs=within)


def test_real_february_2018_by_hand(world) -> None:
    """Settlements of 2018-02-02 and 02-05: February, March and April contract."""
    found = indices.volmageddon_months(world)
    history = world.history
    i, j = (int(np.flatnonzero(history.day == np.datetime64(day))[0]) for day in ("2018-02-02", "2018-02-05"))
    moves = [
        float(np.diff(history.vx_settle[[i, j], history.vx_expiry.tolist().index(day)])[0])
        for day in history.vx_expiry.tolist()
        if str(day) in ("2018-02-14", "2018-03-21", "2018-04-18")
    ]
    assert found.estimate == pytest.approx((4 * moves[0] + 4 * moves[1] + 2 * moves[2]) / 10 / (37.32 - 17.31))
    assert math.isnan(found.low)
