"""The dated table: announced days, where it ends, and a table of the user's own."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from xlalvh.market import calendar, events
from xlalvh.market.events import EventError, next_event

D = dt.date


def test_announced_days(tmp_path: Path) -> None:
    assert next_event("FOMC", D(2026, 1, 28), tmp_path) == D(2026, 1, 28)  # the decision's own day counts
    assert next_event("FOMC", D(2026, 1, 29), tmp_path) == D(2026, 3, 18)
    assert next_event("FOMC", D(2027, 12, 9), tmp_path) == D(2028, 1, 26)
    assert next_event("CPI", D(2026, 11, 21), tmp_path) == D(2026, 12, 10)
    assert next_event("PPI", D(2026, 11, 21), tmp_path) == D(2026, 12, 15)


def test_the_table_is_sound() -> None:
    with Path(events.__file__).with_name(events.NAME).open(encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    assert all(row["source"] and row["kind"] in events.KINDS for row in rows)
    for kind in events.KINDS:
        days = [D.fromisoformat(row["date"]) for row in rows if row["kind"] == kind]
        assert days == sorted(set(days))
        assert all(calendar.is_session(day) for day in days)
        assert all(day.weekday() == 2 for day in days if kind == "FOMC")
    assert [sum(r["kind"] == "FOMC" and r["date"][:4] == str(year) for r in rows) for year in (2025, 2026, 2027)] == [
        8, 8, 8,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "day", "why"),
    [
        ("FOMC", D(2028, 1, 27), "ends on 2028-01-26; add the dates from federalreserve.gov"),
        ("CPI", D(2026, 12, 11), "ends on 2026-12-10; add the dates from bls.gov"),
        ("PPI", D(2026, 1, 14), "has none between it and 2026-07-15"),
        ("NFP", D(2026, 1, 14), "must be one of FOMC, CPI, PPI"),
    ],
)
def test_where_it_knows_none_it_says_so(kind: str, day: D, why: str, tmp_path: Path) -> None:
    with pytest.raises(EventError, match=why):
        next_event(kind, day, tmp_path)


def test_days_of_the_users_own(tmp_path: Path) -> None:
    own = tmp_path / events.NAME
    own.write_text("\ufeffkind,date,source\nCPI,2027-01-13,bls.gov\n\nFOMC,2028-03-15,x\n", encoding="utf-8")
    assert next_event("CPI", D(2026, 12, 11), tmp_path) == D(2027, 1, 13)
    assert next_event("FOMC", D(2028, 2, 1), tmp_path) == D(2028, 3, 15)
    own.write_text("kind,date,source\nCPI,2027-05-13,bls.gov\n")
    with pytest.raises(EventError, match="none between"):
        next_event("CPI", D(2026, 12, 11), tmp_path)
    for text, why in (("when\n2027-01-01\n", "does not begin with"), ("kind,date,source\nCPI,13/01/2027,x\n", "2027")):
        own.write_text(text)
        with pytest.raises(EventError, match=why):
            next_event("CPI", D(2026, 12, 11), tmp_path)
