"""A workbook's order for paper trading: what its sheet Paper shows becomes an order; and the deeds of its macros.

The builder defines the areas: `ORDER`, a leg a row, and `ABOUT`, what goes with them, a cell a line.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

ORDER, ABOUT = "paper_order", "paper_about"
LEG = ("strategy", "root", "expiry", "right", "strike", "contracts", "bid", "ask")  # columns of ORDER
LINES = ("spx_time", "vix_time", "source", "sample", "fee", "stale_minutes", "apart_minutes", "reason")  # of ABOUT


def order(rows: Sequence[Sequence[Any]], about: Sequence[Sequence[Any]], *, date_1904: bool = False) -> str:
    """The order as JSON for `xlalvh.research.paper.order.read`.

    Parameters
    ----------
    rows, about : cells of `ORDER` and `ABOUT`; dates as serials or as dates
    date_1904 : whether serials count from 1904

    Raises
    ------
    PaperError
        Where the book says why there is none, or a cell is not what it should be, naming it.
    """
    from xlalvh.research.paper.contracts import PaperError

    said = dict(zip(LINES, (line[0] for line in about), strict=True))
    if said["reason"]:
        raise PaperError(f"nothing can be booked: {said['reason']}")
    legs = []
    for row in rows:
        if not row[0]:
            continue
        leg = dict(zip(LEG, row, strict=True))
        name = f"{leg['strategy']} {leg['right']}"
        for key in ("strike", "contracts"):
            leg[key] = _number(leg[key], f"{key} of a {name}")
        leg["expiry"] = _when(leg["expiry"], f"expiry of a {name}", date_1904).date().isoformat()
        for key in ("bid", "ask"):
            leg[key] = leg[key] if _is_number(leg[key]) else None
        legs.append(leg)
    vix = said["vix_time"]
    return json.dumps(
        {
            "spx_time": _when(said["spx_time"], "time of the SPX quotes", date_1904).isoformat(),
            "vix_time": _when(vix, "time of the VIX quotes", date_1904).isoformat() if vix else None,
            "source": str(said["source"]),
            "sample": bool(said["sample"]),
            **{key: _number(said[key], key) for key in ("fee", "stale_minutes", "apart_minutes")},
            "legs": legs,
        }
    )


def book(rows: Sequence[Sequence[Any]], about: Sequence[Sequence[Any]], *, date_1904: bool = False) -> str:
    """Book what a workbook shows; what to tell its trader.

    Raises
    ------
    PaperError
        Where nothing was booked, saying why.
    """
    from xlalvh.research.paper import desk
    from xlalvh.research.paper.ledger import Ledger
    from xlalvh.research.paper.order import read

    written = desk.book(Ledger(), read(order(rows, about, date_1904=date_1904)))
    trades = ", ".join(f"{strategy} as trade {number}" for strategy, number in written.trades.items())
    return f"booked to the {written.state.account} ledger: {trades}"


def mark() -> str:
    """Mark the open positions at the last stored quotes, the sample's ones at the sample; what to tell the trader.

    Raises
    ------
    PaperError, QuoteError
        Where nothing was marked, saying why.
    """
    from xlalvh.market.calendar import to_new_york
    from xlalvh.market.providers.sample import sample_snapshot
    from xlalvh.market.store import Store
    from xlalvh.research.paper import desk
    from xlalvh.research.paper.contracts import PaperError
    from xlalvh.research.paper.ledger import Ledger
    from xlalvh.research.paper.prices import Prices

    ledger, stored = Ledger(), Store().latest()
    said = []
    for account, snapshot in (("market", stored), ("sample", sample_snapshot())):
        if not ledger.state(account).held:
            continue
        if snapshot is None:
            raise PaperError("no quotes are stored: refresh first")
        prices = Prices(snapshot)
        marked = desk.mark(ledger, prices, account)
        by = ", ".join(f"{count} at {how}" for how, count in sorted(marked.by.items()))
        when = f"{to_new_york(prices.at):%Y-%m-%d %H:%M} New York"
        said.append(
            f"{account}: {by}, {'quotes of' if marked.written else 'as before, with the same quotes of'} {when}"
        )
    return "; ".join(said) or "nothing is open: there is nothing to mark"


def told(work: Any) -> tuple[bool, str]:
    """Whether a deed was done, and the one line to tell."""
    from xlalvh.market.quotes import QuoteError
    from xlalvh.research.paper.contracts import PaperError

    try:
        return True, work()
    except (PaperError, QuoteError) as error:
        return False, " ".join(str(error).split())


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _number(cell: Any, name: str) -> float:
    from xlalvh.research.paper.contracts import PaperError

    if not _is_number(cell):
        raise PaperError(f"the {name} is {cell!r} on the sheet Paper; it must be a number")
    return float(cell)


def _when(cell: Any, name: str, date_1904: bool) -> dt.datetime:
    from xlalvh.formulas import cells
    from xlalvh.formulas.errors import CellError
    from xlalvh.research.paper.contracts import PaperError

    if isinstance(cell, dt.datetime):
        return cell
    try:
        return cells.moment(cells.shift_1904(cell, into_1900=True) if date_1904 else cell, name)
    except CellError as error:
        raise PaperError(f"sheet Paper: {error.message}") from error
