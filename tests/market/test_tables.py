"""The Market sheet's tables against the files they come from."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.vx_futures import read_futures
from xlalvh.market.snapshot import combine
from xlalvh.market.tables import MarketTables, tabulate

SPX = "spx_chains/SPX_2023-05-19_close.csv"
VIX = "vix_chains/VIX_2023-05-15_1147ET_cboe_quotedata.csv"


@pytest.fixture(scope="module")
def tables(data: Path) -> MarketTables:
    return tabulate(combine(read_quote_table(data / SPX), read_quote_table(data / VIX)))


def test_a_quote_is_the_files(tables: MarketTables, data: Path) -> None:
    """SPXW 2023-07-03 4200, read off the file's own line."""
    with (data / SPX).open(encoding="utf-8") as file:
        line = next(row for row in csv.reader(file) if len(row) > 1 and row[1] == "SPXW230703C04200000")
    row = next(q for q in tables.spx_quotes if q.expiry == dt.date(2023, 7, 3) and q.strike == 4200.0)
    assert (row.call_bid, row.call_ask) == (float(line[4]), float(line[5]))
    assert (row.put_bid, row.put_ask) == (float(line[15]), float(line[16]))


def test_morning_options_are_not_listed_for_the_condor(tables: MarketTables) -> None:
    """2023-06-16 is a monthly with both roots: the p.m. quotes are listed, once a strike."""
    keys = [(q.expiry, q.strike) for q in tables.spx_quotes]
    assert len(keys) == len(set(keys))
    assert {q.expiry for q in tables.spx_quotes} <= {row.expiry for row in tables.spx if row.root == "SPXW"}


def test_vix_monthlies_are_numbered(tables: MarketTables) -> None:
    numbered = [(row.monthly, row.expiry) for row in tables.vix if row.monthly is not None]
    assert numbered[:4] == [
        (1, dt.date(2023, 5, 17)),
        (2, dt.date(2023, 6, 21)),
        (3, dt.date(2023, 7, 19)),
        (4, dt.date(2023, 8, 16)),
    ]
    assert all(row.root == "VIXW" for row in tables.vix if row.monthly is None)


def test_the_curve_without_futures_is_parity_and_says_so(tables: MarketTables) -> None:
    assert {row.source for row in tables.futures} == {"put-call parity of VIX options"}
    forwards = {row.expiry: row.forward for row in tables.vix}
    assert all(row.price == forwards[row.expiry] for row in tables.futures)


def test_given_futures_make_the_curve(data: Path) -> None:
    """Settlements of 2023-05-19 as Cboe's contract files have them; parity still prices the options."""
    curve = read_futures(data / "vx_futures" / "VX_all_contracts_long.csv", dt.date(2023, 5, 19))
    snapshot = combine(read_quote_table(data / SPX), read_quote_table(data / VIX), curve)
    found = tabulate(snapshot)
    prices = {row.expiry: row.price for row in found.futures}
    assert prices[dt.date(2023, 6, 21)] == 19.6485
    assert prices[dt.date(2023, 7, 19)] == 21.4995
    assert all(row.forward_source == "parity" for row in found.vix if row.forward is not None)


def test_blank_means_missing(tables: MarketTables) -> None:
    quotes = np.array([q[2:] for q in tables.spx_quotes], dtype=float)
    assert not (quotes[np.isfinite(quotes)] <= 0.0).any()
