"""Marks of positions: the smile of the expiry itself, or total variance between two; XSP as a tenth of SPX."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from xlalvh.market import calendar
from xlalvh.market.positions.legs import Contract
from xlalvh.numerics.smile import Smile
from xlalvh.strategy.marking import Expiry, UnpricedError, mark

NOW = calendar.from_new_york(dt.datetime(2023, 5, 19, 16, 15))
SMILE = Smile(0.002, 0.02, -0.6, 0.045, 0.06)


def expiry(root: str, day: dt.date, forward: float, scale: float = 1.0, *, smile: bool = True) -> Expiry:
    fitted = SMILE._replace(a=SMILE.a * scale, b=SMILE.b * scale)
    return Expiry(root, day, calendar.years(root, day, NOW), forward, 0.05, fitted if smile else None)


JUNE = expiry("SPXW", dt.date(2023, 6, 30), 4208.0)
MORNING = expiry("SPX", dt.date(2023, 6, 16), 4200.0, 0.8)
JULY = expiry("SPXW", dt.date(2023, 7, 14), 4214.0, 1.5)
SPX = (MORNING, JUNE, JULY)


def variance(e: Expiry, y: float) -> float:
    """Total variance of raw SVI (Gatheral, 2004)."""
    s = e.smile
    assert s is not None
    return s.a + s.b * (s.rho * (y - s.m) + math.hypot(y - s.m, s.sigma))


def test_own_expiry() -> None:
    found = mark(Contract("SPXW", JUNE.expiry, "P", 3900.0), SPX, NOW)
    assert (found.years, found.forward, found.rate, found.source) == (JUNE.years, 4208.0, 0.05, "its expiry")
    assert found.vol == pytest.approx(math.sqrt(variance(JUNE, math.log(3900 / 4208.0)) / JUNE.years), rel=1e-12)


def test_xsp_is_a_tenth() -> None:
    spx = mark(Contract("SPXW", JUNE.expiry, "P", 3900.0), SPX, NOW)
    xsp = mark(Contract("XSP", JUNE.expiry, "P", 390.0), SPX, NOW)
    assert xsp == spx._replace(forward=420.8)


def test_between_two_expiries() -> None:
    day = dt.date(2023, 7, 7)
    found = mark(Contract("SPXW", day, "C", 4300.0), SPX, NOW)
    t = calendar.years("SPXW", day, NOW)
    share = (t - JUNE.years) / (JULY.years - JUNE.years)
    forward = 4208.0 + share * 6.0
    y = math.log(4300.0 / forward)
    total = (1 - share) * variance(JUNE, y) + share * variance(JULY, y)
    assert (found.years, found.source) == (t, "between 2023-06-30 and 2023-07-14")
    assert found.forward == pytest.approx(forward, rel=1e-14)
    assert found.vol == pytest.approx(math.sqrt(total / t), rel=1e-12)


def test_the_other_settlement_of_the_day_is_not_its_own() -> None:
    found = mark(Contract("SPXW", MORNING.expiry, "P", 4000.0), SPX, NOW)
    assert found.source.startswith("between")
    assert found.years > MORNING.years


def test_an_expiry_without_a_smile_lies_between_its_neighbours() -> None:
    bare = expiry("SPXW", dt.date(2023, 7, 7), math.nan, smile=False)
    found = mark(Contract("SPXW", bare.expiry, "C", 4300.0), (*SPX, bare), NOW)
    assert found.source == "between 2023-06-30 and 2023-07-14"


def test_vix_weeklies_and_monthlies_are_one_index() -> None:
    vix = (expiry("VIX", dt.date(2023, 6, 21), 20.3, 30.0), expiry("VIX", dt.date(2023, 7, 19), 21.8, 40.0))
    found = mark(Contract("VIXW", dt.date(2023, 7, 5), "C", 22.0), vix, NOW)
    assert 20.3 < found.forward < 21.8
    assert mark(Contract("VIX", dt.date(2023, 6, 21), "C", 22.0), vix, NOW).forward == 20.3


@pytest.mark.parametrize(
    ("contract", "expiries", "said"),
    [
        (Contract("SPXW", dt.date(2023, 5, 19), "C", 4200.0), SPX, "settled on 2023-05-19"),
        (Contract("SPXW", dt.date(2023, 5, 26), "C", 4200.0), SPX, "from 2023-06-16 to 2023-07-14 only"),
        (Contract("SPXW", dt.date(2024, 6, 21), "C", 4200.0), SPX, "from 2023-06-16 to 2023-07-14 only"),
        (Contract("SPXW", dt.date(2041, 6, 21), "C", 4200.0), SPX, "calendar"),
        (Contract("VIX", dt.date(2023, 6, 21), "C", 20.0), (), "no smile"),
    ],
)
def test_what_is_not_priced_says_why(contract: Contract, expiries: tuple[Expiry, ...], said: str) -> None:
    with pytest.raises(UnpricedError, match=said):
        mark(contract, expiries, NOW)
