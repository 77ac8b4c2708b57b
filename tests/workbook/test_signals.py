"""The Signals sheet against pandas on the sheet's own closes, and what it says without a history."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from xlsxwriter.utility import xl_cell_to_rowcol

from workbook.book import cells_of
from workbook.run import Run
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.regime import LABELS


def area(run: Run, name: str) -> list[list[Any]]:
    """A named area as rows."""
    sheet, where = run.built.names[name]
    rows: dict[int, list[Any]] = {}
    for cell in cells_of(where):
        rows.setdefault(xl_cell_to_rowcol(cell)[0], []).append(run.values.get((sheet, cell)))
    return list(rows.values())


def one(run: Run, name: str) -> Any:
    return area(run, name)[0][0]


@pytest.fixture(scope="module")
def frame(sample_tables: MarketTables) -> pd.DataFrame:
    return pd.DataFrame(sample_tables.days).set_index("day")


def wilder(closes: pd.Series, period: int = 14) -> float:
    """Wilder's averages as pandas has them: begun with simple means, then smoothed by 1 / period."""
    change = closes.diff().dropna()
    sums = []
    for side in (change.clip(lower=0.0), -change.clip(upper=0.0)):
        begun = pd.concat([pd.Series([side.iloc[:period].mean()]), side.iloc[period:]])
        sums.append(begun.ewm(alpha=1.0 / period, adjust=False).mean().iloc[-1])
    return 100.0 * sums[0] / sum(sums)


def average(values: pd.Series, period: int) -> pd.Series:
    begun = values.copy()
    begun.iloc[period - 1] = values.iloc[:period].mean()
    return begun.iloc[period - 1 :].ewm(span=period, adjust=False).mean()


@pytest.mark.parametrize("name", ["spx", "vix"])
def test_momentum(sample_run: Run, frame: pd.DataFrame, name: str) -> None:
    closes = frame[name]
    assert one(sample_run, f"signal_level_{name}") == closes.iloc[-1]
    assert one(sample_run, f"signal_rsi_{name}") == pytest.approx(wilder(closes), abs=1e-9)
    line = (average(closes, 12) - average(closes, 26)).dropna()
    signal = average(line, 9)
    assert one(sample_run, f"signal_macd_{name}") == pytest.approx(line.iloc[-1], abs=1e-9)
    assert one(sample_run, f"signal_macd_signal_{name}") == pytest.approx(signal.iloc[-1], abs=1e-9)
    assert one(sample_run, f"signal_macd_histogram_{name}") == pytest.approx(line.iloc[-1] - signal.iloc[-1], abs=1e-9)
    assert one(sample_run, f"signal_percentile_{name}") == pytest.approx(
        closes.rank(pct=False).iloc[-1] / 252, abs=3e-3
    )


def test_together(sample_run: Run, frame: pd.DataFrame) -> None:
    spx, points, vix = frame.spx.pct_change(), frame.vix.diff(), frame.vix.pct_change()
    assert one(sample_run, "signal_correlation") == pytest.approx(spx.corr(points), abs=1e-12)
    assert one(sample_run, "signal_beta") == pytest.approx(spx.cov(vix) / spx.var(), abs=1e-9)


def test_slope_and_regime(sample_run: Run, frame: pd.DataFrame) -> None:
    slope = frame.vx60 / frame.vx30 - 1.0
    assert one(sample_run, "signal_slope") == pytest.approx(slope.iloc[-1], abs=1e-12)
    assert one(sample_run, "signal_slope_change") == pytest.approx(slope.diff().iloc[-1], abs=1e-12)
    labels = [row[0] for row in area(sample_run, "signal_regimes")]
    edges = np.array([-np.inf, -0.08, -0.02, 0.02, 0.08, np.inf])
    place, expected = -1, []
    for value in slope:
        if place < 0 or not edges[place] - 0.005 <= value <= edges[place + 1] + 0.005:
            place = int(np.searchsorted(edges, value)) - 1
        expected.append(LABELS[place])
    assert labels == expected
    assert one(sample_run, "signal_regime") == expected[-1]
    assert area(sample_run, "signal_regime_counts")[0] == [expected.count(label) for label in LABELS]
    held = next(i for i, label in enumerate(reversed(expected)) if label != expected[-1])
    assert one(sample_run, "signal_regime_sessions") == held


def test_the_playbook_has_the_sheets_inputs(sample_run: Run) -> None:
    """Contango, RSI below 70, no event within 3 days, no expiry within 7: hold, at the contango article's deltas."""
    assert one(sample_run, "playbook_action") == "hold"
    assert (one(sample_run, "playbook_delta_low"), one(sample_run, "playbook_delta_high")) == (0.30, 0.45)
    inputs = one(sample_run, "playbook_inputs")
    for word in ("regime contango", f"rsi {one(sample_run, 'signal_rsi_vix'):.4g}", "event_days 14", "divergence none"):
        assert word in inputs
    assert one(sample_run, "signal_event_name") == "FOMC"
    nearest = min(row[0] for row in area(sample_run, "book_years") if isinstance(row[0], float)) * 365.0
    assert one(sample_run, "signal_expiry_days") == pytest.approx(nearest)


def test_a_stewards_layers_are_4_4_2(sample_run: Run) -> None:
    names = [f"playbook_{policy}_{layer}" for policy in ("steward", "promoter") for layer in ("front", "mid", "back")]
    assert [one(sample_run, name) for name in names] == [4.0, 4.0, 2.0, 4.0, 4.0, 2.0]


def test_without_a_history_words_stand_in_place_of_signals(may_run: Run) -> None:
    """Quotes from files, nothing stored: no number of another date, and no error on the printed page."""
    for name in ("rsi_spx", "rsi_vix", "macd_vix", "divergence_spx", "correlation", "slope_change", "ad_change"):
        assert one(may_run, f"signal_{name}") == "", name
    reason = one(may_run, "signal_reason")
    assert "no history of SPX" in reason
    assert "xlalvh refresh" in reason
    assert "no VIX quotes of 2023-05-19" in reason
    printed = [
        value
        for (sheet, cell), value in may_run.values.items()
        if sheet == "Signals" and xl_cell_to_rowcol(cell)[0] < 70 and xl_cell_to_rowcol(cell)[1] < 13
    ]
    assert not [value for value in printed if isinstance(value, str) and value.startswith("#")]
    assert "rsi not given; slope_change not given" in one(may_run, "playbook_inputs")
    assert one(may_run, "playbook_action") == "tighten"  # steep contango, from the curve of the VIX options


def test_no_error_on_either_sheet_with_the_sample(sample_run: Run) -> None:
    found = {
        where: value
        for where, value in sample_run.values.items()
        if where[0] in ("Signals", "Stress") and isinstance(value, str) and value.startswith("#")
    }
    assert not found
