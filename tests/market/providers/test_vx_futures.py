"""VX curves from every kind of file, against values read from the files by eye or by pandas, and against each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlalvh.market.providers.vx_futures import read_futures
from xlalvh.market.quotes import FuturesCurve, QuoteError

D = dt.date


def prices(curve: FuturesCurve, *, monthly: bool = False) -> dict[str, float]:
    return {str(f.expiry): f.price for f in curve.futures if f.monthly or not monthly}


def test_the_crash_of_march_2020(data: Path) -> None:
    day = D(2020, 3, 16)
    folder = read_futures(data / "vx_futures" / "cboe_per_contract", day)
    # The data README's known values.
    assert list(prices(folder, monthly=True).values())[:4] == [72.625, 59.15, 44.875, 38.95]
    assert folder.market_time == dt.datetime(2020, 3, 16, 20, 15, tzinfo=dt.UTC)
    long = read_futures(data / "vx_futures" / "VX_all_contracts_long.csv", day)
    assert long.futures == folder.futures
    assert len(long.futures) == 14
    central = read_futures(data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv", day)
    for expiry, price in prices(central).items():
        assert prices(folder).get(expiry, price) == pytest.approx(price, abs=0.006)


def test_the_last_day_is_taken_if_none_is_given(data: Path) -> None:
    found = read_futures(data / "vx_futures" / "cboe_per_contract")
    assert found.market_time == dt.datetime(2026, 1, 7, 21, 15, tzinfo=dt.UTC)
    # The weekly of that day settled in the morning, at 14.89.
    assert found.notes == ("left out: 1 future settled before the close",)
    assert prices(found, monthly=True) == {
        "2026-01-21": 16.6914, "2026-02-18": 18.3472, "2026-03-18": 19.55, "2026-04-15": 20.4018,
        "2026-06-17": 21.1034, "2026-07-22": 21.5506, "2026-08-19": 21.5982, "2026-09-16": 21.8,
    }  # fmt: skip
    assert sum(not f.monthly for f in found.futures) == 4


def test_weeklies_are_told_from_monthlies_as_the_table_says(data: Path) -> None:
    path = data / "vx_futures" / "VX_all_contracts_long.csv"
    rows = pd.read_csv(path)
    for day in ("2016-03-01", "2021-11-15", "2024-06-03"):
        expected = rows[(rows.trade_date == day) & (rows.expiry > day)]
        found = read_futures(path, D.fromisoformat(day))
        assert {str(f.expiry): f.monthly for f in found.futures} == dict(
            zip(expected.expiry, expected.monthly, strict=True)
        )
        assert prices(found) == dict(zip(expected.expiry, expected.Settle, strict=True))


def test_a_settlement_of_zero_gives_way_to_the_close_where_it_traded(data: Path) -> None:
    found = read_futures(data / "vx_futures" / "cboe_per_contract", D(2013, 1, 2))
    assert prices(found)["2013-01-16"] == 15.60  # the close, first row of its file
    assert found.notes == ("7 futures without a settlement priced at the last trade",)
    # A contract that never traded, with zeros everywhere, is no price.
    ghost = read_futures(data / "vx_futures" / "VX_all_contracts_long.csv", D(2018, 1, 3))
    assert "2018-02-21" not in prices(ghost)
    assert "left out: 1 future without a settlement or a trade" in ghost.notes


def test_one_contract_stops_before_its_settlement(data: Path) -> None:
    path = data / "samples" / "VX_2020-03-18.csv"
    found = read_futures(path)
    assert prices(found) == {"2020-03-18": 68.825}  # 2020-03-17; the next row is the settlement, 69.76
    with pytest.raises(QuoteError, match="no price of 2020-03-18 of a future still to settle"):
        read_futures(path, D(2020, 3, 18))


def test_the_old_archive(data: Path, tmp_path: Path) -> None:
    head = (data / "samples" / "CFE_F14_VX.csv.head").read_text()
    new = tmp_path / "CFE_F14_VX.csv"
    new.write_text(head)
    assert prices(read_futures(new, D(2013, 4, 23))) == {"2014-01-22": 19.30}
    old = tmp_path / "CFE_J07_VX.csv"
    old.write_text(
        "Trade Date,Futures,Open,High,Low,Close,Settle,Change,Total Volume,EFP,Open Interest\n"
        "03/23/2007,J (Apr 07),138.0,139.0,137.0,138.5,138.2,0,100,0,100\n"
        "03/26/2007,J (Apr 07),13.9,14.0,13.7,13.85,13.8,0,100,0,100\n"
    )
    assert prices(read_futures(old, D(2007, 3, 23))) == {"2007-04-18": pytest.approx(13.82)}
    assert prices(read_futures(old)) == {"2007-04-18": 13.8}
    with pytest.raises(QuoteError, match="has no futures of 2007-03-25; the last day before it is 2007-03-23"):
        read_futures(old, D(2007, 3, 25))


def test_the_settlement_curve(data: Path, tmp_path: Path) -> None:
    path = data / "vx_futures" / "VX_settlement_curve_2026-07.csv"
    with pytest.raises(QuoteError, match=r"does not say of which day .* put it into the name"):
        read_futures(path)
    found = read_futures(path, D(2026, 7, 27))
    rows = pd.read_csv(path)
    assert prices(found) == dict(zip(rows.expiration_date, rows.settlement, strict=True))
    assert [f.monthly for f in found.futures] == rows.symbol.str.startswith("VX/").tolist()
    dated = tmp_path / "settlement_2026-07-27.csv"
    dated.write_bytes(path.read_bytes())
    assert read_futures(dated).futures == found.futures
    with pytest.raises(QuoteError, match="no futures of 2026-07-28; the last day before it is 2026-07-27"):
        read_futures(dated, D(2026, 7, 28))  # the name is its day
    assert any("2026-07-27 is assumed" in note for note in found.notes)
    with pytest.raises(QuoteError, match="no future that settles soon after 2023-05-19"):
        read_futures(path, D(2023, 5, 19))


def test_vixcentral_columns_are_the_months_they_should_be(data: Path) -> None:
    """Every price against Cboe's own settlement of the contract that we say it is."""
    central = pd.read_csv(data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv")
    long = pd.read_csv(data / "vx_futures" / "VX_all_contracts_long.csv")
    settle = {(r.trade_date, r.expiry): r.Settle or r.Close for r in long.itertuples()}
    path = data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv"
    compared = 0
    # Roll days, the two Tuesdays on which First Month is a day late, and a quiet day each year.
    days = ["2014-03-18", "2014-03-19", "2019-03-18", "2019-03-19", "2019-03-20", "2020-12-16", "2015-08-24"]
    for day in [*days, *central.Date[700::250]]:
        for expiry, price in prices(read_futures(path, D.fromisoformat(day))).items():
            if (day, expiry) in settle:
                assert price == pytest.approx(settle[day, expiry], abs=0.051), (day, expiry)
                compared += 1
    assert compared > 80
    first = read_futures(path, D(2010, 5, 24))
    assert len(first.futures) == 7  # F8 and F9 are 0
    assert str(first.futures[0].expiry) == "2010-06-16"


def test_a_day_without_a_stock_session_stands_for_the_last_one(data: Path) -> None:
    found = read_futures(data / "vx_futures" / "VX_all_contracts_long.csv", D(2018, 12, 5))
    assert found.market_time == dt.datetime(2018, 12, 4, 21, 15, tzinfo=dt.UTC)
    assert any("closed on 2018-12-05" in note for note in found.notes)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("VX_2024-01-17.csv", "", "is empty"),
        ("VX_2024-01-17.csv", "<html>", "holds a web page"),
        ("VX_2024-01-17.csv", "DATE,VVIX\n03/06/2006,71.73", "is no file of VX futures; its first line is 'DATE,VVIX'"),
        ("renamed.csv", "Trade Date,Futures,Close,Settle,Total Volume\n2024-01-02,F,14,14,5", "keep Cboe's name"),
        ("VX_2024-01-17.csv", "Trade Date,Futures,Close,Settle,Total Volume\nx,F,14,14,5", "holds no row with a date"),
        ("VX_2024-01-17.csv", "Trade Date,Futures,Close,Settle,Total Volume\n2024-01-02,F,0,0,0", "on any day"),
    ],
)
def test_wrong_files_are_refused_with_a_remedy(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(QuoteError, match=message):
        read_futures(path)


def test_a_folder_without_contracts_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(QuoteError, match="holds no file of a VX contract"):
        read_futures(data / "indices")
    with pytest.raises(QuoteError, match="No such file"):
        read_futures(tmp_path / "none.csv")


heads = [
    "Trade Date,Futures,Open,High,Low,Close,Settle,Change,Total Volume,EFP,Open Interest",
    "trade_date,expiry,monthly,label,Open,High,Low,Close,Settle,Total Volume,Open Interest,src",
    "expiration_date,symbol,settlement", "Date,First Month,F1,F2,F3",
]  # fmt: skip
cell = st.sampled_from(["2024-01-02", "01/02/2024", "2040-12-31", "0", "12", "13.5", "-1", "nan", "VX/F4", "", "1e999"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(heads), st.lists(st.lists(cell, max_size=13), max_size=4), st.booleans())
def test_garbage_raises_nothing_but_quote_errors(
    tmp_path: Path, head: str, rows: list[list[str]], with_day: bool
) -> None:
    path = tmp_path / "VX_2024-01-17.csv"
    path.write_text("\n".join([head, *map(",".join, rows)]))
    try:
        found = read_futures(path, D(2024, 1, 2) if with_day else None)
    except QuoteError:
        return
    assert found.futures
