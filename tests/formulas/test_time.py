"""Expiries that the exchange published, and years by counting minutes."""

from __future__ import annotations

import datetime as dt

import pytest

from xlalvh.formulas import alvh_spx_expiry, alvh_vix_expiry, alvh_years
from xlalvh.formulas.errors import CellError


def serial(year: int, month: int, day: int, hour: float = 0.0) -> float:
    return (dt.date(year, month, day) - dt.date(1899, 12, 30)).days + hour / 24.0


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (2014, 3, 18),
        (2019, 3, 19),
        (2022, 3, 15),
        (2024, 6, 18),
        (2025, 3, 18),
        (2026, 5, 19),
        (2023, 5, 17),
        (2020, 3, 18),
    ],
)
def test_vix_expiries_with_the_tuesdays_after_holidays(year, month, day) -> None:
    assert alvh_vix_expiry(year, month) == serial(year, month, day)


def test_spx_expiries_with_a_good_friday() -> None:
    """21 April 2023 is a plain third Friday; 19 April 2019 was Good Friday, so Thursday."""
    assert alvh_spx_expiry((2023, 2019), 4) == (serial(2023, 4, 21), serial(2019, 4, 18))


def test_months_that_are_none() -> None:
    found = alvh_spx_expiry(2023, (0, 13, 6.5, None, "June", 6))
    assert [item.code for item in found[:5]] == ["#NUM!", "#NUM!", "#NUM!", "#N/A", "#VALUE!"]
    assert found[5] == serial(2023, 6, 16)
    assert alvh_vix_expiry(1999, 6).code == "#NUM!"


def test_one_month_outside_the_calendar_spoils_only_itself() -> None:
    found = alvh_spx_expiry((2023, 2090), 6)
    assert found[0] == serial(2023, 6, 16)
    assert isinstance(found[1], CellError)


def test_years_count_minutes_by_root() -> None:
    """From Friday 2023-05-19 16:15 to 2023-06-16: 28 days less 15 minutes to 16:00, less 6 h 45 to 09:30."""
    now, expiry = serial(2023, 5, 19, 16.25), serial(2023, 6, 16)
    minutes = 28 * 1440
    found = alvh_years(expiry, ("SPXW", "SPX", "spx", "XSP"), now)
    assert found == pytest.approx(tuple((minutes - m) / 525_600 for m in (15, 405, 405, 15)), rel=1e-12)


def test_years_across_the_change_to_winter_time_count_the_hour() -> None:
    """2023-11-05 has 25 hours."""
    found = alvh_years(serial(2023, 11, 8), "VIX", serial(2023, 11, 3, 9.5))
    assert found == pytest.approx((5 * 1440 + 60) / 525_600, rel=1e-12)


def test_an_early_close_settles_at_13() -> None:
    """Friday 2023-11-24."""
    assert alvh_years(serial(2023, 11, 24), "SPXW", serial(2023, 11, 24, 12.0)) == pytest.approx(60 / 525_600)


def test_nothing_is_left_after_settlement() -> None:
    assert alvh_years(serial(2023, 6, 16), "SPX", serial(2023, 6, 16, 10.0)) == 0.0


def test_what_is_refused() -> None:
    now, expiry = serial(2023, 5, 19, 12.0), serial(2023, 6, 16)
    assert alvh_years(expiry, "NDX", now).code == "#NUM!"
    assert alvh_years(expiry, None, now).code == "#N/A"
    assert alvh_years("soon", "SPX", now).code == "#VALUE!"
    assert alvh_years(expiry, "SPX", 2_958_465.9).code == "#N/A"
    assert alvh_years(2_958_465.0, "SPX", now).code == "#N/A"
