"""The playbook: what the seeds would do now, the contracts a layer by policy, and the cash press."""

from __future__ import annotations

import math

import numpy as np

from xlalvh.formulas.errors import not_available, num_error, value_error
from xlalvh.formulas.ladder import read_rungs
from xlalvh.formulas.regime import REGIME
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.signals import SIGNALS
from xlalvh.formulas.sizing import SIZING
from xlalvh.formulas.vocabulary import HEADERS, ONE_RATE, group_rules, one_of, rules_argument
from xlalvh.strategy import cash_press, layers, playbook
from xlalvh.strategy.regime import LABELS
from xlalvh.strategy.rules import LAYER_WEIGHTS, PLAYBOOK, between, rule

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


_CUT, _PERIOD = rule("cut_contango"), rule("cash_press_days")


@formula(
    category=SIGNALS,
    help="The seeds' Cash Press, measured: streak of contango, VIX in its history, the ladder's time value, rebalance.",
    arguments=(
        Argument("slopes", Kind.VECTOR, "CM60 / CM30 - 1 a session, the oldest first; a blank ends a streak", "slope"),
        Argument("vix", Kind.SINGLE, "spot VIX now", "VIX points", above=0),
        Argument("history", Kind.VECTOR, "VIX closes to compare with; blanks are left out", "VIX points"),
        Argument("ladder", Kind.RANGE, "what ALVH_LADDER gave, with or without its header row"),
        Argument("last_rebalance", Kind.MOMENT, "when the ladder was last rebalanced", "date"),
        Argument("now", Kind.MOMENT, "market time", "date"),
        ONE_RATE,
        Argument(
            "contango_cut",
            Kind.SINGLE,
            f"contango is a slope above this; {_CUT.value:g} if omitted",
            _CUT.unit,
            low=-1,
            high=1,
            optional=True,
            default=_CUT.value,
        ),
        Argument(
            "period",
            Kind.SINGLE,
            "calendar days between rebalances; 0 or omitted: none, for the seeds give no number",
            _PERIOD.unit,
            low=_PERIOD.low,
            high=_PERIOD.high,
            optional=True,
            default=_PERIOD.value,
        ),
        HEADERS,
    ),
    result="One row: sessions of contango in a row, VIX percentile, the ladder's extrinsic value in dollars, its theta "
    "in dollars a day (below 0: it runs off), days since the rebalance, and whether one is due.",
    source="seeds: contango, spikes and correlation articles; the slope's cut is the regime's",
    example={
        "slopes": (0.01, 0.03, 0.045, 0.05, 0.061),
        "vix": 17.0,
        "history": (16.1, 17.8, 17.2, 18.3, 17.0, 17.7, 16.9, 25.0),
        "ladder": (("front", 4.0, 19.0, 2.9, 1160.0, 0.6, 10.0, -14.0, 0.47, 113.0, 0.10, 20.1, 0.80),),
        "last_rebalance": 45030.0,
        "now": 45065.5,
        "rate": 0.05,
        "contango_cut": 0.02,
        "period": 30.0,
    },
    columns=cash_press.CashPress._fields,
)
def alvh_cash_press(slopes, vix, history, ladder, last_rebalance, now, rate, contango_cut, period):
    days = (now - last_rebalance).total_seconds() / 86_400.0
    if days < 0.0:
        raise num_error(f"last_rebalance lies {-days:.1f} days after now; check both dates")
    if not np.isfinite(history).any():
        raise not_available("history has no number; give closes of VIX")
    return [cash_press.cash_press(slopes, contango_cut, vix, history, read_rungs(ladder), rate, days, period)]
