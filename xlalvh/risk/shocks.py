"""A joint move of SPX and VIX: what it does to every forward, to every volatility, and so to a book.

Forwards of SPX move by the given return, futures of VIX by tenor beta (or as they really did). Volatilities keep their
place in d2: the option that had a given d2 before has it after, at `growth` times the volatility. Variance swaps then
grow by just that factor, for theirs is the mean of squared volatility over normally distributed d2 (J. Gatheral, The
Volatility Surface (2006), chapter 11, after A. Matytsin). So the growth of each expiry can be set such that VIX,
computed from the moved smiles, moves by the given points.

Growth by tenor: u points of VIX are u x (30 / days)^exponent points of an expiry's own level, and a fall is the mirror
image of a rise, so that no volatility reaches 0. u is found from the two expiries around 30 days. A VIX option's
volatility grows by a power of its future's move.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from xlalvh.numerics import black76, normal
from xlalvh.numerics.arrays import Array
from xlalvh.numerics.roots import rising_root
from xlalvh.numerics.smile import Smile
from xlalvh.risk.legs import VIX, Legs
from xlalvh.strategy import volatility
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.sizing import VIX_DAYS
from xlalvh.strategy.tenor_beta import tenor_beta

_MONTH = VIX_DAYS / 365.0
_SAME_EXPIRY = 0.75 / 365.0  # years; a.m. and p.m. settlement of one day lie 0.27 days apart
_MOMENT = 1e-9  # years; an expiry that is nearer has come
_TINY = 1e-9

TotalVariance = Callable[[Array], Array]  # of log-moneyness


class Surface:
    """The smiles of SPX, expiries ascending."""

    def __init__(self, years: Array, smiles: tuple[Smile, ...]) -> None:
        if not (np.diff(years) > 0.0).all() or not (years > 0.0).all():
            raise ValueError("the expiries of the smiles must ascend, above 0")
        self.years = years
        self.smiles = smiles

    def at(self, years: float) -> int:
        """The place of an expiry. ValueError where it is none of the surface's."""
        i = int(np.argmin(np.abs(self.years - years)))
        if abs(self.years[i] - years) > _SAME_EXPIRY:
            raise ValueError(
                f"smile_years has no expiry at {years * 365.0:.1f} days, where the book has SPX legs; give its smile"
            )
        return i


@lru_cache(maxsize=256)
def variance_swap(smile: Smile) -> float:
    """Total variance of a slice's variance swap: the mean of w over d2."""
    spread = np.sqrt(smile.total_variance(np.zeros(1))[0])
    y = np.linspace(-12.0 * spread - 6.0, 12.0 * spread + 6.0, 16001)  # the far wings weigh some 1e-5 of it
    w = np.maximum(smile.total_variance(y), _TINY)
    below = normal.cdf(y / np.sqrt(w) + 0.5 * np.sqrt(w))

    def mean(step: int) -> float:
        total, share = w[::step], below[::step]
        return float(np.sum(0.5 * (total[1:] + total[:-1]) * np.diff(share)))

    return (4.0 * mean(1) - mean(2)) / 3.0  # Richardson: the errors go as the step squared


class Market(NamedTuple):
    """What a shock starts from.

    Without a surface the level of every SPX expiry is `vix`, and the smile of an expiry runs through the volatilities
    of the book's own legs there, linear in strike and level outside. `rules` are those of SHOCK. With a surface a
    shock is added to the VIX that its smiles give, which is not quite the one that is quoted.
    """

    vix: float  # points; NaN where it is not known
    rules: Mapping[str, float]
    surface: Surface | None = None

    @property
    def anchors(self) -> tuple[Array, Array]:
        """Years and levels (decimal a year) that VIX is interpolated from."""
        if self.surface is None:
            return np.array([_MONTH]), np.array([self.vix / 100.0])
        beyond = int(np.searchsorted(self.surface.years, _MONTH))
        if not 0 < beyond < len(self.surface.years):
            raise ValueError("smile_years does not reach around 30 days; give the expiries on both sides")
        pair = slice(beyond - 1, beyond + 1)
        years = self.surface.years[pair]
        return years, np.sqrt([variance_swap(s) / t for s, t in zip(self.surface.smiles[pair], years, strict=True)])

    def level(self, years: float) -> float:
        """Variance-swap volatility of SPX to an expiry, decimal a year."""
        if self.surface is None:
            return self.vix / 100.0
        i = self.surface.at(years)
        return float(np.sqrt(variance_swap(self.surface.smiles[i]) / self.surface.years[i]))

    def own_vix(self) -> float:
        """VIX that the anchors give, points."""
        return float(_vix(*self.anchors))

    def pushes(self, changes: Array) -> Array:
        """u of each change of VIX, points. NaN where VIX would not stay above 0."""
        years, levels = self.anchors
        start = _vix(years, levels)
        wanted = start + changes
        with np.errstate(all="ignore"):
            reach = 4.0 * (np.abs(changes) + start * start / wanted + start) + 1.0
            found = rising_root(
                lambda u: _vix(years, levels * self.growth(u[..., None], years, levels)) - wanted, -reach, reach
            )
        return np.where(wanted > 0.0, np.where(changes == 0.0, 0.0, found), np.nan)

    def growth(self, push: Array, years: Array | float, level: Array | float) -> Array:
        """Factor of an expiry's volatilities."""
        with np.errstate(all="ignore"):
            share = push / 100.0 * (_MONTH / np.asarray(years)) ** self.rules["vega_tenor_exponent"] / level
            return np.where(share >= 0.0, 1.0 + share, 1.0 / (1.0 - share))

    def futures(self, years: float, changes: Array) -> Array:
        """Points by which the VIX future of an expiry moves."""
        params = [self.rules[name] for name in ("beta_c", "beta_a", "beta_kappa")]
        return tenor_beta(years, params) * changes


