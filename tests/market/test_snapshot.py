"""Parts of a snapshot against each other's time."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import FuturesCurve, QuoteError
from xlalvh.market.snapshot import combine

SAMPLE = sample_snapshot()


def _later(**gap: float) -> object:
    assert SAMPLE.vix is not None
    return dataclasses.replace(SAMPLE.vix, market_time=SAMPLE.spx.market_time + dt.timedelta(**gap))


@pytest.mark.parametrize(
    ("gap", "said"), [({"minutes": 15}, ""), ({"minutes": 16}, "16 minutes"), ({"days": 5}, "5.0 days")]
)
def test_parts_further_apart_than_a_quarter_of_an_hour_are_flagged(gap: dict[str, float], said: str) -> None:
    warnings = combine(SAMPLE.spx, _later(**gap)).warnings
    assert bool(warnings) == bool(said)
    assert all(said in line for line in warnings)


def test_parts_further_apart_than_five_days_are_refused_with_both_times() -> None:
    with pytest.raises(QuoteError, match=r"2026-01-14 15:45.*2026-01-19 16:45"):
        combine(SAMPLE.spx, _later(days=5, hours=1))


def test_futures_are_checked_too() -> None:
    curve = FuturesCurve("curve.csv", SAMPLE.spx.market_time - dt.timedelta(days=30), ())
    with pytest.raises(QuoteError, match="VIX futures"):
        combine(SAMPLE.spx, None, curve)


def test_chains_of_the_wrong_underlying_are_refused() -> None:
    assert SAMPLE.vix is not None
    with pytest.raises(QuoteError, match="--quotes"):
        combine(SAMPLE.vix)
    with pytest.raises(QuoteError, match="--vix-quotes"):
        combine(SAMPLE.spx, SAMPLE.spx)
