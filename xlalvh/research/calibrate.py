"""The constants of the pricing model of the past, fitted to real chains, and how far off it is where it did not see.

Every score leaves the scored date out of the fit. Each expiry's forward is that of put-call parity, so that the score
is of the smile alone. A chain in session takes SPX variance of 9, 30, 93 and 184 days from its own strips: the day's
closing indices are of another hour.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xlalvh.market import calendar, slices
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.text import date, number, read_rows
from xlalvh.market.quotes import ChainSnapshot, QuoteError
from xlalvh.numerics import black76, implied_vol, parity, vix_index
from xlalvh.numerics.arrays import Array
from xlalvh.research.history import History, HistoryError
from xlalvh.research.surface import (
    CENTRAL_SKEW,
    NODES,
    SPX_SHAPE,
    VIX_SHAPE,
    DayState,
    FlatModel,
    Shape,
    SpxModel,
    VixModel,
    family_vol,
)

Vols = SpxModel | FlatModel

# Deltas of the score, as the market has them, and what they are called; puts are negative.
MONEYNESS = (
    ("5-delta put", -0.08, -0.03),
    ("16-delta put", -0.20, -0.12),
    ("30-delta put", -0.36, -0.24),
    ("at the money", 0.44, 0.56),
    ("30-delta call", 0.24, 0.36),
    ("16-delta call", 0.12, 0.20),
    ("5-delta call", 0.03, 0.08),
)
TENORS = ((9, 20), (20, 35), (35, 60), (60, 100), (100, 200))  # days

_SHORT_DELTA = 0.16
_WING = 50.0  # points
_CONDOR_DAYS = (25.0, 65.0)
_LEAST_DELTA = 0.02
_WIDEST = 0.15  # half-spread over volatility
_FEWEST = 8  # options of an expiry
_SHORTEST, _LONGEST = 5.0, 250.0  # days
_STEP = 0.25  # of z: options nearer than this count as one
_HEAD = 4000  # bytes that tell what a file is
_NO_STATE = DayState(*(float("nan"),) * 6)
_REMEDY = "give a folder with Cboe quote tables of SPX and VIX options"


@dataclass(frozen=True)
class Smile:
    """One expiry's out-of-the-money options on one date, an element a strike."""

    day: dt.date
    state: DayState
    years: float
    forward: float
    rate: float
    strike: Array
    vol: Array  # at the mid, a decimal
    delta: Array  # signed
    mid: Array  # points


@dataclass(frozen=True)
class Cell:
    """Errors of modelled volatility at one moneyness and tenor, over dates: model less market, decimals."""

    moneyness: str
    days: tuple[int, int]
    dates: int
    market: float  # mean volatility
    mean: float
    deviation: float  # NaN with one date
    flat_mean: float  # of the naive smile, flat at the tenor's VIX; NaN for VIX options
    flat_deviation: float


@dataclass(frozen=True)
class CreditError:
    """Modelled over real condor credit less 1, over dates: 16-delta shorts, 50-point wings, 25 to 65 days."""

    dates: int
    mean: float
    deviation: float
    least: float
    most: float


@dataclass(frozen=True)
class ModelError:
    """How far the model is from real quotes on dates that its fit did not see."""

    spx: tuple[Cell, ...]
    vix: tuple[Cell, ...]
    credit: CreditError
    flat_credit: CreditError
    spx_dates: tuple[dt.date, ...]
    vix_dates: tuple[dt.date, ...]
    spx_shape: Shape  # fitted to all dates
    vix_shape: Shape


def smiles(folder: Path, history: History) -> tuple[list[Smile], list[Smile]]:
    """Every usable expiry of SPX and of VIX options in a folder's tables, sub-folders included."""
    chains = list(_snapshots(folder))
    spx = _spx_smiles([chain for chain in chains if chain.chain.underlying == "SPX"], history)
    vix = _vix_smiles([chain for chain in chains if chain.chain.underlying == "VIX"], history)
    tables = [smile for path in sorted(folder.rglob("*.csv")) for smile in _table_of_vols(path, history)]
    return spx, sorted(vix + tables, key=lambda smile: (smile.day, smile.years))


