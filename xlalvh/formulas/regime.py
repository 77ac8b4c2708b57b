"""The Regime group: the curve of VIX futures, measured and named."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS
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
_HYSTERESIS = rules.rule("regime_hysteresis")
_RULES = Argument("rules", Kind.VECTOR, "four slopes that part the regimes; -8, -2, +2, +8 % if omitted", optional=True)
_CURVE = {"futures": (18.2, 19.6, 20.4, 21.0), "days": (19.0, 54.0, 82.0, 110.0)}


def check_curve(futures: np.ndarray, days: np.ndarray) -> None:
    """Raise unless futures and days are of equal length."""
    if len(futures) != len(days):
        raise value_error(f"futures has {len(futures)} cells and days {len(days)}; give ranges of equal length")


def _cuts(given: np.ndarray | None) -> np.ndarray:
    cuts = np.array(_DEFAULT_CUTS) if given is None else given
    if len(cuts) != 4 or not np.isfinite(cuts).all() or (np.diff(cuts) < 0.0).any():
        raise num_error("rules must be four ascending slopes, such as -0.08, -0.02, 0.02, 0.08")
    return cuts


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
        _RULES,
    ),
    result="deep backwardation, backwardation, flat, contango or steep contango.",
    source="seed: contango article names two states; the cuts are the product's",
    example={"vix": 17.0, **_CURVE, "rsi": 55.0, "rules": (-0.08, -0.02, 0.02, 0.08)},
)
def alvh_regime(vix, futures, days, rsi, rules):
    check_curve(futures, days)
    cuts = _cuts(rules)
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
    help="The regime of each day of a series, with hysteresis: the label changes once the slope is well past a cut.",
    arguments=(
        Argument("vix", Kind.VECTOR, "spot VIX, one a day, the oldest first; may be blank", "VIX points"),
        Argument("futures", Kind.RANGE, "a row a day of VIX futures; blanks are left out", "VIX points"),
        Argument("days", Kind.RANGE, "calendar days to settlement of each future, in the same shape", "days"),
        _RULES,
        Argument(
            "hysteresis",
            Kind.SINGLE,
            f"how far beyond a cut the slope must go; {_HYSTERESIS.value:g} if omitted",
            "slope",
            low=_HYSTERESIS.low,
            high=_HYSTERESIS.high,
            optional=True,
            default=_HYSTERESIS.value,
        ),
        HEADERS,
    ),
    result="A row a day: CM60 / CM30 - 1, and the regime. #N/A on days whose futures do not reach from 30 to 60 days.",
    source="the cuts and the hysteresis are the product's; about 30 changes a year on 2010-2021",
    example={
        "vix": (17.0, 19.0, 17.5),
        "futures": ((18.2, 19.6, 20.4), (19.4, 19.7, 20.3), (18.8, 19.3, 20.1)),
        "days": ((19.0, 54.0, 82.0), (18.0, 53.0, 81.0), (17.0, 52.0, 80.0)),
        "rules": _DEFAULT_CUTS,
        "hysteresis": 0.005,
    },
    columns=("slope", "regime"),
)
def alvh_regime_series(vix, futures, days, rules, hysteresis):
    cuts = _cuts(rules)
    curves, ahead = cells.matrix(futures, "futures", 2), cells.matrix(days, "days", 2)
    if not len(vix) == len(curves) == len(ahead) or curves.shape != ahead.shape:
        raise value_error(
            f"vix has {len(vix)} days, futures {curves.shape[0]} x {curves.shape[1]} cells and days "
            f"{ahead.shape[0]} x {ahead.shape[1]}; give a row a day in each, and days in the shape of futures"
        )
    spot = [level if level > 0.0 else None for level in vix]
    slopes = np.array([regime.slope(*day) for day in zip(spot, curves, ahead, strict=True)])
    short = not_available("the futures of this day do not reach from 30 to 60 days; give a longer curve")
    labels = regime.classify_series(slopes, cuts, hysteresis)
    return [(short, short) if label is None else (slope, label) for slope, label in zip(slopes, labels, strict=True)]


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
    check_curve(futures, days)
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
