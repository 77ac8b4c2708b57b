"""What Rules say is measured, measured again: each figure with its error, method and sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlalvh.numerics.arrays import Array, Dates
from xlalvh.research import bootstrap, tenor_beta
from xlalvh.research.bootstrap import Interval, ratio, slope
from xlalvh.research.history import History
from xlalvh.strategy.rules import default

_SINCE_VVIX, _SINCE_VIX9D = dt.date(2013, 1, 1), dt.date(2011, 1, 1)
_SINCE = dt.date(2006, 1, 1)
_FUTURE_BETAS = ("future_beta_front", "future_beta_mid", "future_beta_back")
_FAMILY = (("vix9d", 9.0), ("vix3m", 93.0), ("vix6m", 184.0))  # calendar days, as their names say


@dataclass(frozen=True)
class Figure:
    """One measured figure beside the rule that rests on it."""

    name: str
    rule: float | None  # what Rules have; None where no rule rests on it
    found: Interval
    method: str
    sample: str

    @property
    def agrees(self) -> bool | None:
        """Whether the rule lies within two standard errors."""
        return None if self.rule is None else abs(self.rule - self.found.estimate) <= 2.0 * self.found.error


def measure(history: History) -> list[Figure]:
    """Every figure that Rules call measured or fitted.

    Raises
    ------
    tenor_beta.TooShortError
        For a history without the years that a figure needs.
    """
    return [
        *_tenor_betas(history),
        *_future_betas(history),
        *_path_betas(history),
        *_tenor_exponent(history),
        *_vix_vol(history),
    ]


def _tenor_betas(history: History) -> list[Figure]:
    found = []
    for lag, named in ((1, ("beta_c", "beta_a", "beta_kappa")), (21, (None, None, None))):
        fit = tenor_beta.refit(history, lag)
        over = "daily changes" if lag == 1 else f"changes over {lag} sessions"
        sample = f"{fit.first} to {fit.last}, {fit.changes:,} {over} of {fit.contracts} VX monthlies"
        how = f"{over} of a contract on those of VIX; blocks of {tenor_beta.block(lag):.0f} days"
        for name, rule, value in zip(("c", "A", "kappa"), named, (fit.c, fit.a, fit.kappa), strict=True):
            text = f"tenor beta {name}, {over}"
            rested = None if rule is None else default(rule)
            found.append(Figure(text, rested, value, f"c + A exp(-kappa T), least squares; {how}", sample))
        found += [
            Figure(f"tenor beta of the {b.name} contract, {b.days:.0f} days, {over}", None, b.beta, how, sample)
            for b in fit.buckets
        ]
    return found


def _future_betas(history: History) -> list[Figure]:
    found = []
    least = default("front_min_days")
    for lag in (1, 5):
        moved = tenor_beta.changes(history, lag)
        over = "daily" if lag == 1 else f"over {lag} sessions"
        columns = tenor_beta.ranked(moved, least)
        for name, rule, column in zip(("front", "mid", "back"), _FUTURE_BETAS, columns, strict=True):
            rows = np.flatnonzero(column >= 0)
            y = moved.future[rows, column[rows]] / moved.start[rows, column[rows]]
            beta = bootstrap.interval(slope, moved.spx[rows], y, block=tenor_beta.block(lag))
            days = moved.days[rows, column[rows]].mean()
            found.append(
                Figure(
                    f"beta to SPX of the {name} layer's future, {days:.0f} days, {over} returns",
                    default(rule),
                    beta,
                    f"return of the contract on the return of SPX; front is the first with {least:.0f} days left",
                    _sample(moved.day, "returns"),
                )
            )
    day, spx, vix = _joined(history, _SINCE_VVIX, 1)
    spot = bootstrap.interval(slope, spx, vix, block=tenor_beta.BLOCK)
    found.append(
        Figure("beta of spot VIX to SPX, daily", None, spot, "log change on log change", _sample(day, "changes"))
    )
    return found


def _path_betas(history: History) -> list[Figure]:
    found = []
    for lag in (21, 1):
        day, spx, vix = _joined(history, _SINCE, lag)
        for side, rule, some in (("falls", "path_beta_down", spx < 0.0), ("rises", "path_beta_up", spx > 0.0)):
            x, y = np.where(some, spx, 0.0), np.where(some, vix, 0.0)
            beta = bootstrap.interval(ratio, x * y, x * x, block=tenor_beta.block(lag))
            found.append(
                Figure(
                    f"ln of VIX per ln of SPX, {side} over {lag} session{'s' * (lag > 1)}",
                    default(rule) if lag > 1 else None,
                    beta,
                    "least squares through the origin",
                    _sample(day[some], "changes"),
                )
            )
    return found


def _tenor_exponent(history: History) -> list[Figure]:
    """The power p of 30 / days by which volatility of other tenors follows VIX."""
    found = []
    names = [name for name, _ in _FAMILY]
    distance = np.array([np.log(30.0 / days) for _, days in _FAMILY])
    for lag in (1, 21):
        day, *columns = _changes(history, _SINCE_VIX9D, lag, ["vix", *names])
        vix, others = columns[0], columns[1:]

        def exponent(x: Array, *rest: Array) -> Array:
            betas = np.stack([np.log(ratio(x * y, x * x)) for y in rest], axis=-1)
            return (betas * distance).sum(axis=-1) / (distance**2).sum()

        value = bootstrap.interval(exponent, vix, *others, block=tenor_beta.block(lag))
        over = "daily" if lag == 1 else f"over {lag} sessions"
        found.append(
            Figure(
                f"tenor exponent of volatility, {over}",
                default("vega_tenor_exponent"),
                value,
                "ln beta of VIX9D, VIX3M and VIX6M to VIX on ln(30 / days), through the origin",
                _sample(day, "changes"),
            )
        )
        for (name, _), y in zip(_FAMILY, others, strict=True):
            beta = bootstrap.interval(ratio, vix * y, vix * vix, block=tenor_beta.block(lag))
            found.append(
                Figure(
                    f"{name.upper()} per point of VIX, {over}", None, beta, "points on points", _sample(day, "changes")
                )
            )
    return found


def _vix_vol(history: History) -> list[Figure]:
    found = []
    some = history.between(_SINCE_VVIX)
    cm = some.cm(30.0)
    for lag in (10, 1):
        x, y = np.log(cm[lag:] / cm[:-lag]), np.log(some.vvix[lag:] / some.vvix[:-lag])
        known = np.isfinite(x) & np.isfinite(y)
        power = bootstrap.interval(slope, x[known], y[known], block=tenor_beta.block(lag))
        found.append(
            Figure(
                f"VVIX per 30-day VX future, powers, over {lag} session{'s' * (lag > 1)}",
                default("vix_vol_elasticity") if lag > 1 else None,
                power,
                "ln VVIX on ln of the constant-maturity future",
                _sample(some.day[lag:][known], "changes"),
            )
        )
    return found


def _joined(history: History, first: dt.date, lag: int) -> tuple[Dates, Array, Array]:
    day, spx, vix = _changes(history, first, lag, ["spx", "vix"], logs=True)
    return day, spx, vix


def _changes(history: History, first: dt.date, lag: int, names: Sequence[str], *, logs: bool = False) -> list[Any]:
    """Days, then changes of each series over `lag` sessions, on the days that have them all."""
    begin = int(np.searchsorted(history.day, np.datetime64(first)))
    levels = [getattr(history, name)[begin:] for name in names]
    levels = [np.log(level) for level in levels] if logs else levels
    moved = [level[lag:] - level[:-lag] for level in levels]
    known = np.logical_and.reduce([np.isfinite(change) for change in moved])
    if known.sum() < 100:
        raise tenor_beta.TooShortError(
            f"the history has {int(known.sum())} changes of {', '.join(names)} from {first}; it needs 100: run xlalvh "
            "history update"
        )
    return [history.day[begin + lag :][known], *(change[known] for change in moved)]


def _sample(day: Dates, what: str) -> str:
    return f"{day[0]} to {day[-1]}, {len(day):,} {what}"
