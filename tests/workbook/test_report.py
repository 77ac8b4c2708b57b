"""What the command line says: the dashboard's data on real quotes, by hand where a hand suffices."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from typing import Any

import pytest

from workbook.report import Report
from workbook.run import Run
from xlalvh.market.tables import MarketTables

NOW = dt.datetime(2023, 5, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def may(may_run: Run, may_tables: MarketTables) -> dict[str, Any]:
    report = Report(may_run.built, may_run.values, may_tables, may_run.engine, NOW)
    found: dict[str, Any] = json.loads(json.dumps(report.data(), allow_nan=False))
    return found


def test_keys_are_those_promised(may: dict[str, Any]) -> None:
    assert {"source", "market_time", "age_seconds", "quality"} <= may["snapshot"].keys()
    assert {"root", "expiry", "years", "forward", "atm_vol"} <= may["spx"][0].keys()
    condor = {"expiry", "strikes", "credit", "break_evens", "max_profit", "max_loss", "probability_of_profit", "greeks"}
    assert condor <= may["condor"].keys()
    assert len(may["ladder"]["rungs"]) == 10
    sizing = {"coverage", "coverage_beta_one", "units", "units_reason", "premium_to_credit", "net_theta"}
    assert sizing <= may["sizing"].keys()


def test_all_numbers_are_there_and_finite(may: dict[str, Any]) -> None:
    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                walk(item, f"{path}.{key}")
        elif isinstance(value, list):
            for i, item in enumerate(value):
                walk(item, f"{path}[{i}]")
        elif value is None:
            pytest.fail(path)
        elif isinstance(value, float):
            assert math.isfinite(value), path

    walk(may, "")


def test_gap_is_flagged(may: dict[str, Any]) -> None:
    assert any("4.2 days apart" in line for line in may["snapshot"]["warnings"])
    assert may["snapshot"]["age_seconds"] == pytest.approx(
        (NOW - dt.datetime(2023, 5, 19, 20, 15, tzinfo=dt.UTC)).total_seconds()
    )


def test_condor_by_hand(may: dict[str, Any]) -> None:
    """2023-07-03, quotes of the file: 3900P 21.30-21.80, 3950P 26.00-26.50, 4350C 16.90-17.40, 4400C 8.70-9.20.

    Mids 21.55, 26.25, 17.15, 8.95: credit 26.25 + 17.15 - 21.55 - 8.95 = 12.90, ten lots $12,900; the wings are 50
    wide, so at most 10 x 100 x (50 - 12.90) = $37,100 are lost; break-evens 3950 - 12.90 and 4350 + 12.90.
    """
    condor = may["condor"]
    assert condor["expiry"] == "2023-07-03"
    assert condor["strikes"] == [3900.0, 3950.0, 4350.0, 4400.0]
    assert condor["credit"] == pytest.approx(12.90, abs=1e-9)
    assert condor["max_profit"] == pytest.approx(12_900.0, abs=1e-6)
    assert condor["max_loss"] == pytest.approx(37_100.0, abs=1e-6)
    assert condor["break_evens"] == pytest.approx([3937.10, 4362.90], abs=1e-9)
    assert 0.65 < condor["probability_of_profit"] < 0.75


def test_ladder_by_hand(may: dict[str, Any]) -> None:
    """Layers are the monthlies of 2023-06-21, 07-19 and 08-16; asks of the file cost 193 + 152 + 115 + 78 + 231 + 169
    + 122 + 75 + 231 + 135 = $1,501 a unit."""
    rungs = may["ladder"]["rungs"]
    assert [r["strike"] for r in rungs] == [21.0, 23.0, 26.0, 31.0, 24.0, 28.0, 33.0, 42.5, 27.0, 36.0]
    assert may["ladder"]["totals"]["cost"] == pytest.approx(1501.0, abs=1e-6)
    exposure = sum(100.0 * r["contracts"] * r["delta"] * r["tenor_beta"] for r in rungs)
    assert may["ladder"]["totals"]["vol_exposure"] == pytest.approx(exposure, rel=1e-12)
    first = rungs[0]
    assert first["tenor_beta"] == pytest.approx(0.146 + 0.582 * math.exp(-5.75 * first["years"]), rel=1e-12)


def test_sizing_by_hand(may: dict[str, Any]) -> None:
    """About a tenth a unit, 6 to 12 units in the band: what one unit covers, and what the units cost."""
    sizing = may["sizing"]
    one = sizing["coverage_of_one_unit"]
    assert one == pytest.approx(may["ladder"]["totals"]["vol_exposure"] / -sizing["condor_vega_weighted"], rel=1e-12)
    assert 0.08 < one < 0.12
    assert sizing["units"] == 10
    assert sizing["coverage"] == pytest.approx(10 * one, rel=1e-12)
    assert sizing["premium_to_credit"] == pytest.approx(15_010.0 / 12_900.0, rel=1e-9)
    assert sizing["coverage_beta_one"] > 2.0
    assert sizing["net_theta"] < 0.0


def test_text_has_the_banner_and_the_parts(may_run: Run, may_tables: MarketTables) -> None:
    from rich.console import Console

    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(Report(may_run.built, may_run.values, may_tables, may_run.engine, NOW).text())
    text = console.export_text()
    for part in ("Quotes of 2023-05-19 16:15 New York", "4.2 days apart", "steep contango", "3,900, 3,950", "coverage"):
        assert part in text