def _spx_smiles(chains: Sequence[ChainSnapshot], history: History) -> list[Smile]:
    """Expiries of 5 to 250 days; a date that comes twice counts once."""
    found: dict[dt.date, list[Smile]] = {}
    for snapshot in chains:
        moment = calendar.to_new_york(snapshot.market_time)
        day = moment.date()
        if day not in found:
            i = history.at(day)
            parts = [_cut(snapshot, root, expiry, float(history.rate[i])) for root, expiry in snapshot.chain.expiries()]
            closing = snapshot.market_time == calendar.session_end(day)
            state = DayState.of(history, i)
            if not closing:
                state = _own_state(state, snapshot, float(history.rate[i]))
            found[day] = [replace(part, state=state) for part in parts if part is not None]
    return [smile for day in sorted(found) for smile in found[day]]


def _vix_smiles(chains: Sequence[ChainSnapshot], history: History) -> list[Smile]:
    """Monthly expiries of 9 to 250 days: weeklies have no future that trades."""
    found: list[Smile] = []
    for snapshot in chains:
        i = history.at(calendar.to_new_york(snapshot.market_time).date())
        for root, expiry in snapshot.chain.expiries():
            part = _cut(snapshot, root, expiry, float(history.rate[i])) if root == "VIX" else None
            if part is not None and part.years > 9.0 / 365.0:
                found.append(replace(part, state=DayState.of(history, i)))
    return found


def fit_spx(parts: Sequence[Smile]) -> Shape:
    """The constants that fit best; centres and widths of the bends stay those of `SPX_SHAPE`."""
    rows = [_rows(smile, family_vol(smile.state, smile.years)) for smile in parts]
    z, ratio, weight = (np.concatenate([row[i] for row in rows]) for i in range(3))
    size = [len(row[0]) for row in rows]
    x = np.repeat([float(SPX_SHAPE.reference(s.years)) for s in parts], size)
    k = np.repeat([_steepness(s.state) for s in parts], size)
    days = np.repeat([s.years * 365.0 for s in parts], size)
    weight = weight * np.where((days < 20.0) | (days > 100.0), 0.4, 1.0) / np.repeat(_crowd(parts), size)
    one = np.ones_like(z)
    features = ((one, x, k), (one, x), (one, x, k), (one, x, k))
    solved = _solve(z, ratio, weight, SPX_SHAPE, features)
    return replace(SPX_SHAPE, coefficients=solved)


def fit_vix(parts: Sequence[Smile]) -> Shape:
    """The constants that fit best; centre and width of the bend stay those of `VIX_SHAPE`."""
    rows = [_rows(smile, np.asarray(smile.state.vvix, dtype=float) / 100.0) for smile in parts]
    x = np.array([float(VIX_SHAPE.reference(s.years)) for s in parts])
    money = np.array([np.interp(0.0, z, ratio) for z, ratio, _ in rows])
    curve, slope, _ = np.polyfit(x, np.log(money), 2)
    z, ratio, weight = (np.concatenate([row[i] for row in rows]) for i in range(3))
    size = [len(row[0]) for row in rows]
    weight = weight / np.repeat(size, size) / np.repeat(_expiries(parts), size)
    level = np.repeat(np.exp(slope * x + curve * x * x), size)
    one = np.ones_like(z)
    solved = _solve(z, ratio / level, weight, VIX_SHAPE, ((one,), (one,), (one,)))
    return replace(VIX_SHAPE, coefficients=solved, level=(float(slope), float(curve)))


