"""A history out of the providers' files: each of their traps on the real ones."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from pathlib import Path

import numpy as np
import pytest

from xlalvh.market import calendar
from xlalvh.research.assemble import assemble
from xlalvh.research.gaps import Report
from xlalvh.research.history import History, HistoryError, Origin

SPX = "Date,Open,High,Low,Close\n2020-01-02,1,1,1,3257.85\n2020-01-03,1,1,1,3234.85\n2020-01-06,1,1,1,3246.28\n"


@pytest.fixture(scope="module")
def report(data: Path) -> Report:
    return assemble(data)[1]


def table(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def column(history: History, expiry: str) -> int:
    return int(np.nonzero(history.vx_expiry == np.datetime64(expiry))[0][0])


def test_every_day_is_a_session_and_every_session_is_there(history: History, report: Report) -> None:
    days = set(history.day.astype(object))
    assert (np.diff(history.day) > np.timedelta64(0, "D")).all()
    day = dt.date(2004, 1, 2)
    while day <= history.day[-1].astype(object):
        assert (day in days) == calendar.is_session(day)
        day += dt.timedelta(days=1)
    assert (report.sessions_missing, report.closed_days) == ((), ())


def test_days_of_vix_without_spx_are_left_out_and_counted(history: History, report: Report) -> None:
    vix = next(series for series in report.series if series.name == "vix")
    assert vix.off_days == 33
    assert vix.missing == (dt.date(1991, 3, 1), dt.date(1997, 1, 31), dt.date(1997, 11, 26))
    assert np.datetime64("2022-05-30") not in history.day


def test_curve_days_without_spx_are_left_out(history: History, data: Path) -> None:
    days = [row["Date"] for row in table(data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv")]
    without = [day for day in days if np.datetime64(day) not in history.day]
    assert len(without) == 67
    assert "2018-12-05" in without
    part = history.between(dt.date(2010, 5, 24), dt.date(2021, 6, 11))
    assert len(part) == len(days) - 67
    assert np.isfinite(part.cm(30.0)).all()
    assert np.isfinite(part.cm(60.0)).all()


def test_contracts_without_a_file_are_spliced_from_the_curve(history: History, report: Report, data: Path) -> None:
    files = {path.stem[3:] for path in (data / "vx_futures" / "cboe_per_contract").glob("VX_*.csv")}
    months = [calendar.vix_expiry(year, month) for year in range(2013, 2026) for month in range(1, 13)]
    lacking = {day for day in months if day.isoformat() not in files}
    assert len(lacking) == 15
    assert dt.date(2018, 2, 14) in lacking
    assert lacking == (lacking & set(report.spliced)) | set(report.absent) - {dt.date(2026, 5, 19)}
    j = column(history, "2018-02-14")
    rows = {row["Date"]: row for row in table(data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv")}
    for day, place in (("2018-02-05", "F1"), ("2018-02-13", "F1"), ("2018-01-16", "F2"), ("2017-12-19", "F3")):
        i = history.at(dt.date.fromisoformat(day))
        assert history.vx_settle[i, j] == float(rows[day][place])
        assert history.vx_from[i, j] == Origin.CURVE
    assert np.isnan(history.vx_settle[history.at(dt.date(2018, 2, 14)), j])


def test_curve_and_contract_agree_where_both_are(history: History, data: Path) -> None:
    """So the splice is of settlements, in the right columns."""
    errors = []
    for row in table(data / "vx_futures" / "vixcentral_F1-F12_2010-2021.csv"):
        day = dt.date.fromisoformat(row["Date"])
        if day.year < 2014 or np.datetime64(day) not in history.day:
            continue
        i = history.at(day)
        later = [expiry for expiry in history.vx_expiry.astype(object) if expiry > day][:7]
        for place, expiry in enumerate(later):
            j = column(history, expiry.isoformat())
            if history.vx_from[i, j] == Origin.CONTRACT and float(row[f"F{place + 1}"] or 0) > 0:
                errors.append(abs(float(row[f"F{place + 1}"]) - history.vx_settle[i, j]))
    assert len(errors) > 10_000
    assert np.quantile(errors, 0.99) <= 0.0501  # a tick
    assert np.median(errors) == 0.0


def test_settlements_of_zero_are_none(history: History) -> None:
    """In 2013 they stand in the first rows of contracts; the curve has those days."""
    assert np.nanmin(history.vx_settle) > 8.0
    i, j = history.at(dt.date(2013, 1, 2)), column(history, "2013-02-13")
    assert history.vx_from[i, j] == Origin.CURVE
    assert np.nanmin(history.vx_final) > 8.0


def test_expiries_on_tuesdays(history: History) -> None:
    for day in ("2014-03-18", "2019-03-19"):
        assert np.datetime64(day) in history.vx_expiry
    assert history.vx_expiry.astype(object).tolist() == [
        calendar.vix_expiry(e.year, e.month) for e in history.vx_expiry.astype(object)
    ]


def test_prices_end_before_the_settlement_day(history: History) -> None:
    priced = np.isfinite(history.vx_settle)
    later = history.day[:, None] >= history.vx_expiry[None, :]
    assert not (priced & later).any()
    assert ((history.vx_from > 0) == priced).all()


def test_final_settlements_and_where_they_are_from(history: History, data: Path) -> None:
    archive = {
        (int(row["SettlementYear"]), int(row["SettlementMonth"])): float(row["SettlementPrice"])
        for row in table(data / "vx_futures" / "CFE_FinalSettlement_Archive.csv")
        if row["Symbol"] == "VX"
    }
    for month in (5, 8, 10):
        j = column(history, calendar.vix_expiry(2011, month).isoformat())
        assert history.vx_final[j] == archive[2011, month]
        assert history.vx_final_from[j] == Origin.ARCHIVE
    february = column(history, "2018-02-14")
    assert history.vx_final_from[february] == Origin.OPEN
    opens = {row["DATE"]: float(row["OPEN"]) for row in table(data / "indices" / "cboe_VIX_History.csv")}
    assert history.vx_final[february] == opens["02/14/2018"]
    own = history.vx_final_from == Origin.CONTRACT
    gap = [
        opens[f"{expiry.astype(object):%m/%d/%Y}"] - final
        for expiry, final in zip(history.vx_expiry[own], history.vx_final[own], strict=True)
        if f"{expiry.astype(object):%m/%d/%Y}" in opens
    ]
    assert np.abs(np.mean(gap)) < 0.15  # what VIX's open in its place costs
    assert np.std(gap) < 1.0


def test_vvix_before_2007_is_none(history: History) -> None:
    assert np.isnan(history.vvix[history.day < np.datetime64("2007-01-01")]).all()
    assert np.nanmin(history.vvix) > 50.0


def test_opens_of_spx_are_not_used(history: History, data: Path) -> None:
    """Yahoo's open is often the close before, so nothing may be filled at it."""
    rows = [row for row in table(data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv") if row["date"] >= "1990-01-01"]
    same = [float(now["open"]) == float(before["close"]) for before, now in itertools.pairwise(rows)]
    assert sum(same) > 1000
    assert not any("open" in name for name in history.__dataclass_fields__)


def test_jumps_that_happened_are_named(report: Report) -> None:
    found = {(jump.name, jump.day.isoformat()): jump for jump in report.jumps}
    assert (found["vix", "2018-02-05"].before, found["vix", "2018-02-05"].after) == (17.31, 37.32)
    assert not found["vix", "2018-02-05"].spike
    assert ("VX 2018-02-14", "2018-02-05") in found
    text = "\n".join(report.lines())
    for part in ("no gap", "spliced from vixcentral's table: 15", "missing altogether: 4", "2010-11-11"):
        assert part in text


def test_a_wrong_figure_shows_as_a_spike_and_a_hole_as_a_gap(tmp_path: Path) -> None:
    lines = SPX.splitlines()
    lines += ["2020-01-08,1,1,1,325.3", "2020-01-09,1,1,1,3274.7"]
    (tmp_path / "GSPC.csv").write_text("\n".join(lines))
    _, report = assemble(tmp_path)
    assert report.sessions_missing == (dt.date(2020, 1, 7),)
    assert [(jump.day, jump.spike) for jump in report.jumps] == [
        (dt.date(2020, 1, 8), True),
        (dt.date(2020, 1, 9), False),
    ]


def test_spx_alone_is_a_history(tmp_path: Path) -> None:
    (tmp_path / "SPX_History.csv").write_text(SPX)
    history, report = assemble(tmp_path)
    assert history.spx.tolist() == [3257.85, 3234.85, 3246.28]
    assert np.isnan(history.vix).all()
    assert np.isnan(history.cm(30.0)).all()
    assert "vix: nothing" in report.lines()


@pytest.mark.parametrize("text", ["", "Date,Close\n1980-01-02,100\n", "<html>", "Date,Close\n"])
def test_a_folder_without_spx_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "SPX_History.csv").write_text(text)
    with pytest.raises(HistoryError, match="give a folder with"):
        assemble(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="there is no folder"):
        assemble(tmp_path / "none")
