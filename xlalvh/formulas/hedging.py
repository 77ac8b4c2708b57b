"""The rest of the Sizing group: the seeds' other ways to size the hedge, beside coverage."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas.errors import CellError, not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.sizing import SIZING, coverage_rule
from xlalvh.formulas.vocabulary import HEADERS, group_rules, one_of
from xlalvh.strategy import capm, equity_hedge, notional, rules, tilt

_MOST = rules.rule("notional_warn_units")
_MOVE = Argument("move", Kind.SINGLE, "fall of SPX, magnitude: 0.05 is 5 %", "decimal", above=0, high=1)


@formula(
    category=SIZING,
    help="Hedge of a given weight on one of three readings of notional: premium, max loss, notional.",
    arguments=(
        Argument("basis", Kind.TEXT, '"premium", "max loss" or "notional": what both dollar figures measure'),
        Argument("weight", Kind.SINGLE, "hedge over condor; the seeds say 0.25 to 0.30", "decimal", above=0, high=10),
        Argument(
            "condor_dollars",
            Kind.SINGLE,
            "the credit; the maximum loss; or 100 x SPX forward x condors",
            "dollars",
            above=0,
        ),
        Argument(
            "unit_dollars",
            Kind.SINGLE,
            "one unit's cost; its cost; or 100 x the sum of its contracts' futures",
            "dollars",
            above=0,
        ),
        Argument(
            "unit_contracts",
            Kind.SINGLE,
            "contracts a unit; 10 if omitted",
            "contracts",
            low=1,
            optional=True,
            default=10.0,
        ),
        Argument(
            "warn_units",
            Kind.SINGLE,
            f"a larger size is warned of; {_MOST.value:g} if omitted",
            "units",
            low=_MOST.low,
            high=_MOST.high,
            optional=True,
            default=_MOST.value,
        ),
        HEADERS,
    ),
    result="One row: basis, units, whole contracts, their dollars on that basis, and a warning or nothing.",
    source="seed: contango article, '25-30 % of notional exposure', which it does not define",
    example={"basis": "notional", "weight": 0.275, "condor_dollars": 4_200_000.0, "unit_dollars": 21_100.0},
    columns=notional.Sized._fields,
)
def alvh_hedge_notional(basis, weight, condor_dollars, unit_dollars, unit_contracts, warn_units):
    word = one_of(basis, notional.BASES, "basis")
    units = weight * condor_dollars / unit_dollars * unit_contracts
    if not units <= 1e9:
        raise num_error(f"condor_dollars is {condor_dollars:g} and unit_dollars {unit_dollars:g}; check their sizes")
    return [notional.hedge_notional(word, weight, condor_dollars, unit_dollars, unit_contracts, warn_units)]


@formula(
    category=SIZING,
    help="Contracts, or packages such as call spreads, whose gain offsets the tested wing's loss at a move of SPX.",
    arguments=(
        Argument("wing_loss", Kind.SINGLE, "what the wing loses at the move, a positive figure", "dollars", low=0),
        _MOVE,
        Argument("deltas", Kind.VECTOR, "of each leg of the package, on its future", "decimal"),
        Argument("futures", Kind.VECTOR, "VIX future of each leg's expiry", "VIX points"),
        Argument(
            "betas",
            Kind.VECTOR,
            "of each future's return on SPX's; for three legs -3.4, -2.8, -2.1 (front, mid, back) if omitted",
            "ratio",
            optional=True,
        ),
        Argument(
            "quantities",
            Kind.VECTOR,
            "contracts of each leg in one package, short below 0; 1 each if omitted",
            "contracts",
            optional=True,
        ),
    ),
    result="Packages, unrounded. First order: gamma, and volatility's fall afterwards, are left out.",
    source="seed: edge article, 'modified CAPM'; betas measured on VX futures (spot VIX's -5.5 would flatter)",
    example={
        "wing_loss": 18_000.0,
        "move": 0.05,
        "deltas": (0.45, 0.20),
        "futures": (20.1, 20.1),
        "betas": (-3.4, -3.4),
        "quantities": (1.0, -1.0),
    },
)
def alvh_capm_ratio(wing_loss, move, deltas, futures, betas, quantities):
    legs = len(deltas)
    if betas is None:
        if legs != 3:
            raise value_error(f"betas is missing and deltas has {legs} legs; give a beta a leg")
        betas = np.array(list(group_rules(rules.FUTURE_BETAS, None).values()))
    counts = np.ones(legs) if quantities is None else quantities
    for name, values in (("deltas", deltas), ("futures", futures), ("betas", betas), ("quantities", counts)):
        if len(values) != legs or not np.isfinite(values).all():
            raise value_error(f"{name} has {int(np.isfinite(values).sum())} numbers; give one for each of {legs} legs")
    if (futures <= 0.0).any():
        raise num_error("futures has a number that is not above 0; give VIX futures in points")
    gain = capm.gain_at_move(move, deltas, futures, betas, counts)
    if not gain > 0.0:
        raise num_error(f"one package gains {gain:.2f} dollars as SPX falls by {move:g}; give one that gains")
    return capm.capm_ratio(wing_loss, gain)


@formula(
    category=SIZING,
    help="Where in the coverage band to sit, from percentiles of valuation, liquidity and macro inputs, weighted.",
    arguments=(
        Argument(
            "percentiles",
            Kind.VECTOR,
            "P/E, P/CF, quick ratio, REER, rate differential, credit spread, GDP, CPI, PPI in their histories",
            "0 to 1",
        ),
        Argument(
            "weights",
            Kind.VECTOR,
            "in the same order; above 0 a high input raises the hedge, below 0 lowers it; 0 if omitted",
            "weight",
            optional=True,
        ),
        coverage_rule("target", "target_coverage", "coverage without tilt"),
        coverage_rule("low", "coverage_low", "lower end of the band"),
        coverage_rule("high", "coverage_high", "upper end of the band"),
        HEADERS,
    ),
    result="A row an input: percentile, weight, what it adds to the coverage. Last: the sum of the weights, and the "
    "coverage to aim at, within the band.",
    source="seeds: spikes, correlation and SPY articles name the inputs and no weight; so all are 0 until you set them",
    example={
        "percentiles": (0.9, 0.85, 0.4, 0.7, 0.5, 0.8, 0.5, 0.6, 0.6),
        "weights": (0.3, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0),
    },
    columns=tilt.Tilted._fields,
)
def alvh_tilt(percentiles, weights, target, low, high):
    count = len(tilt.INPUTS)
    if len(percentiles) != count:
        raise value_error(f"percentiles has {len(percentiles)} cells; give {count}: {', '.join(tilt.INPUTS)}")
    if ((percentiles < 0.0) | (percentiles > 1.0)).any():
        raise num_error("percentiles has a number outside 0 to 1; give shares, as ALVH_PERCENTILE does")
    if not low <= target <= high:
        raise num_error(f"target is {target:g}; it must lie in the band from low {low:g} to high {high:g}")
    used = list(group_rules(rules.TILT, weights).values())
    rows = tilt.tilt(percentiles.tolist(), used, target, low, high)
    blank = not_available("the percentile of this input is missing; enter it, or set the weight to 0")
    lacking = not_available("an input with a weight has no percentile; enter it, or set the weight to 0")
    shown = [row._replace(percentile=_or(row.percentile, ""), coverage=_or(row.coverage, blank)) for row in rows[:-1]]
    return [*shown, rows[-1]._replace(percentile="", coverage=_or(rows[-1].coverage, lacking))]


def _or(value: float, otherwise: str | CellError) -> float | str | CellError:
    return value if np.isfinite(value) else otherwise


@formula(
    category=SIZING,
    help="VIX calls for a position in SPY, and what its diversification leaves as correlations go to one.",
    arguments=(
        Argument("position_value", Kind.SINGLE, "value of the position", "dollars", above=0),
        Argument("beta", Kind.SINGLE, "of the position to SPX; SPY's is 1", "ratio", above=0, high=10),
        _MOVE,
        Argument("future", Kind.SINGLE, "VIX future of the calls' expiry", "VIX points", above=0),
        Argument("delta", Kind.SINGLE, "of the calls, on that future", "decimal", above=0, high=1),
        Argument(
            "future_beta",
            Kind.SINGLE,
            f"of the future's return on SPX's; the front's {rules.default('future_beta_front'):g} if omitted",
            "ratio",
            low=-20,
            high=-0.01,
            optional=True,
            default=rules.default("future_beta_front"),
        ),
        Argument(
            "correlation",
            Kind.SINGLE,
            "average between the stocks now (Cboe COR1M / 100); 1 if omitted",
            "decimal",
            low=0,
            high=1,
            optional=True,
            default=1.0,
        ),
        Argument(
            "names", Kind.SINGLE, "number of stocks; 500 if omitted", "stocks", low=1, optional=True, default=500.0
        ),
        HEADERS,
    ),
    result="Two rows, correlation now and at one: share of a single stock's risk that is left, move of SPX, loss, "
    "calls, rounded up. The calls grow with the move, so their number stays.",
    source="seed: SPY article; equal weights and equal volatilities; betas measured on VX futures",
    example={
        "position_value": 450_000.0,
        "beta": 1.0,
        "move": 0.05,
        "future": 20.1,
        "delta": 0.45,
        "future_beta": -3.4,
        "correlation": 0.25,
        "names": 500.0,
    },
    columns=equity_hedge.EquityHedge._fields,
)
def alvh_equity_hedge(position_value, beta, move, future, delta, future_beta, correlation, names):
    rows = equity_hedge.equity_hedge(position_value, beta, move, future, delta, future_beta, correlation, names)
    if rows[1].spx_move > 1.0:
        raise num_error(f"move is {move:g}, which at a correlation of one is a fall of more than everything; give less")
    return rows
