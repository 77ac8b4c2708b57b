"""What ALVH_EDGE's example must give: the same random numbers, one path after the other, in plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist, fmean
from typing import Any

import numpy as np

from tests.formulas.plain import black

N = NormalDist()
# The law of the paths, as fitted (tests/research/derive_process.py)
LEVEL, DRIFT, RATIO, ELASTICITY = 17.86, 0.09, 0.70, 0.12
TO_AVERAGE, TO_LEVEL, WEIGHT, SHOCK, FLOOR = 0.09961, 0.01495, 0.12, 0.10386, 5.0
SLOPE, SPREAD = 0.90115, 0.14191
CALM = 0.81243
MEANS = ((0.11649, -0.14394), (-0.50454, 0.62343))
COVARIANCES = ((0.61166, -0.42614, 0.48246), (2.36866, -2.11428, 2.76318))
CENTRE = math.log(LEVEL - FLOOR)
SIDES, RIGHTS = (1, -1, -1, 1), (-1, -1, 1, 1)


def _interpolated(x: float, xs: list[float], ys: list[float]) -> float:
    if x <= xs[0]:
        return ys[0]
    for a, b, ya, yb in zip(xs, xs[1:], ys, ys[1:], strict=False):
        if x <= b:
            return ya + (yb - ya) * (x - a) / (b - a)
    return ys[-1]


def _cumulants() -> tuple[float, float, float]:
    """Second to fourth of SPX's shock, from the moments of a mixture of normals."""
    moments = []
    for k in range(1, 5):
        total = 0.0
        for p, (m, _), (v, _, _) in zip((CALM, 1.0 - CALM), MEANS, COVARIANCES, strict=True):
            normal = {1: m, 2: m * m + v, 3: m**3 + 3 * m * v, 4: m**4 + 6 * m * m * v + 3 * v * v}
            total += p * normal[k]
        moments.append(total)
    a, b, c, d = moments
    return b - a * a, c - 3 * a * b + 2 * a**3, d - 4 * a * c - 3 * b * b + 12 * a * a * b - 6 * a**4


def _half_spread(delta: float, vix: float) -> float:
    base = 0.10 if abs(delta) < 0.08 else 0.30 if abs(delta) > 0.35 else 0.175
    return base * (3.0 if vix > 40.0 else 1.0)


