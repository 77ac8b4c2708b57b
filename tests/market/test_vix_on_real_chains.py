"""The VIX of real SPX chains against what Cboe published for their market date.

Cboe takes the Friday expiries with more than 23 and less than 37 days to go: the a.m. monthly (root SPX) on third
Fridays, SPXW on the others, Thursday where the Friday is a holiday. The rate is that of put-call parity, or DFF.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from xlalvh.formulas import alvh_vix_index
from xlalvh.market import calendar, slices
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.quotes import ChainSnapshot
from xlalvh.numerics import parity

CLOSES = (
    "SPX_2022-02-04_close.csv", "SPX_2022-06-10_close.csv", "SPX_2023-02-07_close.csv", "SPX_2023-04-14_close.csv",
    "SPX_2023-05-19_close.csv", "SPX_2023-08-18_close.csv", "SPX_2024-01-05_close.csv", "SPX_2024-02-13_0640ET.csv",
)  # fmt: skip
IN_SESSION = ("SPX_2022-07-12_1155ET.csv", "SPX_2023-06-09_1340ET.csv")
WITHOUT_A_PAIR = ("SPX_2023-12-08_close_partial.csv", "SPX_2025-01-29_long_format.csv")
LONG_FORMAT_TIME = dt.datetime(2025, 1, 29, 16, 15)


def read(data: Path, name: str) -> tuple[ChainSnapshot, dt.date]:
    """A chain and its market date in New York."""
    snapshot = read_quote_table(data / "spx_chains" / name, LONG_FORMAT_TIME if "long" in name else None)
    return snapshot, calendar.to_new_york(snapshot.market_time).date()


def wanted(day: dt.date) -> list[tuple[str, dt.date]]:
    """Root and settlement day of the expiries that Cboe would take."""
    found = []
    for days in range(24, 37):
        friday = day + dt.timedelta(days)
        if friday.weekday() == 4:
            third = 15 <= friday.day <= 21
            found.append(
                ("SPX" if third else "SPXW", friday if calendar.is_session(friday) else friday - dt.timedelta(1))
            )
    return found


def published(data: Path, day: dt.date) -> dict[str, float]:
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        row = next(r for r in csv.DictReader(file) if r["DATE"] == f"{day:%m/%d/%Y}")
    return {name: float(row[name]) for name in ("OPEN", "HIGH", "LOW", "CLOSE")}


def funds_rate(data: Path, day: dt.date) -> float:
    with (data / "indices" / "fred_DFF.csv").open() as file:
        rate = next(float(r["value"]) for r in csv.DictReader(file) if r["date"] == day.isoformat())
    return 365.0 * math.log(1.0 + rate / 100.0 / 360.0)


def vix(snapshot: ChainSnapshot, expiries: list[tuple[str, dt.date]], rate: float | None) -> float:
    """Through the formula, at one rate or at each expiry's own parity rate."""
    arguments: list[object] = []
    for root, expiry in expiries:
        chain = snapshot.chain.at(root, expiry)
        years = calendar.years(root, expiry, snapshot.market_time)
        line = parity.fit(chain.strike, *slices.sides(chain), years)
        assert line is not None
        quotes = np.column_stack([chain.strike, chain.call.bid, chain.call.ask, chain.put.bid, chain.put.ask])
        arguments += [quotes, years, line.rate if rate is None else rate]
    found = alvh_vix_index(*arguments)
    assert isinstance(found, float), found
    return found


@pytest.mark.parametrize("name", CLOSES)
def test_closing_chains_give_the_published_close(data, name) -> None:
    snapshot, day = read(data, name)
    expiries = wanted(day)
    assert len(expiries) == 2
    close = published(data, day)["CLOSE"]
    assert vix(snapshot, expiries, None) == pytest.approx(close, abs=0.15)
    assert vix(snapshot, expiries, funds_rate(data, day)) == pytest.approx(close, abs=0.15)


def test_the_file_of_2024_02_13_before_the_open_belongs_to_the_day_before(data) -> None:
    assert read(data, "SPX_2024-02-13_0640ET.csv")[1] == dt.date(2024, 2, 12)


@pytest.mark.parametrize("name", IN_SESSION)
def test_chains_of_the_session_lie_in_the_days_range(data, name) -> None:
    snapshot, day = read(data, name)
    levels = published(data, day)
    assert levels["LOW"] <= vix(snapshot, wanted(day), funds_rate(data, day)) <= levels["HIGH"]


@pytest.mark.parametrize("name", WITHOUT_A_PAIR)
def test_chains_without_both_expiries(data, name) -> None:
    """A partial file without 2024-01-05 and -12; a long file, whose roots are unknown and 37 days end before a second
    Friday."""
    snapshot, day = read(data, name)
    assert sum(pair in snapshot.chain.expiries() for pair in wanted(day)) < 2


def test_every_file_is_in_one_list(data) -> None:
    assert {p.name for p in (data / "spx_chains").glob("*.csv")} == {*CLOSES, *IN_SESSION, *WITHOUT_A_PAIR}
