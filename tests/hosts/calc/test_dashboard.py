"""The Dashboard repeats what the other sheets compute, in words where it must, on real quotes without a history."""

from __future__ import annotations

from typing import Any

from tests.hosts.calc.test_template import Live


def _rows(may: Live, name: str) -> list[list[Any]]:
    return may.book.read(*may.built.names[name])


def test_what_to_do_and_why(may: Live) -> None:
    """A slope of 9 % is steep contango: tighten. Without a history the signals are said to be missing."""
    assert may.one("dashboard_action") == f"{may.one('playbook_action')} - {may.one('playbook_rule')}"
    assert str(may.one("dashboard_action")).startswith("tighten - steep contango")
    assert "rsi not given" in may.one("dashboard_why")
    assert "short deltas 0.45 (yours on Rules: put 0.16, call 0.16)" in may.one("dashboard_asks")
    assert "nearest expiry in 37 days; FOMC" in may.one("dashboard_ahead")


def test_break_evens_are_those_of_stress(may: Live) -> None:
    rows = _rows(may, "stress_break_evens")
    for at in ("today", "expiry"):
        ends = sorted(row[3] for row in rows if row[0] == at and isinstance(row[3], float))
        assert may.one(f"dashboard_even_{at}") == (" / ".join(f"{round(end)}" for end in ends) or "none")
    assert may.one("dashboard_even_expiry").count("/") == 2


def test_the_chart_of_condor_and_ladder_has_both_curves(may: Live) -> None:
    rows = _rows(may, "stress_path")
    assert len(rows) > 30
    assert all(isinstance(cell, float) for row in rows for cell in row)


def test_an_age_is_shown_of_these_quotes_only(may: Live) -> None:
    """Never refreshed; and the data directory of a test run holds no snapshot, or another's."""
    assert may.one("dashboard_age") == "not refreshed yet"
    may.write("refresh_count", 1.0)
    found = may.one("dashboard_age")
    may.write("refresh_count", 0.0)
    assert found in ("not known", "not those of the last refresh")


def test_no_error_on_the_sheet(may: Live) -> None:
    shown = may.book.read("Dashboard", "A1:X60")
    assert not [cell for row in shown for cell in row if isinstance(cell, Exception) or str(cell).startswith("#")]
