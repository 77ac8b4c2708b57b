"""Index histories against pandas' reading of the same files and known levels."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.quotes import IndexHistory, QuoteError


def at(history: IndexHistory, day: str) -> float:
    return float(history.close[history.dates == np.datetime64(day)][0])


@pytest.mark.parametrize(
    ("name", "symbol", "day", "level", "ranges"),
    [
        ("cboe_VIX_History.csv", "VIX", "2018-02-05", 37.32, True),
        ("cboe_VIX_History.csv", "VIX", "2020-03-16", 82.69, True),
        ("VIX_daily_datasets-finance-vix.csv", "VIX", "2020-03-16", 82.69, True),
        ("fred_VIXCLS.csv", "VIXCLS", "2020-03-16", 82.69, False),
        ("SPX_GSPC_yahoo_1927-2026.csv", "SPX", "2020-03-23", 2237.40, True),
        ("cboe_VVIX_History.csv", "VVIX", "2006-03-15", 15.71, False),
        ("cboe_SKEW_History.csv", "SKEW", "1990-01-02", 126.09, False),
        ("cboe_VIX9D_History.csv", "VIX9D", "2011-01-04", 16.06, True),
        ("cboe_VIX3M_History.csv", "VIX3M", "2009-09-18", 26.54, True),
        ("cboe_VIX6M_History.csv", "VIX6M", "2008-01-02", 24.36, True),
        ("cboe_COR1M_History.csv", "COR1M", "2006-01-03", 23.5, True),
        ("cboe_DSPX_History.csv", "DSPX", "2014-06-19", 17.81, False),
        ("fred_DFF.csv", "DFF", "1954-07-01", 1.13, False),
    ],
)
def test_real_files(data: Path, name: str, symbol: str, day: str, level: float, ranges: bool) -> None:
    found = read_index_history(data / "indices" / name)
    assert found.symbol == symbol
    assert at(found, day) == pytest.approx(level, abs=0.005)
    frame = pd.read_csv(data / "indices" / name)
    levels = frame[next(c for c in frame.columns if c.lower() in ("close", "value", symbol.lower()))]
    assert len(found.dates) == levels.notna().sum()
    assert sum(found.close) == pytest.approx(levels.sum(), rel=1e-12)
    assert (np.diff(found.dates) > np.timedelta64(0)).all()
    assert (found.open is not None) is ranges
    missing = int(levels.isna().sum())
    assert found.notes == ((f"left out: {missing} row{'s' * (missing > 1)} without a level",) if missing else ())


def test_open_high_and_low(data: Path) -> None:
    found = read_index_history(data / "indices" / "cboe_VIX_History.csv")
    assert found.open is not None
    assert found.high is not None
    assert found.low is not None
    i = int(np.nonzero(found.dates == np.datetime64("2018-02-05"))[0][0])
    frame = pd.read_csv(data / "indices" / "cboe_VIX_History.csv").set_index("DATE").loc["02/05/2018"]
    assert (found.open[i], found.high[i], found.low[i]) == (frame.OPEN, frame.HIGH, frame.LOW)


def test_older_fred_files_mark_missing_days_with_a_dot(tmp_path: Path) -> None:
    path = tmp_path / "T10Y2Y.csv"
    path.write_text("DATE,T10Y2Y\n2019-08-27,-0.04\n2019-08-26,0.00\n2019-09-02,.\n2019-08-27,1\n2019-08\n")
    found = read_index_history(path)
    assert found.symbol == "T10Y2Y"
    assert found.dates.astype(str).tolist() == ["2019-08-26", "2019-08-27"]
    assert found.close.tolist() == [0.0, -0.04]
    assert found.notes == (
        "left out: 1 row cut short or unreadable",
        "left out: 1 row without a level",
        "left out: 1 row repeating a day",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("<html>", "holds a web page"),
        ("Fecha,TOTAL,INDEX\n2020-01-02,1,1", "is no index history; its first line is 'Fecha,TOTAL"),
        ("DATE,VIX\n", "holds no day with a level"),
    ],
)
def test_wrong_files_are_refused_with_a_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(QuoteError, match=message):
        read_index_history(path)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["DATE,VIX", "date,open,high,low,close", "date,value", ""]), st.text(max_size=60))
def test_garbage_raises_nothing_but_quote_errors(tmp_path: Path, head: str, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{head}\n{text}", encoding="utf-8")
    with contextlib.suppress(QuoteError):
        assert len(read_index_history(path).dates) > 0
