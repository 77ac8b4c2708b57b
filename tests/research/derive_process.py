"""The constants of `xlalvh.research.simulate.Process`: ``python -m tests.research.derive_process``, seconds.

Daily closes of SPX and VIX from 2006 on. u = ln(VIX - FLOOR) is regressed on its own moving average and level by least
squares; what is left over, with SPX's return over the volatility that VIX announced, is described by two bivariate
normals (expectation and maximisation; A. Dempster, N. Laird, D. Rubin, 1977). The floor and the average's weight are
the ones of a grid under which the simulated 5, 21 and 45-day spreads come nearest to history's. So are SPX's ratio and
elasticity to VIX, by its returns over 10 to 31 sessions from 1990 on.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlalvh.research.simulate import Process, simulate

Array = NDArray[np.float64]

FIRST, SESSIONS = dt.date(2006, 1, 3), 252.0
FLOOR, WEIGHT, NORMAL_VIX = 5.0, 0.12, 18.0


class Fitted(NamedTuple):
    level: float  # VIX points
    to_average: float
    to_level: float
    shock: float
    average_slope: float
    average_spread: float
    daily_ratio: float  # of SPX's daily volatility to VIX at 18
    daily_elasticity: float
    shares: list[float]
    means: list[list[float]]
    covariances: list[list[list[float]]]


def closes(data: Path) -> tuple[list[dt.date], Array, Array]:
    """Days on which both closed, SPX and VIX in points."""
    with (data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv").open() as file:
        spx = {dt.date.fromisoformat(row["date"]): float(row["close"]) for row in csv.DictReader(file)}
    with (data / "indices" / "cboe_VIX_History.csv").open() as file:
        vix = {
            dt.datetime.strptime(row["DATE"], "%m/%d/%Y").date(): float(row["CLOSE"]) for row in csv.DictReader(file)
        }
    days = sorted(set(spx) & set(vix))
    return days, np.array([spx[d] for d in days]), np.array([vix[d] for d in days])


def averages(u: Array) -> Array:
    """The moving average that each close has pulled along, itself included."""
    found = np.empty_like(u)
    found[0] = u[0]
    for i in range(1, len(u)):
        found[i] = found[i - 1] + WEIGHT * (u[i] - found[i - 1])
    return found


def fit(days: list[dt.date], spx: Array, vix: Array) -> Fitted:
    u = np.log(vix - FLOOR)
    m = averages(u)
    start = next(i for i, day in enumerate(days) if day >= FIRST)
    u0, m0, change = u[start:-1], m[start:-1], np.diff(u)[start:]
    x = np.column_stack([np.ones_like(u0), m0 - u0, m0])
    b = np.linalg.lstsq(x, change, rcond=None)[0]
    level = -b[0] / b[2]
    left = change - x @ b
    slope = float(np.polyfit(u0 - level, m0 - level, 1)[0])
    spread = float(np.std(m0 - level - slope * (u0 - level)))
    z = np.diff(np.log(spx))[start:] / (vix[start:-1] / 100.0 / math.sqrt(SESSIONS))
    design = np.column_stack([np.ones_like(z), np.log(vix[start:-1] / NORMAL_VIX)])
    scale = _scale(z - z.mean(), design)
    shocks = np.column_stack([(z - z.mean()) / np.exp(design @ scale), left / left.std()])
    shares, means, covariances = _mixture((shocks - shocks.mean(axis=0)) / shocks.std(axis=0))
    return Fitted(
        math.exp(level) + FLOOR,
        float(b[1]),
        -float(b[2]),
        float(left.std()),
        slope,
        spread,
        math.exp(scale[0]),
        float(scale[1]),
        shares.tolist(),
        means.tolist(),
        covariances.tolist(),
    )


def _scale(z: Array, design: Array) -> Array:
    """b of z's standard deviation exp(design @ b), by Gaussian likelihood (Newton)."""
    b = np.zeros(design.shape[1])
    b[0] = math.log(z.std())
    for _ in range(50):
        weight = z * z * np.exp(-2.0 * design @ b)
        step = np.linalg.solve(design.T @ (design * (2.0 * weight)[:, None]), design.T @ (weight - 1.0))
        b = b + step
        if np.abs(step).max() < 1e-12:
            break
    return b


