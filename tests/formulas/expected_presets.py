"""What the example of ALVH_PRESETS must give, found apart: bisection for the strikes, a loop for the units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.formulas.plain import N, black, distance, tenor_beta


def _vol(smile, strike: float, forward: float, years: float) -> float:
    """Gatheral's SVI: total variance a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))."""
    a, b, rho, m, sigma = smile
    k = math.log(strike / forward) - m
    return math.sqrt((a + b * (rho * k + math.hypot(k, sigma))) / years)


def _delta(smile, strike: float, forward: float, years: float, rate: float) -> float:
    return math.exp(-rate * years) * N(distance(forward, strike, years, _vol(smile, strike, forward, years)))


def _presets(presets, expiries, smiles, quotes, condor, band):
    assert [row[6:8] for row in presets] == [("months", "band")] * 3
    assert all(row[3] >= 14.0 for row in expiries)  # so the first three are the layers
    rate, cost, exposure, beta_one, theta, contracts = expiries[0][7], 0.0, 0.0, 0.0, 0.0, 0.0
    for row, expiry, smile in zip(presets, expiries, smiles, strict=True):
        date, years, future = expiry[1], expiry[4], expiry[5]
        asks = {q[2]: q[4] for q in quotes if q[1] == date}
        deltas = [d for d in row[8:12] if d is not None]
        for delta in deltas:
            low, high = future / 10.0, future * 10.0
            while high - low > 1e-10:
                middle = 0.5 * (low + high)
                low, high = (middle, high) if _delta(smile, middle, future, years, rate) > delta else (low, middle)
            strike = min(asks, key=lambda k, want=low: abs(k - want))
            n = row[12] / len(deltas)
            vol, at = _vol(smile, strike, future, years), _delta(smile, strike, future, years, rate)
            step = 1e-6
            decay = black(1.0, future, strike, years + step, vol, rate) - black(
                1.0, future, strike, years - step, vol, rate
            )
            cost += n * 100.0 * asks[strike]
            exposure += n * 100.0 * at * tenor_beta(years)
            beta_one += n * 100.0 * at
            theta -= n * 100.0 * decay / (2.0 * step) / 365.0
            contracts += n
    _, vega, credit, _, condor_theta = condor
    target, least, most = band
    fitting = [n for n in range(1, 100) if least <= n * exposure / -vega <= most]
    units = min(fitting, key=lambda n: abs(n * exposure / -vega - target))
    header = ("preset", "sized_by", "units", "contracts", "coverage", "coverage_beta_one", "cost_dollars")
    return (*header, "premium_to_credit", "net_theta_dollars", "note"), (
        "short",
        "band",
        units,
        units * contracts,
        units * exposure / -vega,
        units * beta_one / -vega,
        units * cost,
        units * cost / credit,
        condor_theta + units * theta,
        "",
    )


FINDERS: dict[str, Callable[..., Any]] = {"ALVH_PRESETS": _presets}
