"""Sessions by regime on the real curve of 2010 to 2021: the table by year, and known days."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from xlalvh.cli import app
from xlalvh.market.providers.vx_futures import read_curves, read_futures
from xlalvh.research.regimes import Regimes, regimes
from xlalvh.strategy.regime import LABELS
from xlalvh.strategy.rules import default, regime_cuts

D = dt.date.fromisoformat
CURVES = "vx_futures/vixcentral_F1-F12_2010-2021.csv"


@pytest.fixture(scope="module")
def found(data: Path) -> Regimes:
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        closes = {dt.datetime.strptime(r["DATE"], "%m/%d/%Y").date(): float(r["CLOSE"]) for r in csv.DictReader(file)}
    return regimes(
        read_curves(data / CURVES, D("2010-01-01"), D("2021-12-31")),
        closes,
        regime_cuts(),
        default("regime_hysteresis"),
    )


def test_a_curve_is_that_of_its_day(data: Path) -> None:
    day = D("2018-02-05")
    assert read_curves(data / CURVES, day, day)[day].futures == read_futures(data / CURVES, day).futures


def test_known_days(found: Regimes) -> None:
    deep = [D("2018-02-05"), *(D(f"2020-03-{day}") for day in (12, 13, 16, 17, 18, 19))]
    assert {found.labels[day] for day in deep} == {"deep backwardation"}
    assert found.labels[D("2020-03-20")] in ("backwardation", "deep backwardation")


def test_shares_and_changes(found: Regimes) -> None:
    """About 2 / 7 / 15 / 50 / 26 % of days; 2017 at least 90 % contango or steep; about 30 changes a year."""
    totals = np.array([row.counts for row in found.years]).sum(axis=0)
    assert totals / totals.sum() == pytest.approx([0.02, 0.07, 0.15, 0.50, 0.26], abs=0.01)
    calm = next(row for row in found.years if row.year == 2017)
    assert sum(calm.counts[3:]) >= 0.9 * sum(calm.counts)
    sessions = totals.sum() / 252.0
    assert sum(row.changes for row in found.years) / sessions == pytest.approx(30.0, abs=3.0)
    assert all(sum(row.counts) + row.without <= 253 for row in found.years)


def test_the_command_prints_the_table(found: Regimes, data: Path) -> None:
    done = CliRunner().invoke(
        app,
        ["regimes", str(data / CURVES), "--vix", str(data / "indices/cboe_VIX_History.csv"), "--from", "2017-01-01",
         "--to", "2017-12-31"],
        env={"COLUMNS": "140"},
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    row = next(row for row in found.years if row.year == 2017)
    line = next(line for line in done.output.splitlines() if "2017" in line)
    assert [int(part) for part in line.replace("│", " ").split()] == [2017, *row.counts, row.changes, row.without]
    assert all(label.split()[0] in done.output for label in LABELS)


@pytest.mark.parametrize(("given", "word"), [(["--from", "2017"], "--from"), (["--from", "2039-01-01"], "no session")])
def test_days_that_do_not_serve(data: Path, given: list[str], word: str) -> None:
    done = CliRunner().invoke(app, ["regimes", str(data / CURVES), *given])
    assert done.exit_code != 0
    assert word in done.output
