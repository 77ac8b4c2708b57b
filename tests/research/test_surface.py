"""Modelled smiles: sane on any day, quick, and consistent with the indices that they come from."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.numerics import black76, vix_index
from xlalvh.research.history import History
from xlalvh.research.surface import DayState, FlatModel, SpxModel, VixModel, family_vol

SPX, VIX = SpxModel(), VixModel()
levels = st.floats(8.0, 85.0)
ratios = st.floats(0.7, 1.4)


@st.composite
def states(draw: st.DrawFn) -> DayState:
    """A day from quiet to March 2020, in contango or backwardation, with what may be missing."""
    vix = draw(levels)
    near, third, sixth = (vix * draw(ratios) for _ in range(3))
    missing = draw(st.sampled_from(["none", "vix9d", "all"]))
    skew = draw(st.one_of(st.floats(95.0, 185.0), st.just(float("nan"))))
    nan = float("nan")
    return DayState(
        nan if missing != "none" else near,
        vix,
        nan if missing == "all" else third,
        nan if missing == "all" else sixth,
        skew,
        draw(st.floats(55.0, 210.0)),
    )


def durrleman(y: np.ndarray, total: np.ndarray) -> np.ndarray:
    """g of Gatheral and Jacquier (2014), equation 2.1, by finite differences: negative where a butterfly is."""
    step = y[1] - y[0]
    first = (total[2:] - total[:-2]) / (2.0 * step)
    second = (total[2:] - 2.0 * total[1:-1] + total[:-2]) / step**2
    w, at = total[1:-1], y[1:-1]
    return (1.0 - at * first / (2.0 * w)) ** 2 - 0.25 * first**2 * (1.0 / w + 0.25) + 0.5 * second


@given(states(), st.floats(2.0, 250.0))
def test_spx_smile_is_positive_without_butterflies_and_monotone(state: DayState, days: float) -> None:
    """From three standard deviations below the forward, which is below 1 delta, to two and a half above."""
    years = days / 365.0
    unit = float(family_vol(state, years)) * np.sqrt(years)
    y = unit * np.linspace(-3.0, 2.5, 401)
    vol = SPX.vol(state, 4000.0 * np.exp(y), 4000.0, years)
    assert (vol > 0.0).all()
    assert vol.max() < 3.0 * unit / np.sqrt(years)
    assert (durrleman(y, vol * vol * years) >= -1e-6).all()
    put = black76.price(-1.0, 4000.0, 4000.0 * np.exp(y), years, vol)
    call = black76.price(1.0, 4000.0, 4000.0 * np.exp(y), years, vol)
    assert (np.diff(put) > -1e-9).all()
    assert (np.diff(call) < 1e-9).all()


@given(states(), st.floats(3.0, 250.0))
def test_vix_smile_is_positive_without_butterflies_and_monotone(state: DayState, days: float) -> None:
    """Puts farther down than 1.3 of VVIX's standard deviations, 2 delta or less, are not traded."""
    years = days / 365.0
    y = float(state.vvix) / 100.0 * np.sqrt(years) * np.linspace(-1.3, 3.5, 401)
    vol = VIX.vol(state, 20.0 * np.exp(y), 20.0, years)
    assert (vol > 0.0).all()
    assert (durrleman(y, vol * vol * years) >= -1e-6).all()
    call = black76.price(1.0, 20.0, 20.0 * np.exp(y), years, vol)
    assert (np.diff(call) < 1e-9).all()
    assert (np.diff(black76.price(-1.0, 20.0, 20.0 * np.exp(y), years, vol)) > -1e-9).all()


@given(states(), st.floats(1.0, 400.0), st.floats(0.1, 100.0))
def test_total_variance_of_the_family_never_falls(state: DayState, days: float, more: float) -> None:
    one, two = (float(family_vol(state, d / 365.0)) ** 2 * d for d in (days, days + more))
    assert two >= one * (1.0 - 1e-12)


def test_the_family_is_itself_at_its_tenors() -> None:
    state = DayState(14.0, 17.0, 20.0, 22.0, 135.0, 95.0)
    found = family_vol(state, np.array([3.0, 9.0, 30.0, 93.0, 184.0, 400.0]) / 365.0)
    assert found == pytest.approx([0.14, 0.14, 0.17, 0.20, 0.22, 0.22], abs=1e-12)
    halfway = float(family_vol(state, 61.5 / 365.0))
    assert halfway**2 * 61.5 == pytest.approx(0.5 * (0.17**2 * 30.0 + 0.20**2 * 93.0), rel=1e-12)


def test_a_missing_index_takes_its_neighbour() -> None:
    nan = float("nan")
    state = DayState(nan, 20.0, nan, nan, nan, 90.0)
    assert family_vol(state, np.array([5.0, 60.0, 300.0]) / 365.0) == pytest.approx([0.2, 0.2, 0.2])
    known = state._replace(skew=135.0)
    assert SPX.vol(state, 3900.0, 4000.0, 0.1) == SPX.vol(known, 3900.0, 4000.0, 0.1)


