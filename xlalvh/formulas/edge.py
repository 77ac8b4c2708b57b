"""ALVH_EDGE: hold, leg out or layer, by simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.adjusting import ADJUSTING
from xlalvh.formulas.condor import CONTRACTS, LEGS, VOLS, read_legs
from xlalvh.formulas.errors import CellError, not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, ONE_FORWARD, ONE_RATE, group_rules, one_of, rules_argument, whole
from xlalvh.strategy.rules import COSTS, SHOCK, SIMULATION, WING

_COLUMNS = (
    "action",
    "expected_dollars",
    "standard_error_dollars",
    "shortfall_5pct_dollars",
    "edge_kept",
    "edge_kept_error",
    "over_leg_out_dollars",
    "over_leg_out_error",
    "edge_over_leg_out",
    "edge_over_leg_out_error",
    "share_of_credit",
    "share_of_credit_error",
    "edge_at_entry_dollars",
    "edge_at_entry_error",
    "tested_share",
)
_LAWS = ("real-world", "risk-neutral")
_WINGS = {"": "", "p": "P", "put": "P", "c": "C", "call": "C"}
_HEDGE_ROWS = 20
_YEARS = Argument("years", Kind.SINGLE, "time to settlement of the condor, a year at most", "years", above=0, high=1)
_VIX = Argument("vix", Kind.SINGLE, "spot VIX now", "VIX points", above=0, high=1000)
_ENTRY = (
    Argument("entry (credit)", Kind.SINGLE, "what the fills brought in", "points", low=-1e6, high=1e6),
    ONE_FORWARD._replace(name="entry (forward)"),
    _YEARS._replace(name="entry (years)"),
    _VIX._replace(name="entry (VIX)"),
)


@formula(
    category=ADJUSTING,
    help="Hold, leg out or layer VIX calls once a wing is tested: expected profit, its error, tail, edge kept. "
    "Simulated.",
    arguments=(
        LEGS,
        ONE_FORWARD,
        _YEARS,
        VOLS,
        _VIX,
        Argument(
            "hedge",
            Kind.RANGE,
            "VIX calls that layering buys for all condors, a row each: contracts (+ long), strike, volatility",
        ),
        Argument("future", Kind.SINGLE, "VIX future of their expiry", "VIX points", above=0, high=1000),
        Argument("future_years", Kind.SINGLE, "time to settlement of the calls", "years", above=0, high=2),
        ONE_RATE,
        CONTRACTS,
        Argument(
            "wing", Kind.TEXT, '"P" or "C": the wing whose test counts; either if omitted', optional=True, default=""
        ),
        Argument("law", Kind.TEXT, f'"{_LAWS[0]}" (if omitted) or "{_LAWS[1]}"', optional=True, default=_LAWS[0]),
        Argument(
            "paths",
            Kind.SINGLE,
            "simulated paths; 20,000 if omitted. Four times as many halve the errors",
            "paths",
            low=1000,
            high=200_000,
            optional=True,
            default=20_000.0,
        ),
        Argument(
            "seed",
            Kind.SINGLE,
            "whole number; the same seed gives the same figures; 1 if omitted",
            low=0,
            high=1_000_000,
            optional=True,
            default=1.0,
        ),
        Argument(
            "entry",
            Kind.VECTOR,
            "credit (points), forward, years, VIX when sold: today is then the tested state. Blank: sold today, and "
            "the first test awaited. Credit may stand alone",
            optional=True,
        ),
        rules_argument(WING)._replace(name="trigger"),
        rules_argument(SHOCK)._replace(name="shock"),
        rules_argument(COSTS)._replace(name="costs"),
        rules_argument(SIMULATION)._replace(name="simulation"),
        HEADERS,
    ),
    result="Rows hold, leg out (all of it), layer: profit since entry after costs, standard error, mean of the worst "
    "5 %; profit over the edge at entry (#N/A if that is below 2 errors); gain over leg out; edge at entry; share of "
    "paths tested.",
    source="seed: edge article (35-55 % more of the edge, 40-60 % of the credit: claims, here computed). Log-VIX with "
    "mean reversion and jumps, fitted to 2006-2026",
    example={
        "strikes": (3900.0, 3950.0, 4450.0, 4500.0),
        "forward": 4210.0,
        "years": 0.10,
        "vols": (0.215, 0.202, 0.140, 0.137),
        "vix": 17.0,
        "hedge": ((12.0, 21.0, 0.85), (-18.0, 28.0, 1.10)),
        "future": 18.6,
        "future_years": 0.12,
        "rate": 0.05,
        "contracts": 10.0,
        "wing": "P",
        "law": "real-world",
        "paths": 1000.0,
        "seed": 7.0,
    },
    columns=_COLUMNS,
)
def alvh_edge(
    strikes,
    forward,
    years,
    vols,
    vix,
    hedge,
    future,
    future_years,
    rate,
    contracts,
    wing,
    law,
    paths,
    seed,
    entry,
    trigger,
    shock,
    costs,
    simulation,
):
    from xlalvh.research import edge as simulated  # starts threads' machinery that no other formula needs
    from xlalvh.research.dynamics import Hedge, State

    legs = read_legs(strikes)
    vol_at = smiles.vol_at(vols, "vols", forward, years, legs)
    contracts_by_row, hedge_strikes, hedge_vols = _hedge(hedge)
    credit, sold = _entry(entry)
    rules = simulated.Rules(
        group_rules(WING, trigger),
        group_rules(SHOCK, shock),
        group_rules(COSTS, costs),
        group_rules(SIMULATION, simulation),
    )
    try:
        found = simulated.edge(
            legs,
            State(forward, years, vix),
            vol_at,
            Hedge(contracts_by_row, hedge_strikes, hedge_vols, future, future_years),
            rules,
            rate=rate,
            contracts=contracts,
            credit=credit,
            entry=None if sold is None else State(*sold),
            wing=_WINGS[one_of(wing, tuple(_WINGS), "wing")],
            law=one_of(law, _LAWS, "law"),
            paths=whole(paths, "paths"),
            seed=whole(seed, "seed"),
        )
    except simulated.TooFewError as error:
        raise not_available(str(error)) from error
    except ValueError as error:
        raise num_error(str(error)) from error
    unknown = not_available(
        f"edge kept: the edge at entry is {found.ev0:,.0f} dollars, within two standard errors ({found.ev0_error:,.0f} "
        "each) of nothing; no share of it can be told"
    )
    no_credit = not_available("share of credit: the tested vertical brought in none")
    return [
        (
            a.name,
            *(a.expected, a.error, a.shortfall),
            *_known((a.kept, a.kept_error), unknown),
            *(a.over_out, a.over_out_error),
            *_known((a.kept_over_out, a.kept_over_out_error), unknown),
            *_known((a.credit_share, a.credit_share_error), no_credit),
            *(found.ev0, found.ev0_error, found.tested),
        )
        for a in found.actions
    ]


def _known(figures: tuple[float, ...], reason: CellError) -> tuple[Any, ...]:
    return tuple(x + 0.0 if math.isfinite(x) else reason for x in figures)  # no -0


def _hedge(value: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contracts, strikes and volatilities; blank rows and a header are passed over."""
    given = cells.grid(value, "hedge")
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) != 3:
        raise value_error(f"hedge has {len(rows[0])} columns; give 3: contracts (+ long), strike, volatility")
    if all(isinstance(cell, str) for cell in rows[0]) and any(not cells.is_blank(cell) for cell in rows[0]):
        rows = rows[1:]
    rows = [row for row in rows if not all(cells.is_blank(cell) for cell in row)]
    if not 1 <= len(rows) <= _HEDGE_ROWS:
        raise value_error(f"hedge has {len(rows)} rows that are filled; give 1 to {_HEDGE_ROWS}")
    numbers = [
        [
            cells.number(cell, f"hedge ({name} of row {i})")
            for name, cell in zip(("contracts", "strike", "vol"), row, strict=True)
        ]
        for i, row in enumerate(rows, start=1)
    ]
    count, strike, vol = np.array(numbers).T
    if not ((strike > 0.0) & (strike < 1e6) & (vol > 0.0) & (vol <= 100.0)).all() or (np.abs(count) > 1e9).any():
        raise num_error("hedge needs strikes above 0 and volatilities as decimals above 0, 0.85 for 85 %")
    return count, strike, vol


def _entry(given: np.ndarray | None) -> tuple[float, tuple[float, ...] | None]:
    """The credit (NaN if blank), and forward, years and VIX where all three are there."""
    if given is None:
        return math.nan, None
    if len(given) != len(_ENTRY):
        raise value_error(f"entry has {len(given)} cells; give 4: credit, forward, years, VIX, or blanks for them")
    for argument, value in zip(_ENTRY, given.tolist(), strict=True):
        if math.isfinite(value):
            argument.check(value)
    state = np.isfinite(given[1:])
    if state.any() and not state.all():
        raise value_error("entry has some of forward, years and VIX; give all three, or leave them blank")
    return float(given[0]), tuple(given[1:].tolist()) if state.all() else None
