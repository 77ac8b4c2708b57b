"""Sessions against exchange_calendars; expiries against Cboe's own file names, settlements and listed options."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import exchange_calendars
import pytest

from tests.market import bake_holidays
from xlalvh.market import calendar

D = dt.date


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_the_holiday_file_is_what_exchange_calendars_says() -> None:
    written = Path(calendar.__file__).with_name("holidays.csv").read_text(encoding="ascii")
    assert written.splitlines() == bake_holidays.holidays()


def test_the_futures_exchange_trades_on_the_same_days() -> None:
    """CFE by exchange_calendars, whose early closes of it leave out the options' 13:15 on 3 July and 24 December."""
    exchange = exchange_calendars.get_calendar("CFE", start="2006-01-01", end="2027-12-31")
    days = [D(2006, 1, 1) + dt.timedelta(days=i) for i in range((D(2027, 12, 31) - D(2006, 1, 1)).days + 1)]
    assert [day for day in days if calendar.is_session(day)] == [day.date() for day in exchange.sessions]
    early = {day for day in days if calendar.is_session(day) and calendar.close_time(day) == dt.time(13)}
    assert {day.date() for day in exchange.early_closes} <= early


# Third Fridays that were holidays: Good Friday, from 2022 on Juneteenth too (NYSE holiday notices of each year).
@pytest.mark.parametrize(
    ("holiday", "spx", "vix"),
    [
        (D(2008, 3, 21), D(2008, 3, 20), D(2008, 2, 19)),
        (D(2014, 4, 18), D(2014, 4, 17), D(2014, 3, 18)),
        (D(2019, 4, 19), D(2019, 4, 18), D(2019, 3, 19)),
        (D(2022, 4, 15), D(2022, 4, 14), D(2022, 3, 15)),
        (D(2025, 4, 18), D(2025, 4, 17), D(2025, 3, 18)),
        (D(2026, 6, 19), D(2026, 6, 18), D(2026, 5, 19)),
        (D(2027, 6, 18), D(2027, 6, 17), D(2027, 5, 18)),
    ],
)
def test_a_holiday_on_the_third_friday_moves_both_expiries(holiday: D, spx: D, vix: D) -> None:
    assert calendar.third_friday(holiday.year, holiday.month) == holiday
    assert not calendar.is_session(holiday)
    assert calendar.spx_expiry(holiday.year, holiday.month) == spx
    assert calendar.vix_expiry(vix.year, vix.month) == vix


def test_no_other_third_friday_moves() -> None:
    moved = [
        (year, month)
        for year in range(2006, 2028)
        for month in range(1, 13)
        if calendar.spx_expiry(year, month) != calendar.third_friday(year, month)
    ]
    assert moved == [(2008, 3), (2014, 4), (2019, 4), (2022, 4), (2025, 4), (2026, 6), (2027, 6)]


def test_known_holidays_and_early_closes() -> None:
    # NYSE notices: Hurricane Sandy; days of mourning for presidents Bush and Carter; Juneteenth from 2022 on.
    for day in (D(2012, 10, 29), D(2018, 12, 5), D(2025, 1, 9), D(2022, 6, 20), D(2023, 5, 20)):
        assert not calendar.is_session(day)
    assert calendar.is_session(D(2021, 6, 18))
    assert calendar.close_time(D(2024, 7, 3)) == dt.time(13)
    assert calendar.close_time(D(2024, 7, 5)) == dt.time(16)
    assert calendar.previous_session(D(2023, 5, 22)) == D(2023, 5, 19)
    assert calendar.previous_session(D(2024, 4, 1)) == D(2024, 3, 28)  # Good Friday between


@pytest.mark.parametrize("day", [D(2003, 12, 31), D(2041, 1, 1)])
def test_a_day_outside_the_calendar_says_so(day: D) -> None:
    with pytest.raises(calendar.CalendarError, match=f"from 2004-01-01 to 2040-12-31; {day} lies outside"):
        calendar.is_session(day)


# The Tuesdays that the data folder's README names.
@pytest.mark.parametrize(
    "day", [D(2014, 3, 18), D(2019, 3, 19), D(2022, 3, 15), D(2024, 6, 18), D(2025, 3, 18), D(2026, 5, 19)]
)
def test_vix_expiry_falls_on_tuesday_after_holidays(day: D) -> None:
    assert calendar.vix_expiry(day.year, day.month) == day


def test_every_monthly_contract_of_cboe_settles_when_we_say(data: Path) -> None:
    with (data / "vx_futures" / "VX_all_contracts_long.csv").open() as file:
        monthly = {row["expiry"] for row in csv.DictReader(file) if row["monthly"] == "True"}
    names = {path.stem.removeprefix("VX_") for path in (data / "vx_futures" / "cboe_per_contract").iterdir()}
    assert len(monthly & names) == 149
    for day in map(D.fromisoformat, monthly & names):
        assert calendar.vix_expiry(day.year, day.month) == day


