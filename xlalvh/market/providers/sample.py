"""A snapshot made by a model, so that everything works before there are quotes. It is no market data.

Prices are Black-76 on SVI smiles whose shape, in standard deviations, is the same at every tenor. As in real chains
SPX volatility over VIX is about 0.81 at the money, 1.06 at the 16-delta put and 0.73 at the 16-delta call; the far
puts are dear enough for the VIX formula to give the spot VIX stated. Bids and asks stand half-spreads away that grow
with delta, rounded to ticks. A seeded generator moves mids and spreads a little, always around the model's price,
so that no two quotes can be played off against each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from xlalvh.market import calendar, quality
from xlalvh.market.histories import MATURITIES
from xlalvh.market.quotes import ChainSnapshot, Future, FuturesCurve, IndexHistory, OptionChain, Snapshot
from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array
from xlalvh.numerics.smile import Smile

SOURCE = "SAMPLE, not market data"

_TIME = dt.datetime(2026, 1, 14, 15, 45)  # New York
_SEED = 20260114
_RATE = 0.037
_SPX = 6912.35
_DIVIDENDS = 0.012
_VIX = 15.9
_VIX_FAR = 22.0  # where the futures curve tends to
_VIX_DECAY = 0.35  # years
_VIX_MEAN = 17.5  # of the made-up year
_SESSIONS = 260
_VX_TICK = 0.05  # points
_VX_NOISE = 0.004  # standard deviation of a future of constant maturity around its model, in logs

_DAILIES = 7  # sessions with an SPXW expiry
_FRIDAYS = 10
_MONTHS = 7
_VIX_MONTHS = 5
_FUTURES = 8
_VIX_WEEKLIES = 2

_Bands = Sequence[tuple[float, float, float]]  # step, lowest, highest
_SPX_BANDS = ((5.0, 0.93, 1.05), (10.0, 0.85, 1.09), (25.0, 0.70, 1.15), (100.0, 0.40, 1.30))  # of spot
_VIX_BANDS = ((0.5, 10.0, 20.0), (1.0, 20.0, 40.0), (2.5, 40.0, 50.0), (5.0, 50.0, 100.0), (10.0, 100.0, 180.0))


class _Model(NamedTuple):
    """How one underlying is priced and quoted."""

    vol: Callable[[float], float]  # at the money by years
    shape: tuple[float, float, float, float, float]  # SVI a, b, rho, m, sigma of variance in standard deviations
    half_spread: tuple[Sequence[float], Sequence[float]]  # deltas, points
    ticks: tuple[float, float]  # points below and from a price of 3


_SPX_MODEL = _Model(
    vol=lambda t: 0.15 - 0.03 * float(np.exp(-t / 0.25)),
    shape=(-0.60, 0.926, -0.83, -1.287, 2.481),
    half_spread=((0.0, 0.04, 0.08, 0.35, 0.5, 0.8, 1.0), (0.075, 0.10, 0.15, 0.20, 0.30, 0.80, 2.0)),
    ticks=(0.05, 0.10),
)
_VIX_MODEL = _Model(
    vol=lambda t: 0.45 + 0.65 * float(np.exp(-t / 0.14)),
    shape=(0.60, 0.57, 0.73, -0.35, 0.25),
    half_spread=((0.0, 0.6, 1.0), (0.025, 0.025, 0.075)),
    ticks=(0.01, 0.05),
)
_VIXW_MODEL = _VIX_MODEL._replace(half_spread=((0.0, 0.6, 1.0), (0.05, 0.075, 0.1)))


class _Expiry(NamedTuple):
    """One expiry to quote."""

    root: str
    expiry: dt.date
    forward: float
    strikes: Array
    model: _Model


@cache
def sample_snapshot() -> Snapshot:
    """SPX and VIX options and VX futures of a made-up afternoon, 2026-01-14 15:45 New York; always the same."""
    now = calendar.from_new_york(_TIME)
    rng = np.random.default_rng(_SEED)
    futures = tuple(
        Future(expiry, round(round(_vix_forward(expiry, now) / _VX_TICK) * _VX_TICK, 2), monthly=True)
        for expiry in _monthlies(calendar.vix_expiry, _FUTURES)
    )
    spx = _chain("SPX", _spx_expiries(now), now, rng)
    vix = _chain("VIX", _vix_expiries(now, futures), now, rng)
    return Snapshot(
        spx=ChainSnapshot(SOURCE, now, _SPX, spx, sample=True),
        vix=ChainSnapshot(SOURCE, now, _VIX, vix, sample=True),
        futures=FuturesCurve(SOURCE, now, futures),
    )


def sample_history(symbol: str) -> IndexHistory | None:
    """Closes of SPX or VIX, or constant-maturity futures (VX30, VX60), on the 260 sessions up to the sample's day.

    There they meet its levels. None for other symbols.
    """
    if symbol in MATURITIES:
        return _maturity_history(symbol)
    if symbol not in ("SPX", "VIX"):
        return None
    days = [_TIME.date()]
    while len(days) < _SESSIONS:
        days.append(calendar.previous_session(days[-1]))
    rng = np.random.default_rng(_SEED)
    shocks = rng.standard_normal((2, _SESSIONS - 1))
    if symbol == "SPX":
        # Backwards from the last level, like what follows.
        closes = _SPX * np.exp(np.concatenate([[0.0], np.cumsum(0.008 * shocks[0] - 0.0005)]))
    else:
        log, levels = np.log(_VIX), [_VIX]
        for own, spx in zip(shocks[1], shocks[0], strict=True):
            log += 0.03 * (np.log(_VIX_MEAN) - log) + 0.06 * (0.6 * own - 0.8 * spx)
            levels.append(float(np.exp(log)))
        closes = np.array(levels)
    return IndexHistory(symbol, np.array(days[::-1], dtype="datetime64[D]"), np.round(closes[::-1], 2))


def _maturity_history(symbol: str) -> IndexHistory:
    """The futures curve that each day's VIX gives, a little off where it is not the sample's day."""
    vix = sample_history("VIX")
    assert vix is not None
    decay = np.exp(-MATURITIES[symbol] / 365.0 / _VIX_DECAY)
    noise = np.random.default_rng([_SEED, int(MATURITIES[symbol])]).standard_normal(_SESSIONS)
    noise[-1] = 0.0
    prices = (_VIX_FAR - (_VIX_FAR - vix.close) * decay) * np.exp(_VX_NOISE * noise)
    return IndexHistory(symbol, vix.dates, np.round(prices, 2))


def _spx_expiries(now: dt.datetime) -> Iterable[_Expiry]:
    today = _TIME.date()
    strikes = _strikes([(step, low * _SPX, high * _SPX) for step, low, high in _SPX_BANDS])
    monthlies = _monthlies(calendar.spx_expiry, _MONTHS)
    sessions = [day for i in range(1, 200) if calendar.is_session(day := today + dt.timedelta(days=i))]
    month_ends = [a for a, b in pairwise(sessions) if a.month != b.month]
    fridays = [day for day in sessions if day.weekday() == 4][:_FRIDAYS]
    weeklies = sorted({*sessions[:_DAILIES], *fridays, *month_ends, *monthlies})
    for root, days in (("SPX", monthlies), ("SPXW", weeklies)):
        for day in days:
            growth = np.exp((_RATE - _DIVIDENDS) * calendar.years(root, day, now))
            yield _Expiry(root, day, float(_SPX * growth), strikes, _SPX_MODEL)


def _vix_expiries(now: dt.datetime, futures: Sequence[Future]) -> Iterable[_Expiry]:
    strikes = _strikes(_VIX_BANDS)
    for future in futures[:_VIX_MONTHS]:
        yield _Expiry("VIX", future.expiry, future.price, strikes, _VIX_MODEL)
    for week in range(1, _VIX_WEEKLIES + 1):
        day = futures[0].expiry + dt.timedelta(weeks=week)
        yield _Expiry("VIXW", day, _vix_forward(day, now), strikes, _VIXW_MODEL)


def _vix_forward(expiry: dt.date, now: dt.datetime) -> float:
    """The futures curve, in contango."""
    return float(_VIX_FAR - (_VIX_FAR - _VIX) * np.exp(-calendar.years("VIX", expiry, now) / _VIX_DECAY))


def _monthlies(rule: Callable[[int, int], dt.date], count: int) -> list[dt.date]:
    """The next monthly expiries after today."""
    today = _TIME.date()
    months = ((today.year + (today.month - 1 + i) // 12, (today.month - 1 + i) % 12 + 1) for i in range(count + 1))
    return [day for year, month in months if (day := rule(year, month)) > today][:count]


def _strikes(bands: _Bands) -> Array:
    """Listed strikes: the multiples of each step inside its band."""
    parts = [np.arange(np.ceil(low / step), np.floor(high / step) + 1.0) * step for step, low, high in bands]
    return np.unique(np.concatenate(parts))


def _chain(underlying: str, expiries: Iterable[_Expiry], now: dt.datetime, rng: np.random.Generator) -> OptionChain:
    roots: list[str] = []
    days: list[dt.date] = []
    columns: list[tuple[Array, ...]] = []
    for part in expiries:
        years = calendar.years(part.root, part.expiry, now)
        sides = [price for right in (1.0, -1.0) for price in _quote(right, part, years, rng)]
        roots += [part.root] * len(part.strikes)
        days += [part.expiry] * len(part.strikes)
        columns.append((part.strikes, *sides))
    expiry = np.array(days, dtype="datetime64[D]")
    return quality.build(underlying, roots, expiry, *(np.concatenate(column) for column in zip(*columns, strict=True)))


def _quote(right: float, part: _Expiry, years: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Bid and ask in points around the model's price; a bid that rounds to nothing is 0."""
    model = part.model
    deviation = model.vol(years) * np.sqrt(years)
    a, b, rho, m, sigma = model.shape
    smile = Smile(deviation**2 * a, deviation * b, rho, deviation * m, deviation * sigma)
    vols = smile.vol(part.strikes, part.forward, years)
    option = black76.main_greeks(right, part.forward, part.strikes, years, vols, _RATE)
    half = np.interp(np.abs(option.delta), *model.half_spread) * rng.uniform(0.8, 1.2, len(vols))
    middle = option.price + half * rng.uniform(-0.3, 0.3, len(vols))
    tick = np.where(option.price < 3.0, *model.ticks)
    low, high = np.floor(option.price / tick), np.ceil(option.price / tick)
    bid = np.maximum(np.minimum(np.round((middle - half) / tick), low), 0.0)
    ask = np.maximum(np.maximum(np.round((middle + half) / tick), high), bid + 1.0)
    return np.round(bid * tick, 2), np.round(ask * tick, 2)
