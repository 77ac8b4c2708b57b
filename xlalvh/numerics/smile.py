"""One expiry's implied volatility as a function of strike: an SVI slice with small local corrections.

J. Gatheral, "A parsimonious arbitrage-free implied volatility parameterization" (2004): total variance
w(y) = a + b (rho (y - m) + sqrt((y - m)^2 + sigma^2)), y = ln(K/F). The fit follows S. De Marco and C. Martini,
"Quasi-explicit calibration of Gatheral's SVI model", Zeliade white paper (2009): the three linear parameters are
solved exactly inside a search over m and sigma; a least-squares polish on volatilities ends it.

SPX smiles often bend twice (concave near the money, convex below), which SVI cannot: on the morning chain of
2022-07-12 its median error is two half-spreads. Six Gaussian bumps in standardised log-moneyness, fitted to what
SVI leaves and shrunk by a ridge, mend that; they vanish in the wings, which stay SVI's.

The butterfly check is Durrleman's condition g(y) >= 0 (Gatheral and Jacquier, Quantitative Finance 14 (2014),
equation 2.1). Bumps that would break it where SVI alone does not are shrunk, or dropped.
"""

from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array

CENTRES = (-2.5, -1.75, -1.0, -0.25, 0.5, 1.25)  # of the bumps, in standard deviations at the money
_BUMP_WIDTH = 0.6  # standard deviations
_FARTHEST = 20.0  # log-moneyness of a point that counts
_LEAST_VARIANCE = 1e-13  # total, of a point that counts: 0.1 % for a minute has 2e-12
_LEAST_WEIGHT = 1e-20  # of the largest


class Smile(NamedTuple):
    """Raw SVI parameters of total variance, with the weights of the bumps (all 0: plain SVI)."""

    a: float
    b: float
    rho: float
    m: float
    sigma: float
    scale: float = 1.0  # log-moneyness of one standard deviation at the money
    bumps: tuple[float, ...] = (0.0,) * len(CENTRES)

    def total_variance(self, y: Array) -> Array:
        """w(y) at log-moneyness y = ln(K/F)."""
        return self._derivatives(y)[0]

    def vol(self, strike: Array, forward: float, years: float) -> Array:
        """Volatility, decimal a year; NaN where the variance is negative or strike, forward or years not above 0."""
        with np.errstate(all="ignore"):
            return np.sqrt(self.total_variance(np.log(np.asarray(strike, dtype=float) / forward)) / years)

    def valid(self) -> bool:
        """Whether the parameters are an SVI slice: b >= 0, |rho| < 1, sigma > 0 and a minimum above 0."""
        return (
            bool(np.isfinite([self.a, self.b, self.rho, self.m, self.sigma, self.scale, *self.bumps]).all())
            and self.b >= 0.0
            and abs(self.rho) < 1.0
            and self.sigma > 0.0
            and self.scale > 0.0
            and self.a + self.b * self.sigma * np.sqrt(1.0 - self.rho**2) >= 0.0
        )

    def arbitrage_free(self, low: float, high: float) -> bool:
        """Whether Durrleman's g is nowhere negative between log-moneyness `low` and `high`, and the wings obey
        Lee's bound b (1 + |rho|) <= 2."""
        y = np.linspace(low, high, 401)
        w, first, second = self._derivatives(y)
        if (w <= 0.0).any():
            return False
        g = np.square(1.0 - y * first / (2.0 * w)) - 0.25 * np.square(first) * (1.0 / w + 0.25) + 0.5 * second
        return bool((g >= -1e-10).all() and self.b * (1.0 + abs(self.rho)) <= 2.0)

    def _derivatives(self, y: Array) -> tuple[Array, Array, Array]:
        """Total variance with its first and second derivative in y."""
        z = np.asarray(y, dtype=float) - self.m
        root = np.sqrt(z * z + self.sigma * self.sigma)
        w = self.a + self.b * (self.rho * z + root)
        first = self.b * (self.rho + z / root)
        second = self.b * self.sigma * self.sigma / root**3
        if any(self.bumps):
            distance = bump_distances(y, self.scale)
            bump = np.exp(-0.5 * distance * distance) * np.array(self.bumps)
            unit = _BUMP_WIDTH * self.scale
            w = w + bump.sum(axis=-1)
            first = first - (bump * distance).sum(axis=-1) / unit
            second = second + (bump * (distance * distance - 1.0)).sum(axis=-1) / unit**2
        return w, first, second


# A fitted smile as one row of cells.
ROW = (
    "a",
    "b",
    "rho",
    "m",
    "sigma",
    "fit_error",
    "arbitrage_free",
    "scale",
    *(f"bump_{i + 1}" for i in range(len(CENTRES))),
)


class SmileFit(NamedTuple):
    """A fitted slice with its quality."""

    smile: Smile
    error: float  # weighted root mean square of volatility errors, decimal
    arbitrage_free: bool  # between the outermost strikes used

    def row(self) -> tuple[float | bool, ...]:
        """The values that `ROW` names."""
        s = self.smile
        return (s.a, s.b, s.rho, s.m, s.sigma, self.error, self.arbitrage_free, s.scale, *s.bumps)


def bump_distances(y: Array, scale: float) -> Array:
    """Distance of each log-moneyness to each bump's centre, in widths of the bumps; a column a bump."""
    found: Array = (np.asarray(y, dtype=float)[..., None] / scale - np.array(CENTRES)) / _BUMP_WIDTH
    return found


