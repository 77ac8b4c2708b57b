"""The Regime group: the curve of VIX futures, measured and named."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.market import term_structure
from xlalvh.strategy import regime, rules

REGIME = "Regime"

VIX = Argument(
    "vix",
    Kind.VECTOR,
    "spot VIX, day 0 where the first future lies beyond 30 days; may be blank elsewhere",
    "VIX points",
)
FUTURES = Argument("futures", Kind.VECTOR, "VIX futures; blanks are left out", "VIX points")
DAYS = Argument("days", Kind.VECTOR, "calendar days to settlement of each future", "days")
_NEAR = Argument("near", Kind.NUMBER, "nearer future", "VIX points", above=0)
_FAR = Argument("far", Kind.NUMBER, "farther future", "VIX points", above=0)
_DEFAULT_CUTS = rules.regime_cuts()
_CURVE = {"futures": (18.2, 19.6, 20.4, 21.0), "days": (19.0, 54.0, 82.0, 110.0)}


def _curve(futures: np.ndarray, days: np.ndarray) -> None:
    if len(futures) != len(days):
        raise value_error(f"futures has {len(futures)} cells and days {len(days)}; give ranges of equal length")


@formula(
    category=REGIME,
    help="The regime of the VIX futures curve, from CM60 / CM30 - 1.",
    arguments=(
        VIX,
        FUTURES,
        DAYS,
        Argument(
            "rsi", Kind.SINGLE, "RSI of VIX; weighs nothing here (the playbook uses it)", optional=True, low=0, high=100
        ),
        Argument("rules", Kind.VECTOR, "four slopes that part the regimes; -8, -2, +2, +8 % if omitted", optional=True),
    ),
    result="deep backwardation, backwardation, flat, contango or steep contango.",
    source="seed: contango article names two states; the cuts are the product's",
    example={"vix": 17.0, **_CURVE, "rsi": 55.0, "rules": (-0.08, -0.02, 0.02, 0.08)},
)
def alvh_regime(vix, futures, days, rsi, rules):
    _curve(futures, days)
    cuts = _DEFAULT_CUTS if rules is None else rules
    if len(cuts) != 4 or not np.isfinite(cuts).all() or (np.diff(cuts) < 0.0).any():
        raise num_error("rules must be four ascending slopes, such as -0.08, -0.02, 0.02, 0.08")
    if len(vix) != 1:
        raise value_error(f"vix has {len(vix)} cells; give one, blank where spot VIX is not known")
    if vix[0] <= 0.0:
        raise num_error(f"vix is {vix[0]:g}; it must be above 0, or blank")
    slope = regime.slope(vix[0], futures, days)
    if not np.isfinite(slope):
        raise not_available("the futures do not reach from 30 to 60 days; give a longer curve")
    return regime.classify(slope, cuts)


@formula(
    category=REGIME,
    help="Contango of two futures: far / near - 1.",
    arguments=(_NEAR, _FAR),
    result="Decimal; negative in backwardation.",
    source="Cboe: VIX futures term structure",
    example={"near": 18.2, "far": 19.6},
    paired=True,
    broadcasts=True,
)
def alvh_contango(near, far):
    return term_structure.contango(near, far)


@formula(
    category=REGIME,
    help="What a long far future earns a year by sliding down to the near one: ln(near / far) x 365 / days between.",
    arguments=(
        _NEAR,
        _FAR,
        Argument("near_days", Kind.NUMBER, "days to settlement of the nearer future", "days", low=0),
        Argument("far_days", Kind.NUMBER, "days to settlement of the farther future", "days", low=0),
    ),
    result="Decimal a year; negative in contango.",
    source="roll-down of an unchanged curve",
    example={"near": 18.2, "far": 19.6, "near_days": 19.0, "far_days": 54.0},
    paired=True,
    broadcasts=True,
    unavailable="far_days must exceed near_days; give the nearer future first",
)
def alvh_roll_yield(near, far, near_days, far_days):
    return term_structure.roll_yield(near, far, near_days, far_days)


@formula(
    category=REGIME,
    help="Constant-maturity VIX future, linear in price.",
    arguments=(
        FUTURES,
        DAYS,
        Argument("target", Kind.SINGLE, "days; 30 if omitted", "days", low=0, optional=True, default=30.0),
        Argument(
            "vix",
            Kind.SINGLE,
            "spot VIX, day 0 where the first future lies beyond the target",
            "VIX points",
            above=0,
            optional=True,
        ),
    ),
    result="VIX points. #N/A where the target lies outside the curve.",
    source="Cboe and S&P constant-maturity VIX futures indices",
    example={**_CURVE, "target": 30.0, "vix": 17.0},
)
def alvh_constant_maturity(futures, days, target, vix):
    _curve(futures, days)
    price = term_structure.constant_maturity(futures, days, target, vix)
    if not np.isfinite(price):
        raise not_available(f"no futures lie around {target:g} days; give a longer curve, or vix for the near end")
    return price


@formula(
    category=REGIME,
    help="Basis: future less spot VIX.",
    arguments=(
        Argument("vix", Kind.NUMBER, "spot VIX", "VIX points", above=0),
        Argument("future", Kind.NUMBER, "VIX future", "VIX points", above=0),
    ),
    result="VIX points; positive in contango.",
    source="Cboe: VIX futures basis",
    example={"vix": 17.0, "future": 18.2},
    paired=True,
    broadcasts=True,
)
def alvh_basis(vix, future):
    return term_structure.basis(vix, future)
