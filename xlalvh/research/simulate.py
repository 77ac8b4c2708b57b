"""Joint daily paths of SPX and VIX.

u = ln(VIX - 5) goes back to its own moving average and, more slowly, to a level; VIX never was below 9, and the floor
gives falls from a low VIX the small size that they have. One pull alone cannot serve: over 5, 21 and 45 sessions VIX
spreads 0.77, 0.49 and 0.37 of what independent daily changes would. Returns of SPX have the volatility that VIX
announces times a ratio that rises a little with VIX. It is set by returns over 10 to 31 sessions: daily ones, which
partly reverse, would make months too wide. The two shocks of a day are drawn together from two bivariate normals, calm
days and jumps. Constants: `tests/research/derive_process.py` on daily closes to July 2026, from 2006 on where it does
not say otherwise.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np

from xlalvh.numerics.arrays import Array, Places

Result = TypeVar("Result")

SESSIONS = 252.0  # a year
BLOCK = 8192  # paths that are drawn together; part of what a seed means
_NORMAL_VIX = 18.0


class Shocks(NamedTuple):
    """Two bivariate normals of (SPX, VIX) shocks; together of mean 0 and variance 1 each."""

    shares: tuple[float, float]
    means: tuple[tuple[float, float], tuple[float, float]]
    covariances: tuple[tuple[float, float, float], tuple[float, float, float]]  # var SPX, covariance, var VIX


MEASURED = Shocks(
    (0.81243, 0.18757),
    ((0.11649, -0.14394), (-0.50454, 0.62343)),
    ((0.61166, -0.42614, 0.48246), (2.36866, -2.11428, 2.76318)),
)


@dataclass(frozen=True)
class Process:
    """The law of the paths; volatilities and pulls a session."""

    level: float = 17.86  # VIX points
    drift: float = 0.09  # growth of SPX over its forward, decimal a year
    realised_ratio: float = 0.70  # SPX's volatility over VIX where VIX is 18
    elasticity: float = 0.12  # of that ratio to VIX
    to_average: float = 0.09961
    to_level: float = 0.01495
    weight: float = 0.12  # of a close in the moving average
    shock: float = 0.10386  # standard deviation of u's shock
    floor: float = 5.0  # VIX points
    # The average is not seen: given u it is normal around level + slope x (u - level).
    average_slope: float = 0.90115
    average_spread: float = 0.14191
    shocks: Shocks = field(default=MEASURED)

    @property
    def centre(self) -> float:
        """Level of u."""
        return math.log(self.level - self.floor)

    def cumulants(self) -> tuple[float, float, float, float]:
        """First four cumulants of SPX's shock."""
        raw = [0.0] * 5
        for p, mean, cov in zip(self.shocks.shares, self.shocks.means, self.shocks.covariances, strict=True):
            m, s = mean[0], cov[0]
            for k, moment in enumerate((1.0, m, m**2 + s, m**3 + 3 * m * s, m**4 + 6 * m**2 * s + 3 * s**2)):
                raw[k] += p * moment
        _, a, b, c, d = raw
        return a, b - a * a, c - 3 * a * b + 2 * a**3, d - 4 * a * c - 3 * b * b + 12 * a * a * b - 6 * a**4

    def log_mgf(self, x: Array) -> Array:
        """ln E[exp(x e)] of u's shock e."""
        parts = [
            p * np.exp(x * mean[1] + 0.5 * x * x * cov[2])
            for p, mean, cov in zip(self.shocks.shares, self.shocks.means, self.shocks.covariances, strict=True)
        ]
        return np.log(sum(parts))


def real_world(rules: Mapping[str, float]) -> Process:
    """The measured law; `rules` are those of SIMULATION."""
    return Process(level=rules["sim_vix_level"], drift=rules["sim_drift"], realised_ratio=rules["sim_realised_ratio"])


def risk_neutral(rules: Mapping[str, float]) -> Process:
    """Without drift, and with the volatility that VIX announces: what `weights` then fits to prices."""
    return replace(real_world(rules), drift=0.0, realised_ratio=1.0)


class Paths(NamedTuple):
    """Row t is t sessions after the start, a column a path."""

    log_return: Array  # of SPX since the start, over its forward
    u: Array  # ln(VIX - floor)
    average: Array  # of u

    def vix(self, floor: float) -> Array:
        """Points."""
        return floor + np.exp(self.u)


