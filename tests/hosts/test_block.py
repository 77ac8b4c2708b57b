"""The areas that a refresh writes."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from xlalvh.hosts.block import WARNINGS, TooLargeError, banner, block, failure
from xlalvh.market.tables import MarketTables


def test_every_area_is_filled_to_its_size_with_plain_cells(sample_tables: MarketTables) -> None:
    few = dataclasses.replace(sample_tables, spx=sample_tables.spx[:2], futures=(), warnings=())
    one, other = block(sample_tables), block(few)
    assert {name: (len(a), {len(row) for row in a}) for name, a in one.items()} == {
        name: (len(a), {len(row) for row in a}) for name, a in other.items()
    }
    kinds = {type(cell) for area in one.values() for row in area for cell in row}
    assert kinds <= {float, str, bool, type(None)}
    assert [row[0] for row in other["spx_table"][:3]] == [few.spx[0].root, few.spx[1].root, None]


def test_dates_are_serials_of_the_books_system(sample_tables: MarketTables) -> None:
    """Excel's own: 2026-01-16 is 46038 counted from 1900 and 44576 from 1904."""
    row = next(i for i, r in enumerate(sample_tables.vix) if r.expiry)
    days = (sample_tables.vix[row].expiry - dt.date(2026, 1, 16)).days
    assert block(sample_tables)["vix_table"][row][1] == 46038 + days
    assert block(sample_tables, date_1904=True)["vix_table"][row][1] == 44576 + days


def test_what_does_not_fit_is_refused(sample_tables: MarketTables) -> None:
    with pytest.raises(TooLargeError, match=r"15 VIX futures do not fit the 14 rows"):
        block(dataclasses.replace(sample_tables, futures=(sample_tables.futures[0],) * 15))


def test_warnings_beyond_the_room_are_counted(sample_tables: MarketTables) -> None:
    lines = tuple(f"line {i}" for i in range(WARNINGS + 2))
    found = [row[0] for row in block(dataclasses.replace(sample_tables, warnings=lines))["market_warnings"]]
    assert found[: WARNINGS - 1] == list(lines[: WARNINGS - 1])
    assert found[-1] == "and 3 more, see the command's output"


def test_a_failure_says_when_and_why_and_touches_no_quote() -> None:
    """18:30 UTC on a summer day is 14:30 in New York; 2023-05-19 is the serial 45065."""
    found = failure("timed out\nat last", dt.datetime(2023, 5, 19, 18, 30, tzinfo=dt.UTC))
    assert found["refresh_status"] == (("last refresh failed 2023-05-19 14:30 New York: timed out at last",),)
    assert found["refresh_tried"][0][0] == pytest.approx(45065 + 14.5 / 24)
    assert len(found) == 2


def test_the_banner_names_the_sample_or_the_times(sample_tables: MarketTables) -> None:
    assert banner(sample_tables).startswith("SAMPLE")
    real = dataclasses.replace(sample_tables, sample=False, spx_source="a", vix_source="b")
    assert banner(real) == f"Quotes of {real.spx_time:%Y-%m-%d %H:%M} New York, a"
    assert real.vix_time is not None
    late = dataclasses.replace(real, vix_time=real.vix_time + dt.timedelta(minutes=5))
    assert "; VIX of " in banner(late)
