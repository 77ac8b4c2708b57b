"""The Risk and capital group: what a whole book risks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.books import BOOK, EXAMPLE, read_book
from xlalvh.formulas.capital import CAPITAL
from xlalvh.formulas.errors import CellError, not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, ROWS, filled, group_rules, one_of, rules_argument
from xlalvh.risk import breakevens, grid, margin, stress
from xlalvh.risk.legs import VIX, Legs
from xlalvh.risk.shocks import Market, Surface
from xlalvh.strategy.rules import MARGIN, PATH, SHOCK

_MARKET = (
    Argument(
        "vix",
        Kind.SINGLE,
        "spot VIX now; with smiles it is theirs that counts, and this may be omitted",
        "VIX points",
        above=0,
        high=1000,
        optional=True,
        default=math.nan,
    ),
    Argument(
        "smile_years",
        Kind.VECTOR,
        "time to settlement of each smile, expiries on both sides of 30 days among them",
        "years",
        optional=True,
    ),
    Argument(
        "smiles",
        Kind.RANGE,
        "SPX smiles, an expiry a row, as ALVH_SMILE_FIT gives them; the legs' own volatilities if omitted",
        optional=True,
    ),
)
_RULES = rules_argument(SHOCK)
_SOURCE = "futures by tenor beta; smiles keep their place in d2 and grow until VIX moves by the shock"


def _market(legs: Legs, vix: float, smile_years: Any, rows: Any, rules: Any) -> Market:
    surface = _surface(smile_years, rows)
    if surface is None and not math.isfinite(vix) and (legs.underlying != VIX).any():
        raise not_available("vix is missing; enter spot VIX, or give smile_years and smiles")
    return Market(vix, group_rules(SHOCK, rules), surface)


def _surface(years: Any, rows: Any) -> Surface | None:
    """The expiries that have a smile; of one day's two settlements each is its own."""
    if years is None and rows is None:
        return None
    if years is None or rows is None:
        raise value_error("smile_years and smiles belong together; give both or neither")
    given = cells.grid(rows, "smiles")
    lines = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(lines) != len(years):
        raise value_error(f"smiles has {len(lines)} rows and smile_years {len(years)} cells; give a smile an expiry")
    fitted = {
        float(t): smiles.smile(line, f"smiles (row {i})")
        for i, (t, line) in enumerate(zip(years, lines, strict=True), start=1)
        if t > 0.0 and not all(cells.is_blank(cell) or cell == 0.0 for cell in line)  # some hosts say 0 for a blank
    }
    if not fitted:
        raise not_available("smiles has no smile of an expiry ahead; give newer quotes")
    order = sorted(fitted)
    return Surface(np.array(order), tuple(fitted[t] for t in order))


def _numbers(values: np.ndarray, name: str, low: float, high: float) -> np.ndarray:
    if not np.isfinite(values).all():
        raise value_error(f"{name} has a cell that is no number; fill the row or column")
    if ((values < low) | (values > high)).any():
        raise num_error(f"{name} has a number outside {low:g} to {high:g}; mind its unit")
    return values


def _served(error: ValueError) -> CellError:
    return not_available(str(error))


@formula(
    category=CAPITAL,
    help="Profit of a book over joint shocks of SPX and VIX: futures and both smiles move along.",
    arguments=(
        BOOK,
        Argument("spx_shocks", Kind.VECTOR, "returns of SPX, -0.05 is a fall of 5 %; one a row", "decimal"),
        Argument("vix_shocks", Kind.VECTOR, "changes of spot VIX, one a column", "VIX points"),
        Argument(
            "days",
            Kind.SINGLE,
            "calendar days that pass; 0 if omitted",
            "days",
            low=0,
            high=36500,
            optional=True,
            default=0.0,
        ),
        *_MARKET,
        _RULES,
        Argument(
            "path",
            Kind.FLAG,
            "TRUE: the shocks go together, the first with the first: a row each; FALSE or omitted: a grid",
            optional=True,
            default=False,
        ),
    ),
    result="Dollars against today's model value, a row an SPX shock and a column a VIX shock. #NUM! where VIX or a "
    "future would not stay above 0.",
    source=_SOURCE,
    example={
        "book": EXAMPLE,
        "spx_shocks": (-0.10, -0.05, 0.0, 0.05),
        "vix_shocks": (-3.0, 0.0, 5.0, 15.0),
        "days": 7.0,
        "vix": 17.0,
    },
    spills=True,
)
def alvh_pnl_grid(book, spx_shocks, vix_shocks, days, vix, smile_years, smiles, rules, path):
    legs = read_book(book)
    market = _market(legs, vix, smile_years, smiles, rules)
    spx = _numbers(spx_shocks, "spx_shocks", -0.99, 10.0)
    changes = _numbers(vix_shocks, "vix_shocks", -1000.0, 1000.0)
    if path and len(spx) != len(changes):
        raise value_error(f"spx_shocks has {len(spx)} cells and vix_shocks {len(changes)}; a path has as many of each")
    try:
        found = (grid.pnl_path if path else grid.pnl_grid)(legs, market, spx, changes, days)
    except ValueError as error:
        raise _served(error) from error
    below = num_error("VIX or one of its futures falls to 0 or below; give a smaller fall in vix_shocks")
    return [[item if math.isfinite(item) else below for item in row] for row in found.tolist()]


