"""The verdict's rule, and planted claims that are known to be true and false."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.research import bootstrap
from xlalvh.research.claims import report
from xlalvh.research.claims.claim import Claim, Found, Judgement, Kind, Region, judge
from xlalvh.research.claims.world import World

REGION = Region(0.35, 0.55)


def _claim(region=REGION, kind=Kind.SERIES, measure=None):
    return Claim("planted", "edge", "quote", "says", "method", region=region, kind=kind, measure=measure)


def _found(low, high, episodes=20, others=()):
    return Found((low + high) / 2, low, high, episodes, "sample", others=others)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (_found(0.40, 0.50), "holds"),
        (_found(0.35, 0.55), "holds"),
        (_found(0.10, 0.20), "fails"),
        (_found(0.56, 0.90), "fails"),
        (_found(0.30, 0.50), "undecided (n = 20)"),
        (_found(0.10, 0.90), "undecided (n = 20)"),
        (_found(0.40, 0.50, 9), "undecided (n = 9)"),
        (_found(0.10, 0.20, 9), "undecided (n = 9)"),
        (_found(0.40, 0.50, 10), "holds"),
        (_found(math.nan, math.nan), "undecided (n = 20)"),
        (_found(0.40, 0.50, others=(0.45, 0.54)), "holds"),
        (_found(0.40, 0.50, others=(0.45, 0.60)), "undecided (n = 20)"),
        (_found(0.10, 0.20, others=(0.05, 0.40)), "undecided (n = 20)"),
    ],
)
def test_verdicts(found, words):
    assert judge(_claim(), found).words == words


def test_an_event_bears_no_inference():
    assert judge(_claim(kind=Kind.EVENT), _found(0.40, 0.50)).words == "measured, no inference"


def test_untestable_says_why():
    verdict = judge(_claim(kind=Kind.UNTESTABLE), None, "no data")
    assert (verdict.words, verdict.reason) == ("untestable", "no data")
    assert report.row(verdict).method == "not measured: no data"


numbers = st.floats(-10, 10)


@given(numbers, numbers, numbers, numbers, st.integers(0, 30))
def test_never_both_and_never_without_enough_episodes(a, b, c, d, episodes):
    region, (low, high) = Region(*sorted((a, b))), sorted((c, d))
    verdict = judge(_claim(region), _found(low, high, episodes)).judgement
    if episodes < 10:
        assert verdict is Judgement.UNDECIDED
    if verdict is Judgement.HOLDS:
        assert region.low <= low <= high <= region.high
    if verdict is Judgement.FAILS:
        assert high < region.low or low > region.high


def test_planted_claims_come_out_as_they_are():
    """A hedge that cuts losses by 45 % on made days: a claim of 35 to 55 % is true, one of 70 to 90 % false."""
    rng = np.random.default_rng(11)
    bare = np.minimum(rng.normal(0, 1, 3000), 0) + np.convolve(rng.normal(0, 0.3, 3020), np.ones(21) / 21, "valid")
    hedged = 0.55 * bare + rng.normal(0, 0.05, 3000)

    def cut(world):
        found = bootstrap.interval(lambda x, y: 1 - bootstrap.ratio(x, y), hedged, bare, block=63)
        return Found(found.estimate, found.low, found.high, len(bare) // 63, "made")

    world = World(history=None)  # the planted measure has its own days
    assert report.examine(_claim(Region(0.35, 0.55), measure=cut), world).words == "holds"
    assert report.examine(_claim(Region(0.70, 0.90), measure=cut), world).words == "fails"
    assert report.examine(_claim(Region(0.45, 0.46), measure=cut), world).words.startswith("undecided")
