"""The Pricing group: premiums, Greeks and probabilities of single options."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas.registry import Argument, Formula, Kind, formula
from xlalvh.formulas.vocabulary import FORWARD, HEADERS, RATE, RIGHT, STRIKE, VOL, YEARS
from xlalvh.numerics import black76, implied_vol, probability

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
    broadcasts=True,
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
    broadcasts=True,
    unavailable="the Greek is unbounded at the money at expiry; use a positive years and vol",
)
def alvh_greeks(right, forward, strike, years, vol, rate):
    return black76.greeks_table(right, forward, strike, years, vol, rate)


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
        broadcasts=True,
        unavailable=f"{name} is unbounded at the money at expiry; use a positive years and vol",
    )(evaluate)


alvh_delta = _single_greek("delta", "per index point")
alvh_gamma = _single_greek("gamma", "per index point squared")
alvh_vega = _single_greek("vega", "in points per volatility point")
alvh_theta = _single_greek("theta", "in points per calendar day")
alvh_rho = _single_greek("rho", "in points per 0.01 of rate")


@formula(
    category=PRICING,
    help="Implied volatility from a premium, 0.1 % to 1000 %.",
    arguments=(RIGHT, Argument("price", Kind.NUMBER, "premium", "index points", low=0), FORWARD, STRIKE, YEARS, RATE),
    result="Volatility, a decimal a year. #NUM! at or below intrinsic value, or at or above the option's bound.",
    source=_BLACK,
    example={"right": "P", "price": 35.9, "forward": 4200.0, "strike": 4000.0, "years": 0.12, "rate": 0.05},
    paired=True,
    broadcasts=True,
    unavailable="no volatility from 0.1 % to 1000 % gives this price; it is at or below intrinsic value, or above the "
    "bound; check price, forward and strike",
)
def alvh_iv(right, price, forward, strike, years, rate):
    return implied_vol.implied_vol(right, price, forward, strike, years, rate)


@formula(
    category=PRICING,
    help="Forward from spot, F = S exp((rate - dividend_yield) years).",
    arguments=(
        Argument("spot", Kind.NUMBER, "index level", "index points", above=0),
        YEARS,
        Argument("rate", Kind.NUMBER, "continuously compounded rate", "decimal a year", low=-1, high=1),
        Argument(
            "dividend_yield",
            Kind.NUMBER,
            "continuous yield; 0 if omitted",
            "decimal a year",
            low=-1,
            high=1,
            optional=True,
            default=0.0,
        ),
    ),
    result="Forward in index points.",
    source="J. C. Hull, Options, Futures, and Other Derivatives, chapter on forward prices",
    example={"spot": 4190.0, "years": 0.12, "rate": 0.05, "dividend_yield": 0.016},
    paired=True,
    broadcasts=True,
)
def alvh_forward(spot, years, rate, dividend_yield):
    return spot * np.exp((rate - dividend_yield) * years)


@formula(
    category=PRICING,
    help="Risk-neutral probability that the option ends in the money.",
    arguments=(RIGHT, FORWARD, STRIKE, YEARS, VOL),
    result="Probability, a decimal.",
    source=_BLACK + ": N(d2)",
    example={"right": "P", "forward": 4200.0, "strike": 4000.0, "years": 0.12, "vol": 0.19},
    paired=True,
    broadcasts=True,
)
def alvh_prob_itm(right, forward, strike, years, vol):
    return probability.prob_itm(right, forward, strike, years, vol)


@formula(
    category=PRICING,
    help="Risk-neutral probability that the strike is touched before settlement, watched continuously.",
    arguments=(RIGHT, FORWARD, STRIKE, YEARS, VOL),
    result="Probability, a decimal; 1 where the strike is already reached.",
    source="Haug (2007) section 4.19, reflection principle",
    example={"right": "P", "forward": 4200.0, "strike": 4000.0, "years": 0.12, "vol": 0.19},
    paired=True,
    broadcasts=True,
)
def alvh_prob_touch(right, forward, strike, years, vol):
    return probability.prob_touch(right, forward, strike, years, vol)


@formula(
    category=PRICING,
    help="One-sigma move of the forward, F vol sqrt(years).",
    arguments=(FORWARD, YEARS, VOL),
    result="Index points.",
    source="standard deviation of a lognormal forward, first order",
    example={"forward": 4200.0, "years": 0.12, "vol": 0.16},
    paired=True,
    broadcasts=True,
)
def alvh_expected_move(forward, years, vol):
    return probability.expected_move(forward, years, vol)