@formula(
    category=CAPITAL,
    help="Break-evens of a book along a path of VIX, today and when its nearest SPX legs expire: all of them.",
    arguments=(
        BOOK,
        Argument(
            "cost",
            Kind.SINGLE,
            "paid for the book, a credit below 0; its model value today if omitted",
            "dollars",
            optional=True,
            default=math.nan,
        ),
        *_MARKET,
        rules_argument(PATH)._replace(name="path"),
        _RULES,
        HEADERS,
        ROWS,
    ),
    result="A row a stretch of SPX: today or expiry; profit, loss or even; the break-evens it lies between in SPX "
    "points (of that forward) and VIX points; blank where the path ends.",
    source="path: ln(V/V0) = beta x ln(S/S0), betas measured 2006-2026; " + _SOURCE,
    example={"book": EXAMPLE, "cost": 2500.0, "vix": 17.0},
    columns=breakevens.Interval._fields,
)
def alvh_breakevens(book, cost, vix, smile_years, smiles, path, rules, rows):
    legs = read_book(book)
    market = _market(legs, vix, smile_years, smiles, rules)
    try:
        found = breakevens.break_evens(legs, market, group_rules(PATH, path), cost if math.isfinite(cost) else None)
    except ValueError as error:
        raise _served(error) from error
    return filled(found, rows)


_NAMES, _ALL = tuple(scenario.name for scenario in stress.SCENARIOS), "all"


@formula(
    category=CAPITAL,
    help="What a book would gain or lose on named days, with the moves of SPX, VIX and VIX futures as they were.",
    arguments=(
        BOOK,
        Argument("scenario", Kind.TEXT, f"{', '.join(_NAMES)}, or all; all if omitted", optional=True, default=_ALL),
        *_MARKET,
        _RULES,
        HEADERS,
    ),
    result="A row a scenario: its period, days, moves, and dollars on SPX, on VIX and in all against today's model "
    "value. Moves start from today's levels; options are repriced by the model, no quotes of those days.",
    source="index closes; settlements of VX monthlies (2008: tenor beta); " + _SOURCE,
    example={"book": EXAMPLE, "scenario": "2018-02-05", "vix": 17.0},
    columns=stress.Stressed._fields,
)
def alvh_stress(book, scenario, vix, smile_years, smiles, rules):
    legs = read_book(book)
    market = _market(legs, vix, smile_years, smiles, rules)
    wanted = one_of(scenario, (*_NAMES, _ALL), "scenario")
    try:
        return [stress.stress(legs, market, s) for s in stress.SCENARIOS if wanted in (_ALL, s.name)]
    except ValueError as error:
        raise _served(error) from error


@formula(
    category=CAPITAL,
    help="Reg-T margin of a book by expiry: the wider side of a condor; options bought are paid in full.",
    arguments=(BOOK, rules_argument(MARGIN), HEADERS, ROWS),
    result="A row an expiry and their sum: requirement, premium received (paid below 0), cash needed besides the "
    "premium. The hedge's cash stands in its VIX rows. Minimum rules: brokers may ask for more.",
    source="Cboe Rule 10.3 and FINRA Rule 4210(f)(2); the forward stands in for the index",
    example={"book": EXAMPLE},
    columns=margin.Margin._fields,
)
def alvh_margin(book, rules, rows):
    return filled(margin.margin(read_book(book), group_rules(MARGIN, rules)), rows)