def _edge(
    strikes: tuple[float, ...],
    forward: float,
    years: float,
    vols: tuple[float, ...],
    vix: float,
    hedge: tuple[tuple[float, float, float], ...],
    future: float,
    future_years: float,
    rate: float,
    contracts: float,
    wing: str,
    law: str,
    paths: float,
    seed: float,
) -> Any:
    assert (wing, law) == ("P", "real-world")
    sessions, hedge_sessions, count = round(years * 252), round(future_years * 252), int(paths)
    dt, dollars, fee = years / sessions, 100.0 * contracts, 4.0 * contracts * 1.5
    lists = list(strikes), list(vols)
    atm = _interpolated(forward, *lists)

    def ratio(place: float) -> float:
        return _interpolated(forward * math.exp(place * atm * math.sqrt(years)), *lists) / atm

    def deviation(level: float, left: float) -> float:
        share = (level / vix - 1.0) * (30.0 / 365.0 / left) ** 0.4
        return atm * (1.0 + share if share >= 0.0 else 1.0 / (1.0 - share)) * math.sqrt(left)

    def leg(i: int, at: float, level: float, left: float) -> tuple[float, float]:
        s = deviation(level, left)
        vol = s / math.sqrt(left) * ratio(math.log(strikes[i] / at) / s)
        d1 = math.log(at / strikes[i]) / (vol * math.sqrt(left)) + 0.5 * vol * math.sqrt(left)
        delta = RIGHTS[i] * math.exp(-rate * left) * N.cdf(RIGHTS[i] * d1)
        return black(RIGHTS[i], at, strikes[i], left, vol, rate), delta

    # Expected VIX by powers of the step's matrix
    step = np.array([[1.0 - TO_AVERAGE, TO_AVERAGE - TO_LEVEL], [0.0, 0.0]])
    step[1] = WEIGHT * step[0] + [0.0, 1.0 - WEIGHT]
    powers = [np.linalg.matrix_power(step, n)[0] for n in range(hedge_sessions + 1)]

    def log_mgf(x: float) -> float:
        parts = zip((CALM, 1.0 - CALM), MEANS, COVARIANCES, strict=True)
        return math.log(sum(p * math.exp(x * m[1] + 0.5 * x * x * v[2]) for p, m, v in parts))

    grown = [log_mgf(SHOCK * float(row @ [1.0, WEIGHT])) for row in powers]

    def outlook(u: float, m: float, n: int) -> float:
        return FLOOR + math.exp(CENTRE + float(powers[n] @ [u - CENTRE, m - CENTRE]) + sum(grown[:n]))

    start = [leg(i, forward, vix, years) for i in range(4)]
    credit = sum(-side * price - _half_spread(delta, vix) for side, (price, delta) in zip(SIDES, start, strict=True))
    fair = sum(-side * price for side, (price, _) in zip(SIDES, start, strict=True))
    limit = max(0.15, 2.0 * abs(start[1][1]))
    side_credit = (start[1][0] - start[0][0]) / fair * credit
    c2, c3, c4 = _cumulants()
    scale = RATIO / 100.0 * math.sqrt(dt) / 18.0**ELASTICITY

    held, rows = [], []
    assert count <= 8192  # one block
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([int(seed)]).spawn(1)[0]))
    first = rng.standard_normal(count)
    draws = [(rng.random(count), rng.standard_normal((2, count))) for _ in range(sessions)]
    for path in range(count):
        x, u = [0.0], [math.log(vix - FLOOR)]
        m = [CENTRE + SLOPE * (u[0] - CENTRE) + SPREAD * float(first[path])]
        for uniform, normals in draws:
            k = 0 if uniform[path] < CALM else 1
            (a, b, c), one, two = COVARIANCES[k], float(normals[0][path]), float(normals[1][path])
            spx = MEANS[k][0] + math.sqrt(a) * one
            vol = MEANS[k][1] + b / math.sqrt(a) * one + math.sqrt(c - b * b / a) * two
            sigma = scale * (FLOOR + math.exp(u[-1])) ** (1.0 + ELASTICITY)
            x.append(x[-1] + DRIFT * dt - sigma**2 * (c2 / 2 + sigma * (c3 / 6 + sigma * c4 / 24)) + sigma * spx)
            u.append(u[-1] + TO_AVERAGE * (m[-1] - u[-1]) + TO_LEVEL * (CENTRE - m[-1]) + SHOCK * vol)
            m.append(m[-1] + WEIGHT * (u[-1] - m[-1]))
        end = forward * math.exp(x[-1])
        owed = sum(s * max(r * (end - k), 0.0) for s, r, k in zip(SIDES, RIGHTS, strikes, strict=True))
        hold = dollars * (credit + math.exp(-rate * years) * owed) - fee
        held.append(hold)
        for t in range(1, sessions):
            level, left = FLOOR + math.exp(u[t]), years * (1.0 - t / sessions)
            if abs(leg(1, forward * math.exp(x[t]), level, left)[1]) >= limit:
                break
        else:
            continue
        now = [leg(i, forward * math.exp(x[t]), level, left) for i in range(4)]
        back = 0.0
        for side, (price, delta) in zip(SIDES, now, strict=True):
            half = _half_spread(delta, level)
            back += max(price - half, 0.0) if side > 0 else -(price + half)
        then = math.exp(-rate * years * t / sessions)
        out = dollars * credit - fee + then * (dollars * back - fee)
        # The hedge: the same moneyness and time to expiry as given, at the future then
        premium = future / outlook(u[0], m[0], hedge_sessions)
        bought_at = outlook(u[t], m[t], hedge_sessions) * premium
        finish = min(t + hedge_sessions, sessions)
        over = hedge_sessions - (finish - t)
        later = outlook(u[finish], m[finish], over) * premium ** (over / hedge_sessions)
        paid = got = 0.0
        for lots, strike, vol in hedge:
            moved = strike * bought_at / future
            price = black(1, bought_at, moved, future_years, vol * (bought_at / future) ** 0.8, rate)
            half = 0.025 * (3.0 if level > 40.0 else 1.0)
            paid += 100.0 * lots * (price + half if lots > 0 else max(price - half, 0.0)) + 1.5 * abs(lots)
            if over == 0:
                got += 100.0 * lots * max(later - moved, 0.0)
                continue
            price = black(1, later, moved, future_years * over / hedge_sessions, vol * (later / future) ** 0.8, rate)
            half = 0.025 * (3.0 if FLOOR + math.exp(u[finish]) > 40.0 else 1.0)
            worth = max(price - half, 0.0) if lots > 0 else price + half
            got += 100.0 * lots * worth - (1.5 * abs(lots) if worth > 0.0 else 0.0)
        gain = math.exp(-rate * years * finish / sessions) * got - then * paid
        rows.append((path, hold, out, hold + gain))
    return _table(held, rows, dollars * side_credit)