def test_final_settlements_of_the_archive_belong_to_our_days(data: Path) -> None:
    """The archive has prices without days; the special opening quotation lies near VIX's range of its own day."""
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        vix = {
            dt.datetime.strptime(row["DATE"], "%m/%d/%Y").date(): (float(row["LOW"]), float(row["HIGH"]))
            for row in csv.DictReader(file)
        }
    near, elsewhere, total = 0, 0, 0
    with (data / "vx_futures" / "CFE_FinalSettlement_Archive.csv").open() as file:
        for row in csv.DictReader(file):
            if row["Symbol"] == "VX":
                day = calendar.vix_expiry(int(row["SettlementYear"]), int(row["SettlementMonth"]))
                price = float(row["SettlementPrice"]) / (10.0 if day < D(2007, 3, 26) else 1.0)
                total += 1
                near += vix[day][0] - 0.6 <= price <= vix[day][1] + 0.6
                low, high = vix[calendar.previous_session(day - dt.timedelta(days=6))]
                elsewhere += low - 0.6 <= price <= high + 0.6
    assert total == 104
    assert near >= 0.95 * total
    assert elsewhere <= 0.65 * total  # a week earlier would not fit


def test_spx_monthlies_are_those_that_real_chains_list(data: Path) -> None:
    listed = set()
    for path in sorted((data / "spx_chains").glob("SPX_202[2-4]*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.reader(file):
                if len(row) > 10 and row[1].startswith("SPX2"):
                    listed.add(dt.datetime.strptime(row[1][3:9], "%y%m%d").date())
    assert len(listed) > 40
    assert D(2022, 4, 14) in listed  # Good Friday was the third Friday
    for day in listed:
        assert calendar.spx_expiry(day.year, day.month) == day


@pytest.mark.parametrize(
    ("root", "day", "moment"),
    [
        ("SPX", D(2023, 6, 16), utc(2023, 6, 16, 13, 30)),
        ("SPXW", D(2023, 6, 16), utc(2023, 6, 16, 20, 0)),
        ("UNKNOWN", D(2023, 6, 16), utc(2023, 6, 16, 20, 0)),
        ("XSP", D(2024, 11, 29), utc(2024, 11, 29, 18, 0)),  # the day after Thanksgiving closes at 13:00
        ("VIX", D(2024, 1, 17), utc(2024, 1, 17, 14, 30)),
        ("VIXW", D(2024, 1, 24), utc(2024, 1, 24, 14, 30)),
        ("SPX", D(2014, 12, 20), utc(2014, 12, 19, 14, 30)),  # old symbols bear the Saturday
    ],
)
def test_settlement_moments(root: str, day: D, moment: dt.datetime) -> None:
    assert calendar.settlement(root, day) == moment


def test_years_are_elapsed_utc_minutes() -> None:
    now = utc(2023, 3, 10, 21, 0)  # Friday 16:00 EST; the clocks change two days later
    assert calendar.years("SPXW", D(2023, 3, 13), now) == pytest.approx((3 * 1440 - 60) / 525_600, abs=1e-15)
    assert calendar.years("SPX", D(2023, 3, 10), now) == pytest.approx(-390 / 525_600, abs=1e-15)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ((2022, 7, 12, 11, 55), (2022, 7, 12, 11, 40)),  # in the session: 15 minutes earlier
        ((2022, 7, 12, 9, 30), (2022, 7, 12, 9, 15)),
        ((2022, 7, 12, 16, 15), (2022, 7, 12, 16, 0)),
        ((2022, 7, 12, 16, 16), (2022, 7, 12, 16, 15)),  # after it: its end
        ((2024, 2, 13, 6, 40), (2024, 2, 12, 16, 15)),  # before it: the end of the last one
        ((2022, 6, 11, 20, 47), (2022, 6, 10, 16, 15)),  # Saturday
        ((2023, 5, 29, 12, 0), (2023, 5, 26, 16, 15)),  # Memorial Day
        ((2024, 7, 3, 13, 15), (2024, 7, 3, 13, 0)),  # early close
        ((2024, 7, 3, 14, 0), (2024, 7, 3, 13, 15)),
        ((2024, 7, 4, 12, 0), (2024, 7, 3, 13, 15)),
    ],
)
def test_market_time(stamp: tuple[int, ...], moment: tuple[int, ...]) -> None:
    assert calendar.to_new_york(calendar.market_time(dt.datetime(*stamp))) == dt.datetime(*moment)
