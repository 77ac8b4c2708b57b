"""The constants in the code are those of the real chains, and what is said of their error is measured."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.slices import cut
from xlalvh.numerics import black76
from xlalvh.research.calibrate import Cell, ModelError, Smile, fit_spx, fit_vix, model_error
from xlalvh.research.history import History, HistoryError
from xlalvh.research.surface import DIVIDEND_YIELD, SPX_SHAPE, VIX_SHAPE, DayState, Shape, SpxModel, VixModel


def cell(cells: tuple[Cell, ...], moneyness: str, low: int) -> Cell:
    return next(c for c in cells if c.moneyness == moneyness and c.days[0] == low)


def test_the_constants_are_those_of_the_chains(model_errors: ModelError) -> None:
    for fitted, stored in ((model_errors.spx_shape, SPX_SHAPE), (model_errors.vix_shape, VIX_SHAPE)):
        assert np.array(fitted.coefficients) == pytest.approx(np.array(stored.coefficients), abs=0.002)
        assert fitted.level == pytest.approx(stored.level, abs=0.002)
        assert (fitted.centres, fitted.widths, fitted.days) == (stored.centres, stored.widths, stored.days)


def test_every_chain_is_scored(model_errors: ModelError) -> None:
    assert len(model_errors.spx_dates) == 12
    assert model_errors.vix_dates == (dt.date(2022, 7, 15), dt.date(2023, 5, 15))


def test_condor_credit_of_dates_left_out(model_errors: ModelError) -> None:
    """The model's mean error is small beside its spread; a flat VIX is far off."""
    ours, flat = model_errors.credit, model_errors.flat_credit
    assert ours.dates == flat.dates == 11
    assert abs(ours.mean) < 0.05
    assert ours.deviation < 0.13
    assert flat.mean == pytest.approx(0.45, abs=0.05)


def test_volatility_of_dates_left_out(model_errors: ModelError) -> None:
    for low in (20, 35, 60):
        for name in ("16-delta put", "30-delta put", "at the money", "30-delta call", "16-delta call"):
            found = cell(model_errors.spx, name, low)
            assert found.dates >= 11
            assert abs(found.mean) < 0.006
            assert found.deviation < 0.015
    assert cell(model_errors.spx, "5-delta put", 35).flat_mean < -0.07
    assert abs(cell(model_errors.spx, "5-delta put", 35).mean) < 0.01
    for found in model_errors.vix:
        assert abs(found.mean) < 0.16


def made(shape: Shape, days: float, skew: float, day: dt.date, *, of_vix: bool) -> Smile:
    """A smile that the model made."""
    state = DayState(14.0, 17.0, 20.0, 22.0, skew, 95.0)
    unit = (0.95 if of_vix else 0.17) * np.sqrt(days / 365.0)
    strike = 100.0 * np.exp(unit * np.linspace(-1.5 if of_vix else -3.0, 1.5, 40))
    model = VixModel(shape) if of_vix else SpxModel(shape)
    vol = model.vol(state, strike, 100.0, days / 365.0)
    right = np.where(strike >= 100.0, 1.0, -1.0)
    option = black76.greeks(right, 100.0, strike, days / 365.0, vol)
    return Smile(day, state, days / 365.0, 100.0, 0.0, strike, vol, option.delta, option.price)


def test_a_planted_shape_is_found_again() -> None:
    planted = Shape(
        ((-0.25, 0.03, -0.15), (-0.45, 0.02, 0.0), (0.3, 0.08, 0.05), (0.28, -0.06, 0.03)),
        SPX_SHAPE.centres, SPX_SHAPE.widths, days=SPX_SHAPE.days,
    )  # fmt: skip
    grid = [(days, skew) for days in (12.0, 30.0, 45.0, 80.0, 150.0) for skew in (125.0, 135.0, 150.0)]
    found = fit_spx([made(planted, d, s, dt.date(2020, 1, i + 1), of_vix=False) for i, (d, s) in enumerate(grid)])
    assert np.array(found.coefficients) == pytest.approx(np.array(planted.coefficients), abs=1e-6)


def test_a_planted_level_is_found_again() -> None:
    planted = Shape(
        ((-0.3, 0.0, 0.0), (-0.1, 0.0, 0.0), (0.8, 0.0, 0.0)), VIX_SHAPE.centres, VIX_SHAPE.widths, (-0.2, -0.03)
    )
    day = dt.date(2020, 1, 2)
    parts = [made(planted, days, 135.0, day, of_vix=True) for days in (15.0, 30.0, 60.0, 120.0, 200.0)]
    found = VixModel(fit_vix(parts))
    for part in parts:
        assert found.vol(part.state, part.strike, 100.0, part.years) == pytest.approx(part.vol, rel=1e-3)


def test_the_dividend_yield_is_that_of_the_forwards(data: Path) -> None:
    """Slope of ln(forward / level) less the parity rate over years; the level itself is of another minute."""
    found = []
    for name in ("SPX_2022-06-10_close.csv", "SPX_2023-05-19_close.csv", "SPX_2024-01-05_close.csv"):
        snapshot = read_quote_table(data / "spx_chains" / name)
        parts = [s for s in cut(snapshot) if 20 / 365 < s.years < 1.2 and np.isfinite(s.forward)]
        years = np.array([s.years for s in parts])
        carry = [np.log(s.forward / snapshot.spot) - s.rate * s.years for s in parts]
        found.append(-np.polyfit(years, carry, 1)[0])
    assert np.median(found) == pytest.approx(DIVIDEND_YIELD, abs=0.003)


def test_a_folder_without_chains_is_refused(history: History, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("strike,bid\n1,2\n")
    with pytest.raises(HistoryError, match="0 dates of SPX and 0 of VIX"):
        model_error(tmp_path, history)