def _mixture(x: Array, parts: int = 2) -> tuple[Array, Array, Array]:
    distance = np.sqrt(np.square(x).sum(axis=1))
    calm = distance < np.quantile(distance, 0.7)
    share = np.column_stack([np.where(calm, 0.9, 0.1), np.where(calm, 0.1, 0.9)])
    before = -math.inf
    while True:
        total = share.sum(axis=0)
        means = (share.T @ x) / total[:, None]
        covariances = np.stack([((x - means[k]).T * share[:, k]) @ (x - means[k]) / total[k] for k in range(parts)])
        logs = np.column_stack(
            [
                math.log(total[k] / len(x))
                - 0.5 * math.log(np.linalg.det(covariances[k]))
                - 0.5 * np.einsum("ij,jk,ik->i", x - means[k], np.linalg.inv(covariances[k]), x - means[k])
                for k in range(parts)
            ]
        )
        top = logs.max(axis=1)
        likelihood = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
        share = np.exp(logs - likelihood[:, None])
        if likelihood.sum() - before < 1e-8:
            return total / len(x), means, covariances
        before = float(likelihood.sum())


def misfit(spx: Array, vix: Array, ratio: float, elasticity: float) -> float:
    """Root mean square of how far simulated SPX returns are from history's, by starting VIX: quantiles and spread of
    returns over 10, 21 and 31 sessions in units of VIX."""
    process = replace(Process(), realised_ratio=ratio, elasticity=elasticity)

    def figures(z: Array) -> Array:
        return np.append(np.quantile(z, [0.05, 0.16, 0.5, 0.84, 0.95]), z.std())

    gaps = []
    for sessions in (10, 21, 31):
        unit = vix[:-sessions] / 100.0 * math.sqrt(sessions / SESSIONS)
        z = np.log(spx[sessions:] / spx[:-sessions]) / unit
        for low, high in ((9.0, 13.0), (13.0, 16.0), (16.0, 20.0), (20.0, 27.0), (27.0, 80.0)):
            here = (vix[:-sessions] > low) & (vix[:-sessions] <= high)
            starts = vix[:-sessions][here][:: max(1, int(here.sum()) // 10)]
            ends = [
                simulate(process, float(v), sessions / SESSIONS, 1500, i).log_return[-1]
                / (v / 100.0 * math.sqrt(sessions / SESSIONS))
                for i, v in enumerate(starts)
            ]
            gaps.append(figures(np.concatenate(ends)) - figures(z[here]))
    return float(np.sqrt(np.mean(np.square(gaps))))


def drift(data: Path, days: list[dt.date], spx: Array) -> tuple[float, float]:
    """Growth a year of SPX over its forward from 1990 on without dividends, and its standard error."""
    with (data / "indices" / "fred_DFF.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    rates = {dt.date.fromisoformat(row[0]): float(row[1]) / 100.0 for row in rows if row[1] not in ("", ".")}
    start = next(i for i, day in enumerate(days) if day >= dt.date(1990, 1, 2))
    simple = spx[start + 1 :] / spx[start:-1] - 1.0
    known = [day for day in sorted(rates) if day >= dt.date(1990, 1, 1)]
    rate = float(np.mean([rates[day] for day in known]))
    return float(simple.mean() * SESSIONS - rate), float(simple.std() * SESSIONS / math.sqrt(len(simple)))


def main() -> None:
    data = Path(os.environ.get("XLALVH_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))
    days, spx, vix = closes(data)
    print(f"{FIRST} to {days[-1]}")
    for name, value in fit(days, spx, vix)._asdict().items():
        print(name, np.round(value, 5).tolist())
    since = next(i for i, day in enumerate(days) if day >= dt.date(1990, 1, 2))
    for ratio in (0.66, 0.70, 0.74, 0.78):
        found = [f"{misfit(spx[since:], vix[since:], ratio, e):.3f}" for e in (0.0, 0.12, 0.24)]
        print(f"misfit of SPX's ratio {ratio} at elasticities 0, 0.12, 0.24:", *found)
    print("drift without dividends, standard error:", drift(data, days, spx))


if __name__ == "__main__":
    main()
