"""The Capital group: what capital earns and costs, against which the hedge's drag is compared."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.ladder import BETA_PARAMS, read_beta_params, read_rungs
from xlalvh.formulas.regime import DAYS, FUTURES, check_curve
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, ONE_RATE, whole
from xlalvh.risk import capital, carry
from xlalvh.risk.capital import hedge_drag

CAPITAL = "Risk and capital"

_LADDER = Argument("ladder", Kind.RANGE, "what ALVH_LADDER gave, with or without its header row")
_VIX = Argument("vix", Kind.SINGLE, "spot VIX now", "VIX points", above=0)
_RUNGS = (
    ("front", 4.0, 21.0, 2.1, 840.0, 0.5, 12.0, -15.0, 0.47, 94.0, 0.10, 20.1, 0.80),
    ("mid", 4.0, 22.5, 2.6, 1040.0, 0.45, 14.0, -11.0, 0.35, 63.0, 0.18, 21.7, 0.70),
    ("back", 2.0, 24.0, 2.5, 500.0, 0.4, 8.0, -4.0, 0.28, 22.4, 0.26, 22.5, 0.62),
)


def _rate(name: str, help: str) -> Argument:
    return Argument(name, Kind.NUMBER, help, "decimal a year", low=-1, high=100)


@formula(
    category=CAPITAL,
    help="Internal rate of return of dated flows, as Excel's XIRR defines it; where several solve it, all are said.",
    arguments=(
        Argument("amounts", Kind.VECTOR, "received above 0, paid below", "dollars"),
        Argument("dates", Kind.VECTOR, "date of each flow, in any order", "date"),
        Argument(
            "root", Kind.SINGLE, "which rate, counted from the lowest, where there are several", low=1, optional=True
        ),
    ),
    result="Decimal a year, effective, on 365 days. #NUM! where no rate, or more than one, makes them worth nothing.",
    source="Microsoft's definition of XIRR; seeds: IRR in all five articles",
    example={
        "amounts": (-10_000.0, 2_750.0, 4_250.0, 3_250.0, 2_750.0),
        "dates": (39448.0, 39508.0, 39751.0, 39859.0, 39904.0),
    },
)
def alvh_irr(amounts, dates, root):
    if len(amounts) != len(dates):
        raise value_error(f"amounts has {len(amounts)} cells and dates {len(dates)}; give ranges of equal length")
    if (np.isfinite(amounts) != np.isfinite(dates)).any():
        raise not_available("a flow has an amount without a date, or a date without an amount; give both or neither")
    known = np.isfinite(amounts)
    flows, days = amounts[known], dates[known]
    if not ((flows > 0.0).any() and (flows < 0.0).any()):
        raise num_error("amounts needs one above 0 and one below 0; no rate makes flows of one sign worth nothing")
    if not (np.abs(flows) < 1e15).all() or not ((days >= 0.0) & (days < 2_958_466.0)).all():
        raise num_error("an amount or a date is beyond what money and calendars hold; check the cells")
    if np.ptp(days) == 0.0:
        raise num_error("dates are all the same day; a rate needs time between flows")
    roots = capital.irr(flows, days)
    if not roots:
        raise num_error("no rate from -99.99 % to 1,000,000 % makes these flows worth nothing")
    said = ", ".join(f"{rate:.6g}" for rate in roots)
    if root is None and len(roots) > 1:
        raise num_error(f"{len(roots)} rates make these flows worth nothing: {said}; choose one with root")
    place = 1 if root is None else whole(root, "root")
    if place > len(roots):
        raise num_error(f"root is {place} and there are {len(roots)} rates: {said}")
    return roots[place - 1]


@formula(
    category=CAPITAL,
    help="Weighted average cost of capital.",
    arguments=(
        Argument("equity", Kind.NUMBER, "own capital", "dollars", low=0),
        Argument("debt", Kind.NUMBER, "borrowed capital", "dollars", low=0),
        _rate("cost_of_equity", "what equity must earn, such as ALVH_CAPM"),
        _rate("cost_of_debt", "interest"),
        Argument(
            "tax",
            Kind.NUMBER,
            "share of interest that tax gives back; 0 if omitted",
            "decimal",
            low=0,
            high=1,
            optional=True,
            default=0.0,
        ),
    ),
    result="Decimal a year.",
    source="textbook: (E re + D rd (1 - tax)) / (E + D); seeds: WACC",
    example={"equity": 80_000.0, "debt": 20_000.0, "cost_of_equity": 0.112, "cost_of_debt": 0.06, "tax": 0.25},
    paired=True,
    unavailable="equity and debt are both 0; give capital",
)
def alvh_wacc(equity, debt, cost_of_equity, cost_of_debt, tax):
    return capital.wacc(equity, debt, cost_of_equity, cost_of_debt, tax)


@formula(
    category=CAPITAL,
    help="Return that the capital asset pricing model asks: risk_free + beta x (market_return - risk_free).",
    arguments=(
        _rate("risk_free", "rate without risk"),
        Argument("beta", Kind.NUMBER, "beta of the asset to the market", "ratio", low=-100, high=100),
        _rate("market_return", "expected return of the market"),
    ),
    result="Decimal a year.",
    source="Sharpe (1964); seeds: CAPM",
    example={"risk_free": 0.04, "beta": 1.2, "market_return": 0.10},
    paired=True,
)
def alvh_capm(risk_free, beta, market_return):
    return capital.capm(risk_free, beta, market_return)


@formula(
    category=CAPITAL,
    help="A position with its dividends taken and with them reinvested, a row a year.",
    arguments=(
        Argument("position_value", Kind.SINGLE, "value today", "dollars", above=0, high=1e15),
        Argument("dividend_yield", Kind.SINGLE, "dividends over price", "decimal a year", low=0, high=1),
        Argument("growth", Kind.SINGLE, "growth of the price", "decimal a year", low=-0.99, high=10),
        Argument("horizon", Kind.SINGLE, "whole years", "years", low=1, high=50),
        Argument(
            "payments",
            Kind.SINGLE,
            "dividends a year; 4 if omitted",
            "a year",
            low=1,
            high=12,
            optional=True,
            default=4.0,
        ),
        HEADERS,
    ),
    result="A row a year: price alone, dividends taken so far, both, and all reinvested. No tax, no cost.",
    source="compound interest; seed: spikes article, DRIP simulations",
    example={"position_value": 100_000.0, "dividend_yield": 0.02, "growth": 0.05, "horizon": 3.0, "payments": 4.0},
    columns=capital.Drip._fields,
)
def alvh_drip(position_value, dividend_yield, growth, horizon, payments):
    years, times = whole(horizon, "horizon"), whole(payments, "payments")
    return capital.drip(position_value, dividend_yield, growth, years, times)


@formula(
    category=CAPITAL,
    help="What the hedge costs a year over capital: (paid - received) / capital x 365 / days.",
    arguments=(
        Argument("paid", Kind.NUMBER, "premiums and costs paid over the days", "dollars", low=0),
        Argument("received", Kind.NUMBER, "proceeds, and value left", "dollars", low=0),
        Argument("days", Kind.NUMBER, "calendar days", "days", above=0),
        Argument("capital", Kind.NUMBER, "capital that the hedge protects", "dollars", above=0),
    ),
    result="Decimal a year; below 0 where the hedge gained. Compare it with ALVH_WACC and ALVH_IRR.",
    source="seeds: IRR against the WACC 'implied by the hedge cost'; SPY article: must not erode returns",
    example={"paid": 2_400.0, "received": 900.0, "days": 91.0, "capital": 250_000.0},
    paired=True,
)
def alvh_hedge_drag(paid, received, days, capital):
    return hedge_drag(paid, received, days, capital)


@formula(
    category=CAPITAL,
    help="Carry of a ladder, split into time value lost and the slide of its futures along the curve.",
    arguments=(
        _LADDER,
        _VIX,
        FUTURES,
        DAYS,
        Argument(
            "passed",
            Kind.SINGLE,
            "calendar days that pass; 1 if omitted",
            "days",
            above=0,
            high=366,
            optional=True,
            default=1.0,
        ),
        ONE_RATE,
        HEADERS,
    ),
    result="A row a layer and the total: theta, roll-down and their sum, dollars over the days. Roll-down is "
    "below 0 in contango.",
    source="Black (1976), curve and volatilities unchanged; seed: contango article claims roll-down profits",
    example={
        "ladder": _RUNGS,
        "vix": 17.0,
        "futures": (19.4, 20.8, 22.0, 22.8),
        "days": (19.0, 54.0, 82.0, 110.0),
        "passed": 7.0,
        "rate": 0.05,
    },
    columns=carry.Carry._fields,
)
def alvh_carry(ladder, vix, futures, days, passed, rate):
    check_curve(futures, days)
    good = np.isfinite(futures) & np.isfinite(days) & (futures > 0.0) & (days > 0.0)
    order = np.argsort(days[good])
    rows = carry.carry(read_rungs(ladder), vix, futures[good][order], days[good][order], passed, rate)
    short = not_available("the futures do not reach the last expiry of this layer; give a longer curve")
    return [row if np.isfinite(row.carry_dollars) else (row.layer, *(short,) * 3) for row in rows]


@formula(
    category=CAPITAL,
    help="How far spot VIX must rise, once, for the ladder to pay a cost, such as a year of its carry.",
    arguments=(
        _LADDER,
        _VIX,
        Argument("cost", Kind.SINGLE, "to be paid for, such as -365 x a day's carry", "dollars", low=0, high=1e15),
        ONE_RATE,
        BETA_PARAMS,
    ),
    result="VIX points, at once; futures move by tenor beta, volatilities stay.",
    source="tenor beta measured on VX contracts 2013-2026; Black (1976)",
    example={"ladder": _RUNGS, "vix": 17.0, "cost": 5_000.0, "rate": 0.05},
)
def alvh_break_even_vix(ladder, vix, cost, rate, beta_params):
    rise = carry.break_even_rise(read_rungs(ladder), vix, cost, rate, read_beta_params(beta_params).tolist())
    if not np.isfinite(rise):
        raise num_error(
            f"cost is {cost:g}; a rise of VIX by {carry.MOST_RISE:g} points does not pay it; check the ladder"
        )
    return rise