def model_error(folder: Path, history: History) -> ModelError:
    """Errors on each date of the model fitted to the other dates.

    Parameters
    ----------
    folder : Path
        With Cboe quote tables of SPX and VIX options, sub-folders included.
    history : History
        That has those dates.

    Raises
    ------
    HistoryError
        With fewer than three dates of SPX or two of VIX.
    """
    spx, vix = smiles(folder, history)
    spx_dates, vix_dates = (tuple(sorted({s.day for s in group})) for group in (spx, vix))
    if len(spx_dates) < 3 or len(vix_dates) < 2:
        raise HistoryError(
            f"{folder} holds {len(spx_dates)} dates of SPX and {len(vix_dates)} of VIX options; scoring needs three "
            f"and two; {_REMEDY}"
        )
    models = {day: SpxModel(fit_spx([s for s in spx if s.day != day])) for day in spx_dates}
    vix_models = {day: VixModel(fit_vix([s for s in vix if s.day != day])) for day in vix_dates}
    flat = FlatModel()
    modelled = [models[s.day].vol(s.state, s.strike, s.forward, s.years) for s in spx]
    naive = [flat.vol(s.state, s.strike, s.forward, s.years) for s in spx]
    modelled_vix = [vix_models[s.day].vol(s.state, s.strike, s.forward, s.years) for s in vix]
    return ModelError(
        spx=tuple(_cells(spx, modelled, naive)),
        vix=tuple(_cells(vix, modelled_vix, None)),
        credit=_credit_error(spx, modelled),
        flat_credit=_credit_error(spx, naive),
        spx_dates=spx_dates,
        vix_dates=vix_dates,
        spx_shape=fit_spx(spx),
        vix_shape=fit_vix(vix),
    )


def _snapshots(folder: Path) -> Iterator[ChainSnapshot]:
    """The quote tables of a folder; one without a time of its own is of the close of the day in its name."""
    for path in sorted(folder.rglob("*.csv")):
        if not {b"strike", b"bid"} <= _words(path):
            continue
        try:
            snapshot = read_quote_table(path)
        except QuoteError:
            day = _named_day(path)
            if day is None:
                continue  # another kind of file
            try:
                snapshot = read_quote_table(path, dt.datetime.combine(day, dt.time(16, 15)))
            except QuoteError:
                continue
        yield snapshot