def fit(strikes: Array, vols: Array, forward: float, years: float, weights: Array | None = None) -> SmileFit | None:
    """Fit an SVI slice to volatilities (decimals; NaN is missing).

    Parameters
    ----------
    strikes, vols : ndarray of one length
        Points, and volatilities as decimals a year.
    forward, years : points, and years to settlement
    weights : ndarray, optional
        Weight of each squared volatility error, such as (1 / half-spread in volatility) squared.

    Returns
    -------
    SmileFit or None
        None with fewer than five usable points: positive and of finite log-moneyness, variance and weight.
    """
    from scipy.optimize import least_squares

    weight = np.ones_like(vols) if weights is None else weights
    with np.errstate(all="ignore"):
        y = np.log(strikes / forward)
        w = vols * vols * years
        good = (np.abs(y) < _FARTHEST) & (w > _LEAST_VARIANCE) & (w < 1.0 / _LEAST_VARIANCE)
        good &= (vols > 0.0) & np.isfinite(weight)
        good &= weight > _LEAST_WEIGHT * np.max(weight, initial=0.0, where=good)
    if good.sum() < 5:
        return None
    y, vol, w = y[good], vols[good], w[good]
    weight = weight[good] / np.max(weight[good])
    root_weight = np.sqrt(weight / np.sum(weight))
    # An error in w is 2 vol years times an error in vol.
    linear_weight = root_weight / (2.0 * vol * years)
    width = max(float(np.ptp(y)), 1e-3)
    best: tuple[float, Array] | None = None
    for m in np.linspace(y.min() - 0.1 * width, y.max() + 0.1 * width, 13):
        for sigma in width * np.array([0.02, 0.06, 0.15, 0.35, 0.8]):
            parameters = _linear_part(y, w, linear_weight, float(m), float(sigma))
            if parameters is None:
                continue
            cost = float(np.sum(np.square(_vol_errors(parameters, y, vol, years) * root_weight)))
            if best is None or cost < best[0]:
                best = (cost, parameters)
    if best is None:
        return None
    bounds = (
        [-10.0, 1e-9, -0.9999, y.min() - 2.0 * width, 1e-4 * width],
        [10.0, 10.0, 0.9999, y.max() + 2.0 * width, 10.0 * width],
    )
    start = np.clip(best[1], np.add(bounds[0], 1e-12), np.subtract(bounds[1], 1e-12))
    polished = least_squares(
        lambda p: _vol_errors(p, y, vol, years) * root_weight,
        start,
        bounds=bounds,
        x_scale=np.maximum(np.abs(start), 1e-3),
        max_nfev=200,
    )
    parameters = polished.x if 2.0 * polished.cost < best[0] else best[1]
    svi = _plain(parameters)
    if not svi.valid():
        svi = _plain(best[1])
    smile = _with_bumps(svi, y, w, linear_weight) if good.sum() >= 4 * len(CENTRES) else svi
    error = float(np.sqrt(np.sum(np.square((smile.vol(strikes[good], forward, years) - vol) * root_weight))))
    return SmileFit(smile, error, smile.arbitrage_free(float(y.min()), float(y.max())))


def _plain(parameters: Array) -> Smile:
    """The slice of a, b, rho, m and sigma."""
    a, b, rho, m, sigma = (float(p) for p in parameters)
    return Smile(a, b, rho, m, sigma)


def _with_bumps(svi: Smile, y: Array, w: Array, weight: Array) -> Smile:
    """The slice with bumps fitted to what it leaves, as large as arbitrage allows."""
    at_the_money = float(svi.total_variance(np.zeros(1))[0])
    if at_the_money <= 0.0:
        return svi
    scale = float(np.sqrt(at_the_money))
    basis = np.exp(-0.5 * np.square(bump_distances(y, scale))) * weight[:, None]
    left = (w - svi.total_variance(y)) * weight
    size = float(np.trace(basis.T @ basis)) / len(CENTRES)
    low, high = float(y.min()), float(y.max())
    clean = svi.arbitrage_free(low, high)
    for ridge in (1e-4, 1e-3, 1e-2, 1e-1, 1.0):
        bumps = np.linalg.solve(basis.T @ basis + ridge * size * np.eye(len(CENTRES)), basis.T @ left)
        smile = svi._replace(scale=scale, bumps=tuple(float(c) for c in bumps))
        if not clean or smile.arbitrage_free(low, high):
            return smile
    return svi


def _linear_part(y: Array, w: Array, weight: Array, m: float, sigma: float) -> Array | None:
    """Best a, b, rho for given m and sigma, or None where they are no slice."""
    z = (y - m) / sigma
    basis = np.column_stack([np.ones_like(z), z, np.sqrt(z * z + 1.0)])
    (level, slope, curve), *_ = np.linalg.lstsq(basis * weight[:, None], w * weight, rcond=None)
    curve = max(float(curve), 1e-8)
    slope = float(np.clip(slope, -0.999 * curve, 0.999 * curve))
    level = max(float(level), -np.sqrt(curve * curve - slope * slope) + 1e-12)
    return np.array([level, curve / sigma, slope / curve, m, sigma])


def _vol_errors(parameters: Array, y: Array, vol: Array, years: float) -> Array:
    a, b, rho, m, sigma = parameters
    z = y - m
    w = a + b * (rho * z + np.sqrt(z * z + sigma * sigma))
    found: Array = np.sqrt(np.maximum(w, 1e-10) / years) - vol
    return found
