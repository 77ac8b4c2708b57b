"""What the seeds would do now: one advice, the rule that fired, and what it was given."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from xlalvh.strategy.regime import LABELS
from xlalvh.strategy.signals import BEARISH, BULLISH, NONE

ROLL, MONETISE, TIGHTEN, EXPAND, HOLD = "roll", "monetise", "tighten", "expand", "hold"
DIVERGENCES = (BEARISH, BULLISH, NONE)
_DEEP, _BACK, _FLAT, _CONTANGO, _STEEP = LABELS


class Advice(NamedTuple):
    """One advice. Deltas are magnitudes of the short strikes, weights and shares decimals."""

    action: str
    delta_low: float
    delta_high: float
    hedge_weight_low: float
    hedge_weight_high: float
    monetise_share: float
    rule: str
    inputs: str


class Given(NamedTuple):
    """What is known; NaN or an empty text where it is not."""

    regime: str
    rsi: float  # of VIX, 0 to 100
    slope_change: float  # of CM60 / CM30 - 1
    expiry_days: float  # calendar days to the position's nearest expiry
    event_days: float  # calendar days to the next FOMC, CPI or PPI
    divergence: str  # of SPX or SPY and its RSI


def advise(given: Given, rules: Mapping[str, float]) -> Advice:
    """The first of roll, monetise, tighten, expand and hold whose condition is met.

    Parameters
    ----------
    given : what is known; a condition on something unknown is not met, and `inputs` says so
    rules : the values of `rules.PLAYBOOK` by name

    Notes
    -----
    Roll: the nearest expiry, or an event, is near. Monetise: backwardation deepens while RSI of VIX is high. Tighten:
    the curve is in steep contango, or prices diverge bearishly. Expand: backwardation. Else hold. Strikes and weights
    follow from regime and divergence whatever the action is: a roll keeps them.
    """
    action, rule = _action(given, rules)
    stressed = given.regime in (_DEEP, _BACK)
    careful = stressed or given.divergence == BEARISH
    if careful:
        deltas = rules["backwardation_delta_low"], rules["backwardation_delta_high"]
    elif given.regime == _STEEP:
        deltas = rules["contango_delta_high"], rules["contango_delta_high"]
    elif given.regime == _CONTANGO:
        deltas = rules["contango_delta_low"], rules["contango_delta_high"]
    else:
        deltas = rules["flat_delta"], rules["flat_delta"]
    more = rules["hedge_expand"] if careful else 0.0
    return Advice(
        action,
        *deltas,
        rules["hedge_weight_low"] + more,
        rules["hedge_weight_high"] + more,
        rules["monetise_share"] if action == MONETISE else 0.0,
        rule,
        _inputs(given),
    )


def _action(given: Given, rules: Mapping[str, float]) -> tuple[str, str]:
    if given.expiry_days <= rules["expiry_roll_days"]:
        return ROLL, f"expiry within {rules['expiry_roll_days']:g} days: roll what expires"
    if given.event_days <= rules["event_roll_days"]:
        return ROLL, f"event within {rules['event_roll_days']:g} days: roll or adjust the front layer"
    stressed = given.regime in (_DEEP, _BACK)
    if stressed and given.rsi > rules["rsi_monetise"] and given.slope_change < rules["slope_deepening"]:
        return MONETISE, (
            f"{given.regime}, RSI above {rules['rsi_monetise']:g}, slope change below {rules['slope_deepening']:g}: "
            "sell or roll part of the hedge"
        )
    if given.divergence == BEARISH:
        return TIGHTEN, "bearish divergence: farther short strikes, more hedge"
    if given.regime == _STEEP:
        return TIGHTEN, "steep contango: nearer short strikes while the hedge is cheap"
    if stressed:
        return EXPAND, f"{given.regime}: farther short strikes, more hedge"
    return HOLD, f"{given.regime}: no other rule fired"


def _inputs(given: Given) -> str:
    """What each condition was given, in words."""
    parts = []
    for name, value in given._asdict().items():
        known = bool(value) if isinstance(value, str) else not math.isnan(value)
        shown = f"{value:.4g}" if isinstance(value, float) else value
        parts.append(f"{name} {shown}" if known else f"{name} not given")
    return "; ".join(parts)