def _vix(years: Array, levels: Array) -> Array:
    """Points, total variance linear in time between the anchors; the last axis runs along them."""
    total = np.square(levels) * years
    if len(years) == 1:
        return 100.0 * levels[..., 0]
    share = (_MONTH - years[0]) / (years[1] - years[0])
    return 100.0 * np.sqrt((total[..., 0] * (1.0 - share) + total[..., 1] * share) / _MONTH)


def moved_variance(total_variance: TotalVariance, factor: Array, log_moneyness: Array) -> Array:
    """Total variance at log-moneyness of the moved forward, where total volatility grew by `factor` at the same d2."""
    q, y = np.broadcast_arrays(np.maximum(factor, _TINY), log_moneyness)
    reach = 4.0 * (np.abs(y) + 1.0) / np.minimum(q, 1.0)
    before = rising_root(lambda x: q * x + 0.5 * q * (1.0 - q) * total_variance(x) - y, -reach, reach)
    return q * q * total_variance(before)


def reprice(
    legs: Legs,
    market: Market,
    spx: Array,
    vix: Array,
    days: float = 0.0,
    futures: Sequence[tuple[float, float]] | None = None,
) -> Array:
    """Dollars that each leg gains, a row a move and a column a leg; NaN where a level falls to 0.

    Parameters
    ----------
    spx, vix : return of SPX as a decimal and change of VIX in points, one a move
    days : calendar days that pass; an expiry that they reach settles at its moved forward
    futures : days to expiry and points of each known future's move; tenor beta if omitted. Linear between, level
        outside.

    Raises
    ------
    ValueError
        Where the surface does not serve the book's expiries.
    """
    profit = np.full((len(spx), len(legs.strike)), np.nan)
    if market.surface is not None or np.isfinite(market.vix):
        vix = np.where(market.own_vix() + vix > 0.0, vix, np.nan)
    pushes = market.pushes(vix) if (legs.underlying != VIX).any() else vix
    for name, years, mask in legs.expiries():
        part = legs.take(mask)
        if name == VIX:
            change = (
                market.futures(years, vix)
                if futures is None
                else np.full(len(vix), _known_move(futures, years * 365.0))
            )
            forward = part.forward + change[:, None]
            with np.errstate(all="ignore"):
                growth = np.where(forward > 0.0, forward / part.forward, np.nan) ** market.rules["vix_vol_elasticity"]
            profit[:, mask] = _gains(part, forward, growth, _through_legs(part), days)
        else:
            forward = part.forward * (1.0 + spx[:, None])
            growth = market.growth(pushes, years, market.level(years))[:, None]
            smile = _through_legs(part)
            if market.surface is not None:
                i = market.surface.at(years)
                smile = _stretched(market.surface.smiles[i], years / market.surface.years[i])
            profit[:, mask] = _gains(part, forward, growth, smile, days)
    return profit


def _known_move(futures: Sequence[tuple[float, float]], days: float) -> float:
    at, points = zip(*futures, strict=True)
    return float(np.interp(days, at, points))


def _stretched(smile: Smile, share: float) -> TotalVariance:
    """A slice's total variance for an expiry hours away from its own."""
    return lambda y: np.maximum(smile.total_variance(y), _TINY) * share


def _through_legs(legs: Legs) -> TotalVariance:
    """Through the legs' own volatilities; the mean of those at one strike."""
    strikes, place = np.unique(legs.strike, return_inverse=True)
    vols = np.bincount(place, weights=legs.vol) / np.bincount(place)
    vol_at = volatility.between(strikes, vols)
    years = np.maximum(legs.years, _TINY)
    return lambda y: np.maximum(np.square(vol_at(legs.forward * np.exp(np.clip(y, -700.0, 700.0)))) * years, _TINY)


def _gains(legs: Legs, forward: Array, growth: Array, smile: TotalVariance, days: float) -> Array:
    """Dollars of legs of one expiry, a row a move. A leg keeps the ratio of its volatility to the smile's."""
    years = legs.years
    left = years - days / 365.0
    live = left > _MOMENT
    left = np.where(live, left, 0.0)
    with np.errstate(all="ignore"):
        own = np.square(legs.vol) * years / smile(np.log(legs.strike / legs.forward))
        factor = growth * np.sqrt(np.where(live, left / years, 1.0))
        variance = moved_variance(smile, factor, np.log(legs.strike / forward)) * own
        vol = np.where(live, np.sqrt(variance / np.where(live, left, 1.0)), 0.0)
    vol = np.where(np.isfinite(growth), vol, np.nan)
    after = black76.price(legs.right, forward, legs.strike, left, vol, legs.rate)
    return legs.quantity * MULTIPLIER * (after - legs.price())
