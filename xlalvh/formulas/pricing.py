"""The Pricing group: single options."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas.registry import Formula, formula
from xlalvh.formulas.vocabulary import FORWARD, HEADERS, RATE, RIGHT, STRIKE, VOL, YEARS
from xlalvh.numerics import black76

PRICING = "Pricing"
_BLACK = "F. Black, Journal of Financial Economics 3 (1976)"
_OPTION = (RIGHT, FORWARD, STRIKE, YEARS, VOL, RATE)
_EXAMPLE = {"right": "P", "forward": 4200.0, "strike": 4000.0, "years": 0.12, "vol": 0.19, "rate": 0.05}


@formula(
    category=PRICING,
    help="Black-76 premium of a European option.",
    arguments=_OPTION,
    result="Premium in index points, one an option.",
    source=_BLACK,
    example=_EXAMPLE,
    paired=True,
)
def alvh_price(right, forward, strike, years, vol, rate):
    return black76.price(right, forward, strike, years, vol, rate)


@formula(
    category=PRICING,
    help="Black-76 price and all eight Greeks, a row an option.",
    arguments=(*_OPTION, HEADERS),
    result="Per unit: price in points; delta per point; vega, vanna, volga per volatility point; theta, charm per "
    "calendar day; rho per 0.01 of rate.",
    source=_BLACK + "; Haug (2007) chapter 2",
    example=_EXAMPLE,
    columns=black76.Greeks._fields,
    paired=True,
    unavailable="the Greek is unbounded at the money at expiry; use a positive years and vol",
)
def alvh_greeks(right, forward, strike, years, vol, rate):
    return np.column_stack(black76.greeks(right, forward, strike, years, vol, rate))


def _single_greek(name: str, unit: str) -> Formula:
    def evaluate(right, forward, strike, years, vol, rate):
        return getattr(black76.greeks(right, forward, strike, years, vol, rate), name)

    evaluate.__name__ = f"alvh_{name}"
    return formula(
        category=PRICING,
        help=f"Black-76 {name} of a European option, forward held fixed.",
        arguments=_OPTION,
        result=f"{name.capitalize()} {unit}, one an option.",
        source=_BLACK,
        example=_EXAMPLE,
        paired=True,
        unavailable=f"{name} is unbounded at the money at expiry; use a positive years and vol",
    )(evaluate)


alvh_delta = _single_greek("delta", "per index point")
alvh_gamma = _single_greek("gamma", "per index point squared")
alvh_vega = _single_greek("vega", "in points per volatility point")
alvh_theta = _single_greek("theta", "in points per calendar day")
alvh_rho = _single_greek("rho", "in points per 0.01 of rate")
