"""The trader's legs, row by row, with what the snapshot says of each."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.errors import CellError, value_error
from xlalvh.market import calendar
from xlalvh.risk.legs import INDEX_OF
from xlalvh.strategy.book import MULTIPLIER, lines

if TYPE_CHECKING:
    from xlalvh.market.positions.legs import Contract
    from xlalvh.strategy.marking import Expiry

_LEG = ("group", "root", "expiry", "right", "strike", "quantity", "entry")
_EXPIRY = 8  # columns of Market's table that are read
_QUOTE = 7
_PRICE_SIDES = {"C": (3, 4), "P": (5, 6)}  # of a row of quotes
Quotes = Mapping[tuple[dt.date, float], list[Any]]


class Marked(NamedTuple):
    """One leg; every cell but status is blank where it is not priced."""

    price_from: str
    value_dollars: Any  # at the price used
    pnl_dollars: Any  # since entry
    delta_dollars: Any
    gamma_dollars: Any
    vega_dollars: Any
    theta_dollars: Any
    status: str
    group: str
    root: str
    expiry: Any
    entry: Any  # points
    underlying: str
    quantity: Any
    right: str
    strike: Any
    years: Any
    forward: Any
    vol: Any
    rate: Any
    price: Any  # points: the mid of a good quote, else the model's
    bid: Any
    ask: Any


BLANK = Marked(*[""] * len(Marked._fields))


class Snapshot(NamedTuple):
    """The market of one index as cells gave it."""

    expiries: "tuple[Expiry, ...]"
    now: dt.datetime | None  # aware, UTC
    quotes: Quotes
    moved: frozenset[dt.date]  # expiries whose forward is the trader's: quotes do not belong to it


def read_legs(value: Any) -> list[list[Any]]:
    """Rows of the trader's legs, seven cells each."""
    given = cells.grid(value, "legs")
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) < len(_LEG):
        raise value_error(f"legs has {len(rows[0])} columns; give {len(_LEG)}: {', '.join(_LEG)}")
    return [list(row[: len(_LEG)]) for row in rows]


def read_snapshot(
    table: Any,
    smile_rows: Any,
    now: dt.datetime | None,
    quotes: Any,
    name: str,
    scale: float,
    futures: dict[Any, float],
) -> Snapshot:
    """Market's table of expiries with its smiles; `scale` moves every forward, `futures` replaces those it names."""
    from xlalvh.strategy.marking import Expiry

    if table is None or smile_rows is None:
        return Snapshot((), None, {}, frozenset())
    expiries: list[Expiry] = []
    fits = _rows(smile_rows, f"{name}_smiles", 5)
    rows = _rows(table, f"{name}_expiries", _EXPIRY)
    if len(fits) != len(rows):
        raise value_error(f"{name}_expiries has {len(rows)} rows and {name}_smiles {len(fits)}; give a smile an expiry")
    moved = set()
    for row, fit in zip(rows, fits, strict=True):
        numbers = [row[i] for i in (4, 5, 7)]
        if not all(map(_is_number, (row[1], *numbers))):
            continue  # blank, or an expiry without a forward
        day = cells.moment(row[1], f"{name}_expiries").date()
        years, forward, rate = (float(x) for x in numbers)
        own = futures.get(day)
        if own is not None or scale != 1.0:
            moved.add(day)
        there = not all(cells.is_blank(cell) for cell in fit)
        smile = smiles.smile(fit, f"{name}_smiles") if there else None
        expiries.append(Expiry(str(row[0]).strip(), day, years, forward * scale if own is None else own, rate, smile))
    return Snapshot(
        tuple(expiries),
        None if now is None else calendar.from_new_york(now),
        _quotes(quotes, f"{name}_quotes"),
        frozenset(moved),
    )


def read_futures(expiries: Any, prices: Any) -> dict[Any, float]:
    """The trader's own futures by expiry; blanks are passed over."""
    if expiries is None or prices is None:
        return {}
    days, values = (cells.grid(x, name).cells for x, name in ((expiries, "future_expiries"), (prices, "futures")))
    if len(days) != len(values):
        raise value_error(f"future_expiries has {len(days)} cells and futures {len(values)}; give a price an expiry")
    pairs = zip(days, values, strict=True)
    return {
        cells.moment(day, "future_expiries").date(): float(price)
        for day, price in pairs
        if _above_zero(price) is not None and not cells.is_blank(day)
    }


