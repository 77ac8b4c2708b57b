"""The order ticket of a group of legs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from xlalvh.formulas import cells
from xlalvh.formulas.errors import CellError, not_available, value_error
from xlalvh.formulas.positions import HEIGHT, POSITIONS
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import one_of, whole

if TYPE_CHECKING:
    from xlalvh.strategy.ticket import Order

_COLUMNS = ("group", "root", "expiry", "right", "strike", "quantity", "bid", "ask")


@formula(
    category=POSITIONS,
    help="An order ticket as text to copy: thinkorswim's line for a spread, or a line a leg; limit and natural price.",
    arguments=(
        Argument("group", Kind.RANGE, "a label a leg"),
        Argument("root", Kind.RANGE, "SPX, SPXW, XSP, VIX or VIXW, one a leg"),
        Argument("expiry", Kind.RANGE, "settlement day, one a leg", "date"),
        Argument("right", Kind.RANGE, '"C" or "P", one a leg'),
        Argument("strike", Kind.RANGE, "one a leg", "points"),
        Argument("quantity", Kind.RANGE, "contracts, + long and - short; blank or 0 leaves a leg out", "contracts"),
        Argument("bid", Kind.RANGE, "one a leg; blank where there is none", "points"),
        Argument("ask", Kind.RANGE, "one a leg; blank where there is none", "points"),
        Argument("wanted", Kind.TEXT, "the group; every leg if omitted", optional=True, default=""),
        Argument(
            "action",
            Kind.TEXT,
            "open trades the quantities, close their opposites; open if omitted",
            optional=True,
            default="open",
        ),
        HEIGHT,
    ),
    result="A column of text. Limits are mids rounded to the exchange's increment; natural crosses every spread. Check "
    "every line before you send it.",
    source="form of thinkorswim's orders, from public examples; increments of Cboe Rule 5.4",
    example={
        "group": ("condor",) * 4,
        "root": ("SPXW",) * 4,
        "expiry": (45100.0,) * 4,
        "right": ("P", "P", "C", "C"),
        "strike": (3900.0, 3950.0, 4350.0, 4400.0),
        "quantity": (10.0, -10.0, -10.0, 10.0),
        "bid": (14.1, 17.0, 14.9, 8.2),
        "ask": (14.4, 17.4, 15.3, 8.5),
    },
    spills=True,
)
def alvh_ticket(group, root, expiry, right, strike, quantity, bid, ask, wanted, action, height):
    from xlalvh.strategy.ticket import ticket

    columns = _columns(group, root, expiry, right, strike, quantity, bid, ask)
    opens = one_of(action, ("open", "close"), "action") == "open"
    rows = list(zip(*columns, strict=True))
    orders = [
        _order(row, number, opens)
        for number, row in enumerate(rows, start=1)
        if not (cells.is_blank(row[5]) or row[5] == 0) and (not wanted or _label(row[0]) == wanted.lower())
    ]
    if not orders:
        if math.isnan(height):
            raise not_available(f"no leg has the group {wanted!r}" if wanted else "there is no leg")
        lines = [""]
    else:
        lines = ticket(orders, opens=opens)
    size = len(lines) if math.isnan(height) else whole(height, "height")
    if len(lines) > size:
        lines = [*lines[: size - 1], f"and {len(lines) - size + 1} more lines: give more height"]
    return [(line,) for line in [*lines, *[""] * (size - len(lines))]]


def _columns(*values: Any) -> list[list[Any]]:
    """The arguments as columns of one length; one cell serves every leg."""
    given = [list(cells.grid(value, name).cells) for value, name in zip(values, _COLUMNS, strict=True)]
    size = max(map(len, given))
    for column, name in zip(given, _COLUMNS, strict=True):
        if len(column) not in (1, size):
            raise value_error(f"{name} has {len(column)} cells and another range {size}; give ranges of equal length")
    return [column * size if len(column) == 1 else column for column in given]


def _order(row: tuple[Any, ...], number: int, opens: bool) -> Order:
    _, root, expiry, right, strike, quantity, bid, ask = row
    from xlalvh.market.positions.legs import contract
    from xlalvh.strategy.ticket import Order

    try:
        side = "C" if cells.right_sign(right, "right") > 0.0 else "P"
        day = cells.moment(expiry, "expiry").date()
        one = contract(cells.text(root, "root").upper(), day, side, cells.number(strike, "strike"))
        count = cells.number(quantity, "quantity")
    except CellError as error:
        raise CellError(error.code, f"leg {number}: {error.message}") from error
    except ValueError as error:
        raise value_error(f"leg {number}: {error}") from error
    return Order(one, count if opens else -count, _quote(bid), _quote(ask))


def _quote(cell: Any) -> float | None:
    good = isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell) and cell > 0.0
    return float(cell) if good else None


def _label(cell: Any) -> str:
    return "" if cells.is_blank(cell) else str(cell).strip().lower()
