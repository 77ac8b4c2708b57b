"""The Adjusting group."""

from __future__ import annotations

import numpy as np

from xlalvh.formulas import smiles
from xlalvh.formulas.condor import CONTRACTS, LEGS, VOLS, read_legs
from xlalvh.formulas.errors import num_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, ONE_FORWARD, ONE_RATE, ONE_YEARS, STEP
from xlalvh.strategy import adjust, condor, rules

ADJUSTING = "Adjusting"


def _rule(argument: str, name: str, help: str, kind: Kind = Kind.NUMBER) -> Argument:
    """An optional number whose default and bounds are a threshold's."""
    rule = rules.rule(name)
    return Argument(
        argument,
        kind,
        f"{help}; {rule.value:g} if omitted",
        rule.unit,
        low=rule.low,
        high=rule.high,
        optional=True,
        default=rule.value,
    )


@formula(
    category=ADJUSTING,
    help="Whether a short strike is safe, on watch or tested, by its delta.",
    arguments=(
        Argument("delta", Kind.NUMBER, "of the short option now; its sign does not matter", "decimal", low=-1, high=1),
        Argument(
            "entry_delta",
            Kind.NUMBER,
            f"its magnitude when sold; {rules.default('put_delta'):g} if omitted",
            "decimal",
            low=-1,
            high=1,
            optional=True,
            default=rules.default("put_delta"),
        ),
        _rule("trigger", "wing_trigger", "least delta that is tested"),
        _rule("multiple", "wing_multiple", "tested from this many times entry_delta"),
        _rule("watch", "wing_watch", "watch from this share of the tested delta"),
    ),
    result="safe, watch or tested, one a delta.",
    source="seed: edge article, 0.15 delta, which at entry would fire at once; so twice the entry delta too",
    example={"delta": -0.26, "entry_delta": 0.16, "trigger": 0.15, "multiple": 2.0, "watch": 0.75},
    paired=True,
)
def alvh_wing_status(delta, entry_delta, trigger, multiple, watch):
    return adjust.wing_status(delta, entry_delta, trigger, multiple, watch)


def _delta(name: str, help: str) -> Argument:
    return Argument(name, Kind.SINGLE, help, "decimal", above=0, high=1)


@formula(
    category=ADJUSTING,
    help="The ratioed VIX call spread whose gain offsets a tested wing's loss at a move of SPX.",
    arguments=(
        Argument("wing_loss", Kind.SINGLE, "what the wing loses at the move, a positive figure", "dollars", above=0),
        Argument("move", Kind.SINGLE, "fall of SPX, magnitude: 0.05 is 5 %", "decimal", above=0, high=1),
        Argument("future", Kind.SINGLE, "VIX future of the calls' expiry", "VIX points", above=0),
        Argument("years", Kind.SINGLE, "time to settlement of the calls", "years", above=0, high=100),
        Argument("vol", Kind.RANGE, "one volatility, or the row of a smile from ALVH_SMILE_FIT", "decimal a year"),
        _delta("long_delta", "of the calls bought"),
        _delta("short_delta", "of the calls sold, smaller"),
        Argument(
            "ratio",
            Kind.SINGLE,
            "calls sold for each bought; 1 if omitted, for the seeds name none",
            "ratio",
            low=0,
            high=10,
            optional=True,
            default=1.0,
        ),
        _rule("future_beta", "future_beta_front", "of the future's return on SPX's, below 0", Kind.SINGLE),
        ONE_RATE,
        STEP,
        HEADERS,
    ),
    result="One row: strikes, contracts, debit of a spread in points, cost, gain at the move repriced, its share of "
    "the loss, theta a day, and the future above which it loses at expiry (blank: nowhere).",
    source="seed: edge article, 'ratioed VIX call spread' by 'modified CAPM'; betas measured on VX futures",
    example={
        "wing_loss": 18_000.0,
        "move": 0.05,
        "future": 20.1,
        "years": 0.10,
        "vol": 0.80,
        "long_delta": 0.45,
        "short_delta": 0.15,
        "ratio": 1.5,
        "future_beta": -3.4,
        "rate": 0.05,
        "step": 0.5,
    },
    columns=adjust.SpreadHedge._fields,
)
def alvh_spread_hedge(wing_loss, move, future, years, vol, long_delta, short_delta, ratio, future_beta, rate, step):
    if not future_beta < 0.0:
        raise num_error(f"future_beta is {future_beta:g}; VIX futures rise as SPX falls: give a number below 0")
    if not short_delta < long_delta:
        raise num_error(f"short_delta is {short_delta:g}; it must be smaller than long_delta, {long_delta:g}")
    vol_at = smiles.vol_at(vol, "vol", future, years)
    found = adjust.spread_hedge(
        wing_loss, move, future, years, vol_at, long_delta, short_delta, ratio, future_beta, rate, step
    )
    if found is None or not found.long_contracts <= 1e9:
        raise num_error(
            f"no spread serves long_delta {long_delta:g}, short_delta {short_delta:g} and ratio {ratio:g}: a delta has "
            "no strike of its own, or the spread gains nothing; sell fewer calls or farther out"
        )
    return [found if np.isfinite(found.loses_above_points) else found._replace(loses_above_points="")]


_NEW = {"strikes": LEGS, "forward": ONE_FORWARD, "years": ONE_YEARS, "vols": VOLS}


@formula(
    category=ADJUSTING,
    help="Today's condor against the one it would be rolled to (the seeds' Time-Shifting).",
    arguments=(
        LEGS,
        ONE_FORWARD,
        ONE_YEARS,
        VOLS,
        *(
            Argument(f"new_{name}", a.kind, f"{a.help}; of the rolled condor", a.unit, a.low, a.above, a.high)
            for name, a in _NEW.items()
        ),
        ONE_RATE,
        CONTRACTS,
        HEADERS,
    ),
    result="Three rows: now, rolled, change. The change of value is the credit of the roll before costs (below 0: a "
    "debit); Greeks and the maximum loss at these prices in dollars.",
    source="seed: correlation and SPY articles, Time-Shifting; Black (1976)",
    example={
        "strikes": (3875.0, 3925.0, 4375.0, 4425.0),
        "forward": 4210.0,
        "years": 0.05,
        "vols": (0.215, 0.206, 0.131, 0.128),
        "new_strikes": (3825.0, 3875.0, 4400.0, 4450.0),
        "new_forward": 4226.0,
        "new_years": 0.13,
        "new_vols": (0.208, 0.199, 0.129, 0.126),
        "rate": 0.05,
        "contracts": 10.0,
    },
    columns=adjust.Rolled._fields,
)
def alvh_roll(strikes, forward, years, vols, new_strikes, new_forward, new_years, new_vols, rate, contracts):
    if not new_years > years:
        raise num_error(f"new_years is {new_years:g} and years {years:g}; a roll goes to a later expiry")
    both = []
    for prefix, legs, level, time, given in (
        ("", strikes, forward, years, vols),
        ("new_", new_strikes, new_forward, new_years, new_vols),
    ):
        legs = read_legs(legs, f"{prefix}strikes")
        vol_at = smiles.vol_at(given, f"{prefix}vols", level, time, legs)
        both.append(condor.evaluate(legs, level, time, vol_at, rate, contracts))
    return adjust.roll(both[0], years, both[1], new_years)