def marked(row: list[Any], spx: Snapshot, vix: Snapshot) -> Marked:
    """One row of legs, priced; blank for a blank row, with the reason in `status` where it cannot be."""
    from xlalvh.strategy.marking import UnpricedError, mark

    if all(cells.is_blank(cell) for cell in row[1:]):
        return BLANK if cells.is_blank(row[0]) else BLANK._replace(status=f"not priced: {row[0]}")
    try:
        found, quantity, entry = _leg(row)
        market, index = (vix, "VIX") if found.root.startswith("VIX") else (spx, "SPX")
        if market.now is None:
            raise UnpricedError(f"there are no {index} quotes")
        priced = mark(found, market.expiries, market.now)
    except (CellError, ValueError) as error:
        reason = error.message if isinstance(error, CellError) else str(error)
        return BLANK._replace(status=f"not priced: {reason}")
    sign = 1.0 if found.right == "C" else -1.0
    option = (quantity, sign, found.strike, priced.years, priced.forward, priced.vol, priced.rate, MULTIPLIER)
    (line,) = lines([found.root], *(np.array([number]) for number in option))
    bid, ask = _sides(found, market)
    price, source = _price(bid, ask, line.price_points)
    dollars = quantity * MULTIPLIER
    group = "" if cells.is_blank(row[0]) else str(row[0]).strip()
    return Marked(
        status=f"smile of {priced.source}" if priced.source == "its expiry" else f"smile {priced.source}",
        price_from=source,
        value_dollars=dollars * price,
        pnl_dollars="" if entry is None else dollars * (price - entry),
        delta_dollars=line.delta_dollars,
        gamma_dollars=line.gamma_dollars,
        vega_dollars=line.vega_dollars,
        theta_dollars=line.theta_dollars,
        group=group or INDEX_OF[found.root],
        root=found.root,
        expiry=cells.serial(found.expiry),
        entry="" if entry is None else entry,
        underlying=INDEX_OF[found.root],
        quantity=quantity,
        right=found.right,
        strike=found.strike,
        years=priced.years,
        forward=priced.forward,
        vol=priced.vol,
        rate=priced.rate,
        price=price,
        bid="" if bid is None else bid,
        ask="" if ask is None else ask,
    )


def _leg(row: list[Any]) -> "tuple[Contract, float, float | None]":
    from xlalvh.market.positions.legs import ROOTS, contract

    _, root, expiry, right, strike, quantity, entry = row
    name = cells.text(root, "root").upper()
    if name not in ROOTS:
        raise value_error(f"root is {root!r}; enter one of: {', '.join(ROOTS)}")
    side = "C" if cells.right_sign(right, "right") > 0.0 else "P"
    found = contract(name, cells.moment(expiry, "expiry").date(), side, cells.number(strike, "strike"))
    held = cells.number(quantity, "quantity")
    if held == 0.0:
        raise value_error("quantity is 0; enter contracts, + long and - short, or clear the row")
    paid = None if cells.is_blank(entry) else cells.number(entry, "entry")
    if paid is not None and paid < 0.0:
        raise value_error(f"entry is {paid:g}; enter the price a unit, above 0 for long and short")
    return found, held, paid


def _sides(found: "Contract", market: Snapshot) -> tuple[float | None, float | None]:
    """Bid and ask of a contract that Market lists: p.m. options on SPX, and VIX monthlies."""
    row = market.quotes.get((found.expiry, found.strike)) if found.root in ("SPXW", "VIX") else None
    if row is None or found.expiry in market.moved:
        return None, None
    bid, ask = (row[i] for i in _PRICE_SIDES[found.right])
    return _above_zero(bid), _above_zero(ask)


def _price(bid: float | None, ask: float | None, model: float) -> tuple[float, str]:
    """As the sheet Condor prices its legs."""
    if bid is None or ask is None:
        return model, "model"
    if bid > ask:
        return model, "model: the quote is crossed"
    from xlalvh.market.quality import WIDE_POINTS, WIDE_RATIO

    wide = ask > WIDE_RATIO * bid and ask - bid > WIDE_POINTS
    return 0.5 * (bid + ask), "wide quote" if wide else "mid quote"


def _above_zero(cell: Any) -> float | None:
    return float(cell) if _is_number(cell) and cell > 0.0 else None


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell)


def _quotes(value: Any, name: str) -> Quotes:
    if value is None:
        return {}
    found = {}
    for row in _rows(value, name, _QUOTE):
        if _is_number(row[1]) and _is_number(row[2]):
            found[cells.moment(row[1], name).date(), float(row[2])] = row
    return found


def _rows(value: Any, name: str, least: int) -> list[list[Any]]:
    given = cells.grid(value, name)
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) < least:
        raise value_error(f"{name} has {len(rows[0])} columns; give at least {least}, as on Market")
    return rows
