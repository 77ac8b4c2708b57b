"""The history's own arithmetic, on the real files and on small made ones."""

from __future__ import annotations

import csv
import datetime as dt
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlalvh.market import calendar
from xlalvh.market.term_structure import constant_maturity
from xlalvh.research.history import History, HistoryError, load


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open() as file:
        return {row[key]: row for row in csv.DictReader(file)}


def test_known_values(history: History) -> None:
    february, march, low = (history.at(dt.date(*d)) for d in ((2018, 2, 5), (2020, 3, 16), (2020, 3, 23)))
    assert history.vix[[february, march]].tolist() == [37.32, 82.69]
    assert history.spx[low] == pytest.approx(2237.40, abs=0.005)
    assert history.curve(march).settles[:4].tolist() == [72.625, 59.15, 44.875, 38.95]
    assert str(history.curve(march).expiries[0]) == "2020-03-18"
    assert history.vx_final[history.vx_expiry == np.datetime64("2020-03-18")] == 69.76


def test_years_are_minutes_to_settlement(history: History) -> None:
    i = history.at(dt.date(2020, 3, 16))
    curve = history.curve(i)
    now = calendar.session_end(dt.date(2020, 3, 16))
    for expiry, years in zip(curve.expiries.astype(object), curve.years, strict=True):
        assert years == pytest.approx(calendar.years("VIX", expiry, now), abs=1e-12)


def test_rate_is_the_one_known_that_day(history: History, data: Path) -> None:
    """The rate of a day is published on the next."""
    fixings = rows(data / "indices" / "fred_DFF.csv", "date")
    for day, before in (("2020-03-16", "2020-03-15"), ("2019-07-05", "2019-07-04"), ("2015-12-17", "2015-12-16")):
        wanted = 365.0 * np.log(1.0 + float(fixings[before]["value"]) / 100.0 / 360.0)
        assert history.rate[history.at(dt.date.fromisoformat(day))] == pytest.approx(wanted, abs=1e-12)


def test_constant_maturity_is_that_of_the_formula(history: History) -> None:
    """Against the one-day function, on every twentieth day."""
    part = history.between(dt.date(2010, 5, 24), dt.date(2021, 6, 11))
    for target in (20.0, 30.0, 60.0, 120.0):
        series = part.cm(target)
        for i in range(0, len(part), 20):
            days = (part.vx_expiry - part.day[i]) / np.timedelta64(1, "D")
            wanted = constant_maturity(part.vx_settle[i], days, target, float(part.vix[i]))
            assert series[i] == pytest.approx(wanted, nan_ok=True, abs=1e-12)


@settings(max_examples=60)
@given(st.dates(dt.date(1990, 1, 2), dt.date(2026, 8, 20)), st.integers(0, 4000))
def test_between_is_the_days_asked_for(history: History, first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    wanted = [day for day in history.day.astype(object) if first <= day <= last]
    if not wanted:
        with pytest.raises(HistoryError, match="no day from"):
            history.between(first, last)
        return
    part = history.between(first, last)
    assert part.day.astype(object).tolist() == wanted
    assert part.vx_settle.shape == part.vx_from.shape == (len(part), len(part.vx_expiry))
    assert np.isfinite(part.vx_settle).sum() == np.isfinite(history.vx_settle[np.isin(history.day, part.day)]).sum()


def test_stored_and_loaded_it_is_the_same_and_fast(history: History, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history.npz"
    history.save(path)
    begin = time.perf_counter()
    loaded = load(path)
    loaded.between(dt.date(2010, 5, 24), dt.date(2021, 6, 11))
    assert time.perf_counter() - begin < 1.0  # 0.1 s on a machine that has nothing else to do
    for name in history.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(loaded, name), getattr(history, name))
    assert [p.name for p in path.parent.iterdir()] == ["history.npz"]


def test_refusals_say_what_to_do(history: History, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"no history in .* yet; run: xlalvh history update"):
        load(tmp_path / "none.npz")
    broken = tmp_path / "history.npz"
    history.between(dt.date(2020, 1, 2), dt.date(2020, 3, 1)).save(broken)
    whole = broken.read_bytes()
    for part in (whole[: len(whole) // 2], b"", b"not a history"):
        broken.write_bytes(part)
        with pytest.raises(HistoryError, match=r"cannot be read .* run: xlalvh history update"):
            load(broken)
    with pytest.raises(HistoryError, match="no 2018-12-05"):  # a day of mourning
        history.at(dt.date(2018, 12, 5))