def _table(held: list[float], rows: list[tuple[Any, ...]], side_credit: float) -> Any:
    """Means, and their errors from each path's first-order effect."""
    n, tested = len(held), len(rows) / len(held)
    ev0 = fmean(held)
    hits = {row[0]: row[1:] for row in rows}

    def error(effect: Callable[[int], float]) -> float:
        return math.sqrt(sum(effect(i) ** 2 for i in range(n))) / n

    columns = (
        "action",
        "expected_dollars",
        "standard_error_dollars",
        "shortfall_5pct_dollars",
        "edge_kept",
        "edge_kept_error",
        "over_leg_out_dollars",
        "over_leg_out_error",
        "edge_over_leg_out",
        "edge_over_leg_out_error",
        "share_of_credit",
        "share_of_credit_error",
        "edge_at_entry_dollars",
        "edge_at_entry_error",
        "tested_share",
    )
    found: list[Any] = [columns]
    ev0_error = error(lambda i: held[i] - ev0)
    assert abs(ev0) > 2.0 * ev0_error
    for a, name in enumerate(("hold", "leg out", "layer")):
        profits = [row[1 + a] for row in rows]
        gains = [row[1 + a] - row[2] for row in rows]
        mean, gain = fmean(profits), fmean(gains)

        def of_mean(i: int, a: int = a, mean: float = mean) -> float:
            return (hits[i][a] - mean) / tested if i in hits else 0.0

        def of_gain(i: int, a: int = a, gain: float = gain) -> float:
            return (hits[i][a] - hits[i][1] - gain) / tested if i in hits else 0.0

        worst = sorted(profits)
        tail = 0.05 * len(worst)
        whole = int(tail)
        shortfall = (sum(worst[:whole]) + (tail - whole) * worst[whole]) / tail
        found.append(
            (
                name,
                mean,
                error(of_mean),
                shortfall,
                mean / ev0,
                error(lambda i, f=of_mean, r=mean / ev0: (f(i) - r * (held[i] - ev0)) / ev0),
                gain,
                error(of_gain),
                gain / ev0,
                error(lambda i, f=of_gain, r=gain / ev0: (f(i) - r * (held[i] - ev0)) / ev0),
                gain / side_credit,
                error(of_gain) / side_credit,
                ev0,
                ev0_error,
                tested,
            )
        )
    return tuple(found)


FINDERS: dict[str, Callable[..., Any]] = {"ALVH_EDGE": _edge}
