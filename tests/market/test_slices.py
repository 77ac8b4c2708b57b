"""Fitted smiles against their quotes, forwards against futures that traded, and a chain made by QuantLib."""

from __future__ import annotations

import csv
import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import QuantLib

from xlalvh.market import quality, slices
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.quotes import ChainSnapshot

LONG_FORMAT_TIME = dt.datetime(2025, 1, 29, 16, 15)
BEST = "SPX_2023-05-19_close.csv"
FILES = (
    BEST,
    "SPX_2022-02-04_close.csv",
    "SPX_2022-06-10_close.csv",
    "SPX_2022-07-12_1155ET.csv",
    "SPX_2023-02-07_close.csv",
    "SPX_2023-04-14_close.csv",
    "SPX_2023-06-09_1340ET.csv",
    "SPX_2023-08-18_close.csv",
    "SPX_2024-01-05_close.csv",
    "SPX_2024-02-13_0640ET.csv",
    "SPX_2025-01-29_long_format.csv",
)
TICK = 0.05  # a market locked at one price is no more certain than a tick


def quality_of_fit(snapshot: ChainSnapshot) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every two-sided option beyond 5 delta at 25-60 days: inside bid-ask, error in half-spreads, out of the money.

    Prices and deltas are QuantLib's, at the volatility of the fitted smile.
    """
    inside, errors, otm = [], [], []
    for part in slices.cut(snapshot):
        if not 25.0 <= part.years * 365.0 <= 60.0 or part.fit is None:
            continue
        chain = snapshot.chain.at(part.root, part.expiry)
        call_bid, call_ask, put_bid, put_ask = slices.sides(chain)
        vols = part.fit.smile.vol(chain.strike, part.forward, part.years)
        discount, root = math.exp(-part.rate * part.years), math.sqrt(part.years)
        for kind, bids, asks in (
            (QuantLib.Option.Call, call_bid, call_ask), (QuantLib.Option.Put, put_bid, put_ask)
        ):  # fmt: skip
            for k, v, bid, ask in zip(chain.strike, vols, bids, asks, strict=True):
                if not (math.isfinite(bid) and math.isfinite(ask)):
                    continue
                option = QuantLib.BlackCalculator(
                    QuantLib.PlainVanillaPayoff(kind, k), part.forward, v * root, discount
                )
                if abs(option.deltaForward()) > 0.05:
                    inside.append(bid <= option.value() <= ask)
                    errors.append(abs(option.value() - 0.5 * (bid + ask)) / max(0.5 * (ask - bid), 0.5 * TICK))
                    otm.append((k >= part.forward) == (kind == QuantLib.Option.Call))
    return np.array(inside), np.array(errors), np.array(otm)


@pytest.mark.parametrize("name", FILES)
def test_smiles_price_options_inside_their_market(data, name, capsys) -> None:
    asof = LONG_FORMAT_TIME if "long" in name else None
    inside, errors, otm = quality_of_fit(read_quote_table(data / "spx_chains" / name, asof))
    figures = [
        (len(inside[chosen]), float(inside[chosen].mean()), float(np.median(errors[chosen])))
        for chosen in (np.full(len(inside), True), otm)
    ]
    with capsys.disabled():
        if name == FILES[0]:
            print(f"\n{'25-60 days, beyond 5 delta':<32}   all  inside median  o.t.m. inside median (half-spreads)")
        columns = "  ".join(f"{count:>5}{share:>8.1%}{median:>7.2f}" for count, share, median in figures)
        print(f"{name:<32}{columns}")
    for count, share, median in figures:
        assert count > 500
        assert median <= 1.25
        assert share >= 0.95 or name != BEST


def test_a_file_that_ends_early_has_no_slice_at_25_to_60_days(data) -> None:
    inside, _, _ = quality_of_fit(read_quote_table(data / "spx_chains" / "SPX_2023-12-08_close_partial.csv"))
    assert len(inside) == 0


def test_vix_forwards_lie_within_the_days_range_of_their_futures(data) -> None:
    """Monthlies of 2023-05-15 whose VX future traded; without trades High and Low hold bid and ask."""
    snapshot = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    ranges = traded_ranges(data / "vx_futures" / "cboe_per_contract", "2023-05-15")
    forwards = {part.expiry: part.forward for part in slices.cut(snapshot, 0.05) if part.root == "VIX"}
    compared = sorted(set(forwards) & set(ranges))
    assert len(compared) >= 8
    for expiry in compared:
        low, high = ranges[expiry]
        assert low <= forwards[expiry] <= high, expiry


def traded_ranges(folder: Path, day: str) -> dict[dt.date, tuple[float, float]]:
    found = {}
    for path in sorted(folder.glob("VX_2023-*.csv")):
        with path.open() as file:
            row = next((r for r in csv.DictReader(file) if r["Trade Date"] == day), None)
        if row is not None and float(row["Total Volume"]) > 0.0:
            found[dt.date.fromisoformat(path.stem[3:])] = (float(row["Low"]), float(row["High"]))
    return found


# A chain made by QuantLib: two expiries from 2023-05-19 16:15 New York, forward and rate known, a skew in strike.

NOW = dt.datetime(2023, 5, 19, 20, 15, tzinfo=dt.UTC)
RATE = 0.05
STRIKES = np.arange(3400.0, 4801.0, 25.0)
EXPIRIES = {("SPX", dt.date(2023, 6, 16)): 4205.0, ("SPXW", dt.date(2023, 6, 30)): 4213.0}
MINUTES = {"SPX": 28 * 1440 - 405, "SPXW": 42 * 1440 - 15}  # to 09:30, to 16:00


def skew(strike: float, forward: float) -> float:
    y = math.log(strike / forward)
    return 0.15 - 0.5 * y + 1.2 * y * y


def made(quoted: bool = True) -> ChainSnapshot:
    rows = []
    for (root, expiry), forward in EXPIRIES.items():
        years = MINUTES[root] / 525_600
        for k in STRIKES:
            deviation, discount = skew(k, forward) * math.sqrt(years), math.exp(-RATE * years)
            prices = []
            for kind in (QuantLib.Option.Call, QuantLib.Option.Put):
                value = QuantLib.blackFormula(kind, float(k), forward, deviation, discount)
                half = 0.05 + 0.005 * value
                prices += [value - half if quoted and value > half else math.nan, value + half if quoted else math.nan]
            rows.append((root, expiry, float(k), *prices))
    chain = quality.build("SPX", *zip(*rows, strict=True))
    return ChainSnapshot("made by a test", NOW, 4192.0, chain)


def test_slices_have_the_forward_rate_and_volatilities_of_the_chain() -> None:
    found = slices.cut(made())
    assert [(part.root, part.expiry) for part in found] == list(EXPIRIES)
    for part in found:
        forward = EXPIRIES[part.root, part.expiry]
        assert part.years == pytest.approx(MINUTES[part.root] / 525_600, rel=1e-12)
        assert part.forward == pytest.approx(forward, abs=1e-3)
        assert part.rate == pytest.approx(RATE, abs=1e-5)
        assert (part.forward_source, part.reason) == ("parity", "")
        assert part.atm_vol == pytest.approx(0.15, abs=5e-4)
        assert part.fit is not None
        for k in (3800.0, 4000.0, 4400.0):
            vol = float(part.fit.smile.vol(np.array([k]), part.forward, part.years)[0])
            assert vol == pytest.approx(skew(k, forward), abs=1e-3)


def test_a_settled_expiry_is_no_slice() -> None:
    later = replace(made(), market_time=dt.datetime(2023, 6, 16, 14, 0, tzinfo=dt.UTC))  # 10:00 New York
    assert [part.root for part in slices.cut(later)] == ["SPXW"]


def test_without_quotes_a_slice_says_why() -> None:
    for part in slices.cut(made(quoted=False)):
        assert part.fit is None
        assert math.isnan(part.forward)
        assert math.isnan(part.atm_vol)
        assert part.forward_source == "none"
        assert "bid" in part.reason


def test_futures_give_the_forward_where_parity_does_not() -> None:
    """Halfway between two futures, and of the expiry itself."""
    futures = {dt.date(2023, 6, 16): 19.0, dt.date(2023, 7, 14): 21.0}
    first, second = slices.cut(made(quoted=False), futures=futures)
    assert (first.forward, first.forward_source) == (19.0, "VX future")
    assert (second.forward, second.forward_source) == (20.0, "interpolated VX futures")


def test_the_rate_that_stands_for_a_chain_is_that_nearest_to_45_days() -> None:
    found = slices.cut(made())
    assert slices.rate_near_45_days(found) == found[1].rate
    assert slices.rate_near_45_days([]) is None