def test_arrays_of_days_are_the_days_one_by_one(history: History) -> None:
    first = history.at(dt.date(2020, 3, 2))
    rows = slice(first, first + 20)
    many = DayState.of(history, rows)
    column = DayState(*(np.asarray(level)[:, None] for level in many))
    forwards = history.spx[rows][:, None]
    strikes = forwards * np.array([0.85, 0.95, 1.0, 1.05])
    spx, vix = (
        SPX.vol(column, strikes, forwards, 45.0 / 365.0),
        VIX.vol(column, np.array([25.0, 40.0, 80.0]), 35.0, 0.1),
    )
    flat = FlatModel().vol(column, strikes, forwards, 45.0 / 365.0)
    for i in range(20):
        one = DayState.of(history, first + i)
        assert spx[i] == pytest.approx(SPX.vol(one, strikes[i], forwards[i, 0], 45.0 / 365.0), rel=1e-12)
        assert vix[i] == pytest.approx(VIX.vol(one, np.array([25.0, 40.0, 80.0]), 35.0, 0.1), rel=1e-12)
        assert flat[i] == pytest.approx(np.full(4, float(family_vol(one, 45.0 / 365.0))), rel=1e-12)


def variance(model: SpxModel | VixModel, state: DayState, forward: float, years: float, reach: float) -> float:
    """Fair variance of a modelled strip: the integral of out-of-the-money options over strike squared."""
    y = np.linspace(-6.0, reach, 6001) * 0.01 * (state.vix if isinstance(model, SpxModel) else state.vvix) * years**0.5
    strikes = forward * np.exp(y)
    prices = black76.price(
        np.where(y < 0.0, -1.0, 1.0), forward, strikes, years, model.vol(state, strikes, forward, years)
    )
    return 2.0 / years * float(np.trapezoid(prices / strikes / forward * forward, y))


@pytest.mark.parametrize("day", [(2013, 7, 1), (2017, 11, 3), (2018, 2, 5), (2020, 3, 16), (2022, 6, 10), (2024, 1, 5)])
def test_the_smile_gives_back_the_index(day: tuple[int, int, int], history: History) -> None:
    """Put through the VIX formula, SPX's smile at 30 days is VIX within 8 %, and VIX's is VVIX within 12 %: nothing in
    the fit makes it so."""
    state = DayState.of(history, history.at(dt.date(*day)))
    month = 30.0 / 365.0
    assert 100.0 * variance(SPX, state, 100.0, month, 4.0) ** 0.5 == pytest.approx(float(state.vix), rel=0.08)
    assert 100.0 * variance(VIX, state, 20.0, month, 6.0) ** 0.5 == pytest.approx(float(state.vvix), rel=0.12)


def test_vix_by_the_exchange_method(history: History) -> None:
    """The same with listed strikes, bids and asks, through our calculation of the index."""
    state = DayState.of(history, history.at(dt.date(2019, 10, 1)))
    strikes = np.arange(1500.0, 3800.0, 5.0)
    total = []
    for days in (25.0, 32.0):
        vol = SPX.vol(state, strikes, 2940.0, days / 365.0)
        call, put = (black76.price(right, 2940.0, strikes, days / 365.0, vol) for right in (1.0, -1.0))
        call, put = np.where(call > 0.05, call, np.nan), np.where(put > 0.05, put, np.nan)
        total.append(vix_index.strip_variance(strikes, call, call, put, put, days / 365.0, 0.0))
    found = vix_index.interpolate(total[0], 25.0 / 365.0, total[1], 32.0 / 365.0)
    assert found == pytest.approx(float(state.vix), rel=0.06)


def test_forwards() -> None:
    assert SPX.forward(4000.0, 0.05, 0.5) == pytest.approx(4000.0 * np.exp((0.05 - 0.013) * 0.5))
    years, settles = np.array([0.05, 0.15, 0.30]), np.array([18.0, 20.0, 21.5])
    assert VIX.future(years, settles, np.array([0.05, 0.10, 0.30])) == pytest.approx([18.0, 19.0, 21.5])
    assert np.isnan(VIX.future(years, settles, np.array([0.01, 0.5]))).all()


def test_a_call_costs_microseconds() -> None:
    state = DayState(14.0, 17.0, 20.0, 22.0, 135.0, 95.0)
    strikes = np.array([3600.0, 3650.0, 4200.0, 4250.0])
    for model in (SPX, VIX):
        begin = time.perf_counter()
        for _ in range(500):
            model.vol(state, strikes, 4000.0, 0.12)
        assert (time.perf_counter() - begin) / 500 < 2e-3  # 0.1 ms on a machine that has nothing else to do
