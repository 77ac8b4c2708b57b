"""Quote tables: every real file against another reading of it, each variant, and whatever else may come."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlalvh.market import calendar, quality
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.quotes import ChainSnapshot, OptionChain, QuoteError

ASOF = dt.datetime(2025, 1, 29, 16, 15)

# Market time in New York and index level, read from the two top lines by eye.
REAL = {
    "spx_chains/SPX_2022-02-04_close.csv": ((2022, 2, 4, 16, 15), 4500.5298),
    "spx_chains/SPX_2022-06-10_close.csv": ((2022, 6, 10, 16, 15), 3900.8601),
    "spx_chains/SPX_2022-07-12_1155ET.csv": ((2022, 7, 12, 11, 40), 3856.28),
    "spx_chains/SPX_2023-02-07_close.csv": ((2023, 2, 7, 16, 15), 4164.0),
    "spx_chains/SPX_2023-04-14_close.csv": ((2023, 4, 14, 16, 15), 4137.6401),
    "spx_chains/SPX_2023-05-19_close.csv": ((2023, 5, 19, 16, 15), 4191.98),
    "spx_chains/SPX_2023-06-09_1340ET.csv": ((2023, 6, 9, 13, 25), 4300.0098),
    "spx_chains/SPX_2023-08-18_close.csv": ((2023, 8, 18, 16, 15), 4369.71),
    "spx_chains/SPX_2023-12-08_close_partial.csv": ((2023, 12, 8, 16, 15), 4604.3701),
    "spx_chains/SPX_2024-01-05_close.csv": ((2024, 1, 5, 16, 15), 4697.2402),
    "spx_chains/SPX_2024-02-13_0640ET.csv": ((2024, 2, 12, 16, 15), 5021.8398),
    "vix_chains/VIX_2023-05-15_1147ET_cboe_quotedata.csv": ((2023, 5, 15, 11, 32), 17.33),
}


def independent(path: Path) -> pd.DataFrame:
    """The option rows as pandas reads them, with root and expiry cut from the symbol by position from its end."""
    top = path.read_text(encoding="utf-8").split("\n")
    skip = next(i for i, line in enumerate(top) if line.startswith("Expiration Date"))
    frame = pd.read_csv(path, skiprows=skip, skip_blank_lines=False)
    frame["root"] = frame["Calls"].str[:-15]
    frame["expiry"] = pd.to_datetime(frame["Expiration Date"], format="%a %b %d %Y").to_numpy().astype("datetime64[D]")
    return frame.sort_values(["expiry", "root", "Strike"], kind="stable").reset_index(drop=True)


@pytest.mark.parametrize("name", REAL)
def test_real_files_agree_with_another_reading(data: Path, name: str) -> None:
    began = time.perf_counter()
    found = read_quote_table(data / name)
    assert time.perf_counter() - began < 2.0  # 0.1 to 0.2 s; slow machines may be busy
    wall, spot = REAL[name]
    assert calendar.to_new_york(found.market_time) == dt.datetime(*wall)
    assert found.market_time.tzinfo is dt.UTC
    assert found.spot == spot
    assert found.notes == ()
    expected = independent(data / name)
    chain = found.chain
    assert len(chain) == len(expected)
    assert len(chain.expiries()) == len(expected.groupby(["root", "expiry"]))
    np.testing.assert_array_equal(chain.root, expected["root"].to_numpy(dtype=np.str_))
    np.testing.assert_array_equal(chain.expiry, expected["expiry"].to_numpy().astype("datetime64[D]"))
    np.testing.assert_array_equal(chain.strike, expected["Strike"])
    for prices, column in (
        (chain.call.bid, "Bid"), (chain.call.ask, "Ask"), (chain.put.bid, "Bid.1"), (chain.put.ask, "Ask.1"),
    ):  # fmt: skip
        np.testing.assert_array_equal(prices, expected[column].where(expected[column] > 0))
    counted = quality.summary(chain)
    assert counted["quotes"] == 2 * len(expected)
    assert counted["no bid"] == int((expected[["Bid", "Bid.1"]] <= 0).to_numpy().sum())
    assert counted["no ask"] == int((expected[["Ask", "Ask.1"]] <= 0).to_numpy().sum())
    assert counted["arbitrage"] <= 0.01 * counted["quotes"]


def test_the_long_format_leaves_out_what_is_ambiguous(data: Path) -> None:
    path = data / "spx_chains" / "SPX_2025-01-29_long_format.csv"
    with pytest.raises(QuoteError, match=r"market time is unknown; pass the market time with --asof"):
        read_quote_table(path)
    found = read_quote_table(path, ASOF)
    assert found.market_time == dt.datetime(2025, 1, 29, 21, 15, tzinfo=dt.UTC)
    assert found.spot == 6039.3101
    frame = pd.read_csv(path)
    keys = ["Expiration Date", "Strike", "Type"]
    twice = set(frame.loc[frame.duplicated(keys), "Expiration Date"])
    days = {day: dt.date.fromisoformat(day) for day in frame["Expiration Date"].unique()}
    third = {day for day, d in days.items() if (d.weekday(), (d.day - 1) // 7) == (4, 2)}
    holiday = {"2025-04-17", "2026-06-18"} & set(days)  # the Thursday, where that Friday is a holiday
    out = frame["Expiration Date"].isin(twice | third | holiday)
    assert found.notes == (
        f"left out: {out.sum():,} rows of {len(twice | third | holiday)} expiries that list a strike twice or are "
        "monthly; without a root, SPX and SPXW cannot be told apart",
    )
    assert set(found.chain.root) == {"UNKNOWN"}
    assert len(found.chain.expiries()) == len(days) - len(twice | third | holiday) == 36
    kept = frame[~out].pivot(index=keys[:2], columns="Type", values=["Bid", "Ask"]).sort_index()
    np.testing.assert_array_equal(found.chain.strike, kept.index.get_level_values(1))
    np.testing.assert_array_equal(found.chain.put.ask, kept["Ask"]["Put"].where(kept["Ask"]["Put"] > 0))
    np.testing.assert_array_equal(found.chain.call.bid, kept["Bid"]["Call"].where(kept["Bid"]["Call"] > 0))


def test_asof_is_the_market_time_of_a_file_without_one(data: Path) -> None:
    path = data / "spx_chains" / "SPX_2025-01-29_long_format.csv"
    found = read_quote_table(path, dt.datetime(2025, 1, 29, 15, 0))
    assert found.market_time == dt.datetime(2025, 1, 29, 20, 0, tzinfo=dt.UTC)
    aware = read_quote_table(path, dt.datetime(2025, 1, 29, 20, 0, tzinfo=dt.UTC))
    assert aware.market_time == found.market_time
    with pytest.raises(QuoteError, match="has settled at the market time 2031-01-01 16:15 New York; pass the market"):
        read_quote_table(path, dt.datetime(2031, 1, 1, 16, 15))
    with pytest.raises(QuoteError, match="asof is 1999-01-01"):
        read_quote_table(path, dt.datetime(1999, 1, 1))


def test_asof_never_stands_against_the_files_own_time(data: Path) -> None:
    path = data / "spx_chains" / "SPX_2023-05-19_close.csv"
    with pytest.raises(QuoteError, match=r"2023-05-19 16:15 New York, asof says 2023-06-09 16:00; leave asof out"):
        read_quote_table(path, dt.datetime(2023, 6, 9, 16, 0))
    same = read_quote_table(path, dt.datetime(2023, 5, 19, 16, 15))
    assert same.market_time == dt.datetime(2023, 5, 19, 20, 15, tzinfo=dt.UTC)


NAME = "S&P 500 INDEX,Last: 4697.24,Change:  8.56"
STAMP = '"Date: January 5, 2024 at 11:00 AM EST",Bid: 4645.23,Ask: 4753.89,Size: 1*1,Volume: 0'
HALF = "Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest"
HEADER = f"Expiration Date,Calls,{HALF},Strike,Puts,{HALF}"


def row(symbol: str = "SPXW240216", strike: float = 4700.0, cb: str = "60.1", pa: str = "58.3") -> str:
    code = f"{round(strike * 1000):08d}"
    return (
        f"Fri Feb 16 2024,{symbol}C{code},0,0,{cb},60.5,0,0.1,0.5,0,0,{strike:.2f},"
        f"{symbol}P{code},0,0,58.0,{pa},0,0.1,-0.5,0,0"
    )


def short(line: str) -> str:
    """A row of the variant without IV, delta and gamma."""
    cells = line.split(",")
    return ",".join(cells[:7] + cells[10:18] + cells[21:])


ROWS = [row(strike=4600.0), row(strike=4700.0), row("SPX240216", 4700.0)]


def read(tmp_path: Path, *lines: str, name: str = "quotes.csv", asof: dt.datetime | None = None) -> ChainSnapshot:
    path = tmp_path / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_quote_table(path, asof)


@pytest.mark.parametrize(
    "lines",
    [
        ["", NAME, STAMP, HEADER, *ROWS],
        [NAME, STAMP, HEADER, *ROWS],
        ["", "", NAME, STAMP, "", HEADER, *ROWS, "", ""],
        [NAME + "," * 19, STAMP + "," * 17, HEADER, *ROWS],
        ["", NAME, STAMP.replace('"', ""), HEADER, *ROWS],
        ["", NAME, STAMP, *ROWS],
        ["", NAME, STAMP, short(HEADER), *map(short, ROWS)],
        ["", NAME, STAMP, *map(short, ROWS)],
        ["", NAME, STAMP, HEADER.replace("Strike", "Basispreis"), *ROWS],
        ["\ufeff" + NAME, STAMP, HEADER, *(line + "\r" for line in ROWS)],
    ],
)
def test_variants_read_alike(tmp_path: Path, lines: list[str]) -> None:
    found = read(tmp_path, *lines)
    assert calendar.to_new_york(found.market_time) == dt.datetime(2024, 1, 5, 10, 45)
    assert (found.spot, found.source, found.notes, found.sample) == (4697.24, "quotes.csv", (), False)
    assert found.chain.underlying == "SPX"
    assert found.chain.expiries() == [("SPX", dt.date(2024, 2, 16)), ("SPXW", dt.date(2024, 2, 16))]
    assert found.chain.at("SPXW", dt.date(2024, 2, 16)).strike.tolist() == [4600.0, 4700.0]
    assert found.chain.call.bid.tolist() == [60.1] * 3
    assert found.chain.put.ask.tolist() == [58.3] * 3


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    lines = [
        *ROWS,
        row(strike=4700.0, cb="1.0"),  # again
        row("SPX1240216", 4700.0),  # adjusted
        row("VIX240214", 15.0),
        row(strike=4800.0).replace("P04800000", "P04900000"),  # two strikes in one row
        row(strike=4810.0).replace(",4810.00,", ",4820.00,"),
        row("SPXW241316", 4830.0),  # no such month
        row(strike=4840.0)[:90],  # cut
    ]
    found = read(tmp_path, "", NAME, STAMP, HEADER, *lines)
    assert len(found.chain) == 3
    assert set(found.notes) == {
        "left out: 4 rows cut short or unreadable",
        "left out: 1 row repeating an earlier one",
        "left out: 1 row with the root SPX1",
        "left out: 1 row with the root VIX",
    }
    assert found.chain.at("SPXW", dt.date(2024, 2, 16)).call.bid.tolist() == [60.1, 60.1]


@pytest.mark.parametrize("cell", ["", "#N/A", "-1", "0", "nan", "inf", "abc"])
def test_a_price_that_is_none_is_missing(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, "", NAME, STAMP, HEADER, row(cb=cell, pa=cell))
    assert np.isnan(found.chain.call.bid[0])
    assert np.isnan(found.chain.put.ask[0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n ", "is empty"),
        ("<!DOCTYPE html><html>", "holds a web page"),
        ('{"timestamp": "2026-01-01"}', "holds JSON"),
        ("PK\x03\x04", "is a workbook"),
        ("\x00\x01", "is binary"),
        ("DATE,OPEN,HIGH,LOW,CLOSE\n01/02/1990,17.24,17.24,17.24,17.24", "no header and no option rows; its first"),
        (f"{NAME}\n{STAMP}\n{HEADER}\n", "holds no option row that can be read"),
        ("\n".join([NAME, STAMP, HEADER, row("SPY240216")]), "holds options of SPY; give the CSV file"),
        ("\n".join([STAMP, HEADER, *ROWS]), 'no "Last:" level'),
        ("\n".join([NAME, HEADER, *ROWS]), "has no date line.*--asof"),
        ("\n".join([NAME, STAMP.replace("EST", "IST"), HEADER, *ROWS]), "time zone IST.*--asof"),
        ("\n".join([NAME, STAMP, "Strike,Calls,Puts", *ROWS]), "no Bid and Ask columns"),
        ("\n".join([NAME, STAMP.replace("2024", "2003"), HEADER, *ROWS]), "runs from 2004-01-01.*--asof"),
    ],
)
def test_wrong_files_are_refused_with_a_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(QuoteError, match=message) as caught:
        read(tmp_path, text)
    assert "quotes.csv" in str(caught.value)
    assert any(word in str(caught.value) for word in ("give the CSV", "--asof"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuoteError, match="No such file"):
        read_quote_table(tmp_path / "none.csv")
    with pytest.raises(QuoteError, match="directory"):
        read_quote_table(tmp_path)


price = st.one_of(st.just(float("nan")), st.integers(1, 50_000).map(lambda n: n / 100.0))
option_row = st.tuples(
    st.sampled_from(["SPX", "SPXW"]), st.integers(3, 900), st.integers(1, 40_000).map(lambda n: n / 4.0),
    price, price, price, price,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(option_row, min_size=1, max_size=12, unique_by=lambda r: r[:3]), st.booleans(), st.booleans(),
    st.sampled_from([STAMP, "Date: 5 января 2024 г. в 11:00 GMT-5,Bid: 1,Ask: 2", "Date: 5 January 2024, 11:00 UTC−5"]),
)  # fmt: skip
def test_a_chain_written_and_read_back_is_the_same(
    tmp_path: Path, rows: list[tuple], blank: bool, greeks: bool, stamp: str
) -> None:
    start = dt.date(2024, 1, 5)
    lines = []
    for root, days, strike, *prices in rows:
        day = start + dt.timedelta(days=days)
        code = f"{day:%y%m%d}", f"{round(strike * 1000):08d}"
        cb, ca, pb, pa = ("0" if np.isnan(p) else f"{p:g}" for p in prices)
        line = (
            f"{day:%a %b %d %Y},{root}{code[0]}C{code[1]},0,0,{cb},{ca},0,0,0,0,0,{strike:.2f},"
            f"{root}{code[0]}P{code[1]},0,0,{pb},{pa},0,0,0,0,0"
        )
        lines.append(line if greeks else short(line))
    head = [""] * blank + [NAME, stamp, HEADER if greeks else short(HEADER)]
    found = read(tmp_path, *head, *lines)
    columns = list(zip(*rows, strict=True))
    columns[1] = tuple(start + dt.timedelta(days=days) for days in columns[1])
    same_chain(found.chain, quality.build("SPX", columns[0], np.array(columns[1], "datetime64[D]"), *columns[2:]))
    assert found.notes == ()
    assert found.market_time == dt.datetime(2024, 1, 5, 15, 45, tzinfo=dt.UTC)


def same_chain(one: OptionChain, two: OptionChain) -> None:
    for name in ("root", "expiry", "strike"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for side in ("call", "put"):
        for name in ("bid", "ask", "flags"):
            np.testing.assert_array_equal(getattr(getattr(one, side), name), getattr(getattr(two, side), name))


fragment = st.one_of(
    st.sampled_from([NAME, STAMP, HEADER, *ROWS, short(ROWS[0]), "Date: ,Bid:", "Strike,Type,Calls,Puts", '"']),
    st.text(max_size=40),
    st.tuples(st.sampled_from([NAME, STAMP, HEADER, ROWS[0]]), st.integers(0, 200)).map(lambda t: t[0][: t[1]]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=200), st.lists(fragment, max_size=10).map(lambda f: "\n".join(f).encode())),
    st.booleans(),
)
def test_garbage_raises_nothing_but_quote_errors(tmp_path: Path, raw: bytes, with_asof: bool) -> None:
    path = tmp_path / "garbage.csv"
    path.write_bytes(raw)
    try:
        found = read_quote_table(path, dt.datetime(2024, 1, 5, 12, 0) if with_asof else None)
    except QuoteError:
        return
    assert len(found.chain) > 0
