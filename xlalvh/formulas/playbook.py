"""The playbook: what the seeds would do now, and the contracts a layer by policy."""

from __future__ import annotations

import math

import numpy as np

from xlalvh.formulas.errors import num_error, value_error
from xlalvh.formulas.regime import REGIME
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.sizing import SIZING
from xlalvh.formulas.vocabulary import HEADERS, group_rules, one_of, rules_argument
from xlalvh.strategy import layers, playbook
from xlalvh.strategy.regime import LABELS
from xlalvh.strategy.rules import LAYER_WEIGHTS, PLAYBOOK, between

_REGIME = Argument("regime", Kind.TEXT, "what ALVH_REGIME gave")


@formula(
    category=REGIME,
    help="What the seeds would do now. First that applies: roll (expiry or event), monetise, tighten, expand, hold.",
    arguments=(
        _REGIME,
        Argument("rsi", Kind.SINGLE, "RSI of VIX", "0 to 100", low=0, high=100, optional=True, default=math.nan),
        Argument(
            "slope_change",
            Kind.SINGLE,
            "change of CM60 / CM30 - 1; below 0 backwardation deepens",
            "slope",
            optional=True,
            default=math.nan,
        ),
        rules_argument(PLAYBOOK),
        Argument(
            "expiry_days", Kind.SINGLE, "to the position's nearest expiry", "days", optional=True, default=math.nan
        ),
        Argument(
            "event_days", Kind.SINGLE, "to the next FOMC, CPI or PPI", "days", low=0, optional=True, default=math.nan
        ),
        Argument("divergence", Kind.TEXT, "ALVH_DIVERGENCE of SPX or SPY and its RSI", optional=True, default=""),
        HEADERS,
    ),
    result="One row: action, short deltas and hedge weight from and to, share to monetise, the rule that fired, its "
    "inputs. What is not given fires nothing.",
    source="seeds: contango article; SPY article (divergence); correlation article (events). Precedence: the product's",
    example={
        "regime": "backwardation",
        "rsi": 74.0,
        "slope_change": -0.012,
        "rules": tuple(rule.value for rule in between(PLAYBOOK)),
        "expiry_days": 24.0,
        "event_days": 9.0,
    },
    columns=playbook.Advice._fields,
)
def alvh_playbook(regime, rsi, slope_change, rules, expiry_days, event_days, divergence):
    given = playbook.Given(
        one_of(regime, LABELS, "regime"),
        rsi,
        slope_change,
        expiry_days,
        event_days,
        one_of(divergence, playbook.DIVERGENCES, "divergence") if divergence else "",
    )
    return [playbook.advise(given, group_rules(PLAYBOOK, rules))]


@formula(
    category=SIZING,
    help="Contracts a layer and unit: a steward's are the same in every regime, a promoter's are raised in "
    "backwardation.",
    arguments=(
        _REGIME,
        Argument("policy", Kind.TEXT, '"steward" or "promoter"'),
        Argument(
            "signals",
            Kind.VECTOR,
            "RSI of VIX, MACD histogram of VIX, change of the advance-decline line; a blank adds nothing",
            optional=True,
            default=(math.nan,) * 3,
        ),
        rules_argument(LAYER_WEIGHTS),
        HEADERS,
    ),
    result="A row a layer: contracts a unit (multiply by units, then round), the 4/4/2 they start from, shares added.",
    source="seeds: contango article (the others contradict it, see Rules); correlation article (signals)",
    example={
        "regime": "backwardation",
        "policy": "promoter",
        "signals": (74.0, 0.6, -900.0),
        "rules": (0.5, 0.2, 0.1, 0.1),
    },
    columns=layers.LayerWeight._fields,
)
def alvh_layer_weights(regime, policy, signals, rules):
    if len(signals) != 3:
        raise value_error(f"signals has {len(signals)} cells; give RSI, MACD histogram, A/D change, or blanks for them")
    if not 0.0 <= np.nan_to_num(signals[0]) <= 100.0:
        raise num_error(f"signals: RSI is {signals[0]:g}; it must be from 0 to 100, or blank")
    return layers.layer_weights(
        one_of(regime, LABELS, "regime"),
        one_of(policy, layers.POLICIES, "policy"),
        signals,
        group_rules(LAYER_WEIGHTS, rules),
    )
