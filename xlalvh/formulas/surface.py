"""The rest of the Pricing group: what a whole chain says (forward, parity, smile, strikes, VIX)."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.pricing import PRICING
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import (
    FORWARD,
    HEADERS,
    ONE_FORWARD,
    ONE_RATE,
    ONE_YEARS,
    RATE,
    RIGHT,
    STEP,
    STRIKE,
    YEARS,
)
from xlalvh.numerics import probability, smile
from xlalvh.strategy import strikes as listed

STRIKES = Argument("strikes", Kind.VECTOR, "strikes of one expiry", "index points")
_SIDES = tuple(
    Argument(f"{right}_{side}", Kind.VECTOR, f"{right} {side} a strike; blank, 0 or -1 is missing", "index points")
    for right in ("call", "put")
    for side in ("bid", "ask")
)
_K = (3900.0, 4000.0, 4100.0, 4200.0, 4300.0, 4400.0)
_CHAIN = {
    "strikes": _K,
    "call_bid": (308.4, 217.9, 134.6, 66.5, 22.6, 4.7),
    "call_ask": (310.0, 219.3, 135.8, 67.3, 23.0, 5.0),
    "put_bid": (17.9, 26.9, 43.1, 74.2, 129.9, 210.9),
    "put_ask": (18.4, 27.4, 43.7, 75.0, 131.1, 212.3),
    "years": 0.12,
    "rate": 0.05,
}
_VOLS = (0.2095, 0.1905, 0.1714, 0.1532, 0.1381, 0.1296)


def _quotes(*sides: np.ndarray) -> list[np.ndarray]:
    lengths = {len(side) for side in sides}
    if len(lengths) != 1:
        raise value_error(f"strikes and quotes have {sorted(lengths)} cells; give ranges of equal length")
    strikes, *prices = sides
    return [strikes, *(np.where(price > 0.0, price, np.nan) for price in prices)]


@formula(
    category=PRICING,
    help="Forward of an expiry from put-call parity of its quotes.",
    arguments=(STRIKES, *_SIDES, ONE_YEARS, ONE_RATE),
    result="Forward in index points. #N/A where no strike has all four prices.",
    source="H. R. Stoll, Journal of Finance 24 (1969)",
    example=_CHAIN,
)
def alvh_implied_forward(strikes, call_bid, call_ask, put_bid, put_ask, years, rate):
    from xlalvh.numerics import parity

    forward = parity.implied_forward(*_quotes(strikes, call_bid, call_ask, put_bid, put_ask), years, rate)
    if not np.isfinite(forward):
        raise not_available("no strike has a bid and an ask for both call and put; give more strikes or newer quotes")
    return forward


@formula(
    category=PRICING,
    help="What a conversion and a reversal would earn at each strike, after crossing the spreads.",
    arguments=(STRIKES, *_SIDES, ONE_FORWARD, ONE_YEARS, ONE_RATE, HEADERS),
    result="A row a strike: strike, conversion and reversal in index points; positive is an edge.",
    source="H. R. Stoll, Journal of Finance 24 (1969)",
    example={**_CHAIN, "forward": 4191.8},
    columns=("strike", "conversion_points", "reversal_points"),
)
def alvh_parity(strikes, call_bid, call_ask, put_bid, put_ask, forward, years, rate):
    from xlalvh.numerics import parity

    quotes = _quotes(strikes, call_bid, call_ask, put_bid, put_ask)
    conversion, reversal = parity.arbitrage_edge(*quotes, forward, years, rate)
    missing = not_available("a bid or an ask of this strike is missing or crossed; give all four quotes")
    return [
        (k if np.isfinite(k) else missing, c if np.isfinite(c) else missing, r if np.isfinite(r) else missing)
        for k, c, r in zip(strikes, conversion, reversal, strict=True)
    ]


@formula(
    category=PRICING,
    help="Strike of a delta, rounded to a step or snapped to listed strikes.",
    arguments=(
        RIGHT,
        Argument("delta", Kind.NUMBER, "magnitude of the delta, 0.16 for puts too", "decimal", above=0, high=1),
        FORWARD,
        YEARS,
        Argument("vol", Kind.RANGE, "one volatility, or the row of a smile from ALVH_SMILE_FIT", "decimal a year"),
        RATE,
        STEP,
    ),
    result="Strike in index points. #NUM! where no strike has this delta.",
    source="inverse of the discounted Black-76 delta",
    example={
        "right": "P",
        "delta": 0.16,
        "forward": 4200.0,
        "years": 0.12,
        "vol": 0.19,
        "rate": 0.05,
        "step": 5.0,
    },
    paired=True,
    unavailable="no strike has this delta; it must be below the discount factor, with years and vol above 0",
)
def alvh_strike(right, delta, forward, years, rate, vol, step):
    one = cells.grid(vol, "vol")
    found = np.full(len(right), np.nan)
    for i in range(len(right)):
        if years[i] <= 0.0:
            continue
        vol_at = smiles.vol_at(vol, "vol", forward[i], years[i])
        if one.is_scalar:
            level = float(vol_at(np.array([forward[i]]))[0])
            strike = float(probability.strike_from_delta(right[i], delta[i], forward[i], years[i], level, rate[i]))
        else:
            strike = probability.strike_from_delta_on_smile(right[i], delta[i], forward[i], years[i], vol_at, rate[i])
        found[i] = listed.snap(strike, step)
    return found


@formula(
    category=PRICING,
    help="Fit a smile (SVI with local corrections) to the volatilities of one expiry.",
    arguments=(
        STRIKES,
        Argument("vols", Kind.VECTOR, "implied volatility a strike; blanks are left out", "decimal a year"),
        ONE_FORWARD,
        ONE_YEARS,
        Argument("weights", Kind.VECTOR, "weight of each squared error; equal if omitted", optional=True),
        HEADERS,
    ),
    result="One row: SVI a, b, rho, m, sigma, weighted error in volatility, TRUE where free of butterfly arbitrage, "
    "then the scale and weights of six bumps (0 below 24 strikes).",
    source="Gatheral (2004); De Marco and Martini (2009); Gatheral and Jacquier (2014)",
    example={"strikes": _K, "vols": _VOLS, "forward": 4191.8, "years": 0.12},
    columns=smile.ROW,
)
def alvh_smile_fit(strikes, vols, forward, years, weights):
    if len(strikes) != len(vols) or (weights is not None and len(weights) != len(strikes)):
        raise value_error(f"strikes has {len(strikes)} cells and vols {len(vols)}; give ranges of equal length")
    if years <= 0.0:
        raise num_error("years is 0; a smile needs time to settlement")
    fit = smile.fit(strikes, vols, forward, years, weights)
    if fit is None:
        raise not_available("fewer than five strikes have a volatility; give more of them")
    return [fit.row()]


@formula(
    category=PRICING,
    help="Volatility on a fitted smile.",
    arguments=(
        Argument("smile", Kind.RANGE, "the row that ALVH_SMILE_FIT gives, or SVI a, b, rho, m, sigma"),
        STRIKE,
        FORWARD,
        YEARS,
    ),
    result="Volatility, a decimal a year, one a strike.",
    source="Gatheral (2004)",
    example={"smile": (0.00198, 0.02, -0.6, 0.045, 0.06), "strike": 4000.0, "forward": 4191.8, "years": 0.12},
    paired=True,
    broadcasts=True,
    unavailable="the smile has no positive variance at this strike, or years is 0; check strike, forward and years",
)
def alvh_smile_vol(smile, strike, forward, years):
    fitted = smiles.smile(smile, "smile")
    return fitted.vol(strike, forward, years)


def _strip(name: str) -> Argument:
    return Argument(name, Kind.RANGE, "five columns: strike, call bid, call ask, put bid, put ask", "index points")


_STRIP = tuple(zip(*(_CHAIN[c] for c in ("strikes", "call_bid", "call_ask", "put_bid", "put_ask")), strict=True))


@formula(
    category=PRICING,
    help="VIX by the Cboe method from the chains of the two expiries around 30 days.",
    arguments=(
        _strip("near_chain"),
        Argument("near_years", Kind.SINGLE, "time to settlement of the near chain", "years", above=0, high=2),
        Argument("near_rate", Kind.SINGLE, "rate to the near expiry", "decimal a year", low=-1, high=1),
        _strip("next_chain"),
        Argument("next_years", Kind.SINGLE, "time to settlement of the next chain", "years", above=0, high=2),
        Argument("next_rate", Kind.SINGLE, "rate to the next expiry", "decimal a year", low=-1, high=1),
    ),
    result="VIX in points. #N/A where a chain has too few quotes.",
    source="Cboe Volatility Index methodology (2022)",
    example={
        "near_chain": _STRIP,
        "near_years": 0.07,
        "near_rate": 0.05,
        "next_chain": _STRIP,
        "next_years": 0.12,
        "next_rate": 0.05,
    },
)
def alvh_vix_index(near_chain, near_years, near_rate, next_chain, next_years, next_rate):
    from xlalvh.numerics import vix_index

    if next_years <= near_years:
        raise num_error(f"next_years is {next_years:g} and near_years {near_years:g}; give the nearer chain first")
    variances = []
    for name, chain, years, rate in (
        ("near_chain", near_chain, near_years, near_rate),
        ("next_chain", next_chain, next_years, next_rate),
    ):
        columns = cells.matrix(chain, name, 5)
        columns = columns[np.isfinite(columns[:, 0])]
        variance = vix_index.strip_variance(*columns[:, :5].T, years, rate)
        if not np.isfinite(variance):
            raise not_available(f"{name} has no strike with a bid for both call and put; give a chain with quotes")
        variances.append(variance)
    vix = vix_index.interpolate(variances[0], near_years, variances[1], next_years)
    if not np.isfinite(vix):
        raise num_error("the interpolated variance is negative; both expiries lie too far from 30 days")
    return vix