def walk(process: Process, vix: float, sessions: int, years: float, count: int, rng: np.random.Generator) -> Paths:
    """Paths of one block.

    Parameters
    ----------
    vix : points, above the floor
    sessions, years : steps, and the time that they take
    count : paths

    Notes
    -----
    Draws, in order: the averages; then each session a uniform a path (calm below the first share), a normal for SPX
    and a normal for VIX. SPX's mean is exp(drift x years) exactly to the fourth cumulant of a session's return.
    """
    p = process
    log_return, u, average = (np.empty((sessions + 1, count)) for _ in range(3))
    log_return[0] = 0.0
    u[0] = math.log(vix - p.floor)
    average[0] = p.centre + p.average_slope * (u[0] - p.centre) + p.average_spread * rng.standard_normal(count)
    step = years / sessions
    scale = p.realised_ratio / 100.0 * math.sqrt(step) / _NORMAL_VIX**p.elasticity
    _, second, third, fourth = p.cumulants()
    # Cholesky factors of both normals, one row each
    means = np.array(p.shocks.means)
    factors = np.array([(math.sqrt(a), b / math.sqrt(a), math.sqrt(c - b * b / a)) for a, b, c in p.shocks.covariances])
    for t in range(sessions):
        jump = (rng.random(count) >= p.shocks.shares[0]).astype(np.intp)
        first, other = rng.standard_normal((2, count))
        spx_shock = means[:, 0].take(jump) + factors[:, 0].take(jump) * first
        vix_shock = means[:, 1].take(jump) + factors[:, 1].take(jump) * first + factors[:, 2].take(jump) * other
        level = p.floor + np.exp(u[t])
        sigma = scale * level ** (1.0 + p.elasticity)
        convexity = sigma * sigma * (second / 2.0 + sigma * (third / 6.0 + sigma * fourth / 24.0))
        log_return[t + 1] = log_return[t] + p.drift * step - convexity + sigma * spx_shock
        u[t + 1] = (
            u[t] + p.to_average * (average[t] - u[t]) + p.to_level * (p.centre - average[t]) + p.shock * vix_shock
        )
        average[t + 1] = average[t] + p.weight * (u[t + 1] - average[t])
    return Paths(log_return, u, average)


def sessions_in(years: float) -> int:
    """Sessions that a time to settlement has, at least 1."""
    return max(1, round(years * SESSIONS))


def blocks(
    process: Process,
    vix: float,
    years: float,
    paths: int,
    seed: int | Sequence[int],
    use: Callable[[Paths], Result],
) -> list[Result]:
    """`use` of every block of paths, in order, on all cores. The same seed gives the same paths on any number of them.

    Raises
    ------
    ValueError
        Where VIX or its level is not above the floor.
    """
    if not vix > process.floor or not process.level > process.floor:
        raise ValueError(f"VIX is {min(vix, process.level):g}; the simulation needs it above {process.floor:g} points")
    counts = [min(BLOCK, paths - start) for start in range(0, paths, BLOCK)]
    seeds = np.random.SeedSequence(seed if isinstance(seed, int) else list(seed)).spawn(len(counts))

    def one(job: tuple[int, np.random.SeedSequence]) -> Result:
        rng = np.random.Generator(np.random.PCG64(job[1]))
        with np.errstate(all="ignore"):
            return use(walk(process, vix, sessions_in(years), years, job[0], rng))

    jobs = list(zip(counts, seeds, strict=True))
    if len(jobs) == 1:
        return [one(jobs[0])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, jobs))


def simulate(process: Process, vix: float, years: float, paths: int, seed: int) -> Paths:
    """All paths at once: three arrays of (sessions + 1, paths). See `walk`; memory is 24 bytes a session and path."""
    parts = blocks(process, vix, years, paths, seed, lambda block: block)
    return Paths(*(np.concatenate(columns, axis=1) for columns in zip(*parts, strict=True)))


class Outlook:
    """Expected VIX a number of sessions ahead, exactly, from the state of a path.

    u is linear in the state and the shocks to come, so E[exp u] needs only its mean and the shocks' cumulant function.
    """

    def __init__(self, process: Process, most: int) -> None:
        p = self.process = process
        a, b = np.empty(most + 1), np.empty(most + 1)
        a[0], b[0] = 1.0, 0.0
        for n in range(most):
            # One session before: u' = (1 - k) u + (k - q) m, m' = m + w (u' - m), around the level
            a[n + 1] = (1.0 - p.to_average) * (a[n] + p.weight * b[n])
            b[n + 1] = (p.to_average - p.to_level) * (a[n] + p.weight * b[n]) + (1.0 - p.weight) * b[n]
        self._a, self._b = a, b
        self._c = np.concatenate([[0.0], np.cumsum(p.log_mgf(p.shock * (a + p.weight * b)))])

    def vix(self, u: Array, average: Array, sessions: Places | int) -> Array:
        """Points, one a path."""
        p = self.process
        mean = p.centre + self._a[sessions] * (u - p.centre) + self._b[sessions] * (average - p.centre)
        return p.floor + np.exp(mean + self._c[sessions])