def _words(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        return set(re.findall(rb"[a-z_]+", file.read(_HEAD).lower()))


def _named_day(path: Path) -> dt.date | None:
    return next((day for word in path.stem.split("_") if (day := date(word)) is not None), None)


def _table_of_vols(path: Path, history: History) -> Iterator[Smile]:
    """The expiries of a table of VIX options that holds volatilities; its day is in its name."""
    day = _named_day(path)
    if day is None or not {b"ttm_years", b"bid_iv", b"ask_iv"} <= _words(path):
        return
    lines = [cells for cells in read_rows(path, _REMEDY) if cells]
    places = [lines[0].index(title) for title in ("ttm_years", "forward", "discount", "strike", "bid_iv", "ask_iv")]
    right_at = lines[0].index("type")
    rows = np.array([[number(cells[i]) for i in places] for cells in lines[1:]])
    right = np.array([1.0 if cells[right_at] == "C" else -1.0 for cells in lines[1:]])
    for years in np.unique(rows[:, 0]):
        at = rows[:, 0] == years
        forward, discount = rows[at][0, 1], rows[at][0, 2]
        rate = -float(np.log(discount)) / years
        strike, half, vol = rows[:, 3], 0.5 * (rows[:, 5] - rows[:, 4]), 0.5 * (rows[:, 5] + rows[:, 4])
        at &= (right > 0.0) == (strike >= forward)
        part = _smile(day, float(years), float(forward), rate, strike[at], right[at], vol[at], half[at])
        if part is not None:
            yield replace(part, state=DayState.of(history, history.at(day)))


def _cut(snapshot: ChainSnapshot, root: str, expiry: dt.date, rate: float) -> Smile | None:
    """One expiry's out-of-the-money options with its parity forward, None where it has too few."""
    chain = snapshot.chain.at(root, expiry)
    years = calendar.years(root, expiry, snapshot.market_time)
    if not _SHORTEST <= years * 365.0 <= _LONGEST:
        return None
    call_bid, call_ask, put_bid, put_ask = slices.sides(chain)
    forward = parity.implied_forward(chain.strike, call_bid, call_ask, put_bid, put_ask, years, rate)
    if not np.isfinite(forward):
        return None
    right = np.where(chain.strike >= forward, 1.0, -1.0)
    bid, ask = np.where(right > 0.0, call_bid, put_bid), np.where(right > 0.0, call_ask, put_ask)
    vol = implied_vol.implied_vol(right, 0.5 * (bid + ask), forward, chain.strike, years, rate)
    vega = black76.main_greeks(right, forward, chain.strike, years, np.nan_to_num(vol, nan=0.2), rate).vega
    with np.errstate(all="ignore"):
        half = 0.5 * (ask - bid) / (100.0 * vega)
    day = calendar.to_new_york(snapshot.market_time).date()
    return _smile(day, years, forward, rate, chain.strike, right, vol, half)


def _smile(
    day: dt.date, years: float, forward: float, rate: float, strike: Array, right: Array, vol: Array, half: Array
) -> Smile | None:
    """The options that count: above 2 delta, and quoted within 15 % of their volatility. The state is still to come."""
    option = black76.main_greeks(right, forward, strike, years, np.nan_to_num(vol, nan=0.2), rate)
    good = np.isfinite(vol) & (np.abs(option.delta) > _LEAST_DELTA) & (half < _WIDEST * vol)
    if good.sum() < _FEWEST:
        return None
    order = np.argsort(strike[good])
    columns = (column[good][order] for column in (strike, vol, option.delta, option.price))
    return Smile(day, _NO_STATE, years, forward, rate, *columns)


def _own_state(state: DayState, snapshot: ChainSnapshot, rate: float) -> DayState:
    """A state with the VIX family of the chain's own strips in place of the closing one."""
    times, totals = [], []
    for root, expiry in snapshot.chain.expiries():
        chain, years = snapshot.chain.at(root, expiry), calendar.years(root, expiry, snapshot.market_time)
        if years > _SHORTEST / 365.0:
            variance = vix_index.strip_variance(chain.strike, *slices.sides(chain), years, rate)
            if variance > 0.0:
                times.append(years)
                totals.append(variance * years)
    order = np.argsort(times)
    total = np.interp(NODES, np.array(times)[order], np.array(totals)[order])
    near, vix, third, sixth = (100.0 * np.sqrt(total / NODES)).tolist()
    return DayState(near, vix, third, sixth, state.skew, state.vvix)


def _rows(smile: Smile, own: Array) -> tuple[Array, Array, Array]:
    """z, volatility over the index's own, and a weight by which neighbours within a step of z count as one."""
    z = np.log(smile.strike / smile.forward) / (own * np.sqrt(smile.years))
    _, place, crowd = np.unique(np.round(z / _STEP), return_inverse=True, return_counts=True)
    far = (z < -3.0) | (z > 1.6)
    return z, smile.vol / own, np.where(far, 0.3, 1.0) / crowd[place]


def _crowd(parts: Sequence[Smile]) -> Array:
    """How many expiries of one date and tenor bucket there are, for each smile."""
    edges = [low for low, _ in TENORS[1:]]
    keys = [(smile.day, int(np.digitize(smile.years * 365.0, edges))) for smile in parts]
    return np.array([keys.count(key) for key in keys], dtype=float)


def _expiries(parts: Sequence[Smile]) -> Array:
    """How many expiries of its date there are, for each smile."""
    days = [smile.day for smile in parts]
    return np.array([days.count(day) for day in days], dtype=float)


def _steepness(state: DayState) -> float:
    return (float(state.skew) - CENTRAL_SKEW) / 10.0


def _solve(
    z: Array, ratio: Array, weight: Array, shape: Shape, features: Sequence[Sequence[Array]]
) -> tuple[tuple[float, float, float], ...]:
    """Least squares on the squared ratio, an error of which is twice the ratio times an error of the ratio."""
    bends = [np.sqrt(np.square(z - m) + w * w) for m, w in zip(shape.centres, shape.widths, strict=True)]
    basis = [np.ones_like(z), z, *bends]
    columns = [part * feature for part, own in zip(basis, features, strict=True) for feature in own]
    root = np.sqrt(weight) / (2.0 * ratio)
    found, *_ = np.linalg.lstsq(np.column_stack(columns) * root[:, None], ratio * ratio * root, rcond=None)
    rest = iter(found.tolist())
    rows = [[next(rest) for _ in own] for own in features]
    return tuple((row[0], row[1] if len(row) > 1 else 0.0, row[2] if len(row) > 2 else 0.0) for row in rows)


def _cells(parts: Sequence[Smile], modelled: Sequence[Array], naive: Sequence[Array] | None) -> Iterator[Cell]:
    """The table of errors: each date's mean error first, then mean and deviation over dates."""
    for low, high in TENORS:
        for name, least, most in MONEYNESS:
            by_day: dict[dt.date, list[Array]] = {}
            for i, smile in enumerate(parts):
                if low <= smile.years * 365.0 < high:
                    delta = np.where(smile.delta < -0.44, smile.delta + 1.0, smile.delta)
                    at = (delta >= least) & (delta <= most)
                    rough = np.full_like(smile.vol, np.nan) if naive is None else naive[i] - smile.vol
                    errors = np.array([smile.vol, modelled[i] - smile.vol, rough])[:, at]
                    by_day.setdefault(smile.day, []).append(errors)
            found = [np.concatenate(parts, axis=1) for parts in by_day.values()]
            means = np.array([errors.mean(axis=1) for errors in found if errors.shape[1]])
            if len(means):
                spread = means.std(axis=0, ddof=1) if len(means) > 1 else np.full(3, np.nan)
                market, mean, flat = means.mean(axis=0)
                yield Cell(name, (low, high), len(means), *map(float, (market, mean, spread[1], flat, spread[2])))


def _credit_error(parts: Sequence[Smile], vols: Sequence[Array]) -> CreditError:
    """Errors of condor credit by date: the mean over its expiries."""
    by_day: dict[dt.date, list[float]] = {}
    for smile, vol in zip(parts, vols, strict=True):
        if _CONDOR_DAYS[0] <= smile.years * 365.0 <= _CONDOR_DAYS[1]:
            error = _condor_error(smile, vol)
            if np.isfinite(error):
                by_day.setdefault(smile.day, []).append(error)
    found = np.array([np.mean(errors) for errors in by_day.values()])
    if len(found) < 2:
        raise HistoryError(f"fewer than two dates have condors of 25 to 65 days; {_REMEDY}")
    return CreditError(len(found), *map(float, (found.mean(), found.std(ddof=1), found.min(), found.max())))


def _condor_error(smile: Smile, vol: Array) -> float:
    """Modelled over real credit less 1 of one expiry's condor at listed strikes; NaN where a leg has no quote."""
    puts, calls = smile.delta < 0.0, smile.delta > 0.0
    right = np.where(calls, 1.0, -1.0)
    modelled = black76.price(right, smile.forward, smile.strike, smile.years, vol, smile.rate)
    real_credit = model_credit = 0.0
    for side, away in ((puts, -_WING), (calls, _WING)):
        index = np.nonzero(side)[0]
        if not len(index):
            return float("nan")
        short = index[np.argmin(np.abs(np.abs(smile.delta[index]) - _SHORT_DELTA))]
        long = np.nonzero(np.isclose(smile.strike, smile.strike[short] + away))[0]
        if not len(long) or abs(abs(smile.delta[short]) - _SHORT_DELTA) > 0.03:
            return float("nan")
        real_credit += float(smile.mid[short] - smile.mid[long[0]])
        model_credit += float(modelled[short] - modelled[long[0]])
    return model_credit / real_credit - 1.0
