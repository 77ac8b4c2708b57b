"""VX futures of one day, from Cboe's files and two tables that others made of them.

Read are: a file a contract (`VX_2020-03-18.csv`, or `CFE_F14_VX.csv` of the old archive), a folder of them, the daily
settlement curve, a long table of all contracts, and vixcentral's F1 to F12. Prices are daily settlements, in points.
Their market time is the end of index option trading, 16:15 New York: VX settled then until 2020 and settles at 16:00
since, and one convention serves the whole history.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xlalvh.market import calendar
from xlalvh.market.providers.text import Document, count, date, document, number, read_rows, shown
from xlalvh.market.quotes import Future, FuturesCurve, QuoteError
from xlalvh.market.term_structure import NEAREST

_MONTHS = "FGHJKMNQUVXZ"
_NEW_NAME = re.compile(r"VX_(\d{4}-\d{2}-\d{2})")
_OLD_NAME = re.compile(rf"CFE_([{_MONTHS}])(\d{{2}})_VX")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TENFOLD_UNTIL = dt.date(2007, 3, 26)  # from this day prices are in VIX points; before, ten times that
_REMEDY = (
    "give a Cboe VX file (VX_2020-03-18.csv, CFE_F14_VX.csv), a folder of them, a settlement curve, "
    "or a table of all contracts"
)


class Settle(NamedTuple):
    """One contract's price on one day."""

    expiry: dt.date
    price: float  # points; NaN where there is neither a settlement nor a trade
    traded: bool = False  # the price is the last trade, for want of a settlement


Days = dict[dt.date, list[Settle]]  # by trade date


def read_futures(source: str | Path | Sequence[Document], day: dt.date | None = None) -> FuturesCurve:
    """The VX curve of one day.

    Parameters
    ----------
    source : str, Path or sequence of Document
        A file, a folder of files that hold one contract each, or such files themselves.
    day : date, optional
        The trade date; the last one that has a future still to settle if omitted. A settlement curve, which holds no
        date, needs it unless its name has one.

    Returns
    -------
    FuturesCurve
        Unsettled futures by expiry. A settlement of 0 gives way to the close where the contract traded. `notes`
        counts what was left out.

    Raises
    ------
    QuoteError
        For a file of another kind, an unknown day, or a day without a price.
    """
    notes: list[str] = []
    if isinstance(source, str | Path):
        path = Path(source)
        name = path.name
        days = _read_folder(path, notes) if path.is_dir() else _read_file(document(path, _REMEDY), day, notes)
    else:
        name = "the download"
        days = _read_contracts(name, source, notes)
    if not days:
        raise QuoteError(f"{name} holds no row with a date and a price; {_REMEDY}")
    if day is not None:
        if day not in days:
            earlier = [d for d in days if d < day]
            remedy = f"the last day before it is {max(earlier)}" if earlier else f"the first day is {min(days)}"
            raise QuoteError(f"{name} has no futures of {day}; {remedy}")
        curve = _curve(name, day, days[day], notes)
        if not curve.futures:
            raise QuoteError(f"{name} has no price of {day} of a future still to settle; give another day")
        return curve
    for last in sorted(days, reverse=True):
        curve = _curve(name, last, days[last], notes)
        if curve.futures:
            return curve
    raise QuoteError(f"{name} has no price of a future still to settle on any day; {_REMEDY}")


def read_settlements(source: str | Path | Document, day: dt.date | None = None) -> Days:
    """The prices of every day that a file holds: one contract's, the table of all, or vixcentral's.

    Parameters
    ----------
    source : str, Path or Document
    day : date, optional
        The trade date of a settlement curve, which holds none.

    Returns
    -------
    dict of date to list of Settle
        In a contract's own file the price of the settlement day is the final settlement.

    Raises
    ------
    QuoteError
        For a file of another kind.
    """
    return _read_file(document(source, _REMEDY), day, [])


def last_day(file: Document) -> dt.date:
    """The last trade date of a contract's file.

    Raises
    ------
    QuoteError
        For a file of another kind, or without a day.
    """
    return max(_read_contracts(file.name, [file], []))


def _curve(name: str, day: dt.date, settles: list[Settle], notes: list[str]) -> FuturesCurve:
    notes = list(notes)
    session = calendar.is_session(day)
    time = calendar.session_end(day if session else calendar.previous_session(day))
    if not session:
        notes.append(f"the stock exchange was closed on {day}: the prices stand for the last session's close")
    futures: dict[dt.date, Future] = {}
    unpriced = settled = repeated = traded = 0
    for settle in settles:
        if calendar.settlement("VIX", settle.expiry) <= time:
            settled += 1
        elif not settle.price > 0.0:
            unpriced += 1
        elif settle.expiry in futures:
            repeated += 1
        else:
            traded += settle.traded
            monthly = settle.expiry == calendar.vix_expiry(settle.expiry.year, settle.expiry.month)
            futures[settle.expiry] = Future(settle.expiry, settle.price, monthly)
    for n, why in (
        (unpriced, "without a settlement or a trade"),
        (settled, "settled before the close"),
        (repeated, "repeating an expiry"),
    ):
        if n:
            notes.append(f"left out: {count(n, 'future')} {why}")
    if traded:
        notes.append(f"{count(traded, 'future')} without a settlement priced at the last trade")
    return FuturesCurve(name, time, tuple(futures[expiry] for expiry in sorted(futures)), tuple(notes))


def _read_folder(folder: Path, notes: list[str]) -> Days:
    """Every contract file of a folder; others are counted."""
    named = [path for path in sorted(folder.iterdir()) if _named_expiry(path.name) is not None and path.is_file()]
    days = _read_contracts(f"the folder {folder.name}", [document(path, _REMEDY) for path in named], notes)
    others = sum(1 for _ in folder.iterdir()) - len(named)
    if others:
        notes.append(f"left out: {count(others, 'file')} of the folder without a VX contract")
    return days


def _read_contracts(name: str, files: Sequence[Document], notes: list[str]) -> Days:
    """Every contract file; others are counted."""
    days: Days = defaultdict(list)
    others = 0
    for file in files:
        expiry = _named_expiry(file.name)
        lines = read_rows(file, _REMEDY)
        header, titles = _header(file.name, lines)
        if expiry is None or "trade date" not in titles:
            others += 1
        else:
            _merge(days, _contract(lines[header + 1 :], titles, expiry))
    if not days:
        raise QuoteError(f"{name} holds no file of a VX contract; {_REMEDY}")
    if others:
        notes.append(f"left out: {count(others, 'file')} that hold no single contract")
    return days


def _read_file(file: Document, day: dt.date | None, notes: list[str]) -> Days:
    name = file.name
    lines = read_rows(file, _REMEDY)
    header, titles = _header(name, lines)
    rows = lines[header + 1 :]
    if "trade date" in titles:
        expiry = _named_expiry(name)
        if expiry is None:
            raise QuoteError(f"{name} does not say when its contract settles; keep Cboe's name, VX_2020-03-18.csv")
        found = _contract(rows, titles, expiry)
    elif "trade_date" in titles:
        found = _long(rows, titles)
    elif "settlement" in titles:
        dated = _ISO.search(name)
        named = _date(dated[0]) if dated else None
        if named is None and day is not None:
            notes.append(f"{name} does not say of which day it is: {day} is assumed")
        day = named or day
        if day is None:
            raise QuoteError(
                f"{name} does not say of which day its settlements are; put it into the name, as in VX_2026-07-22.csv"
            )
        found = _settlement_curve(name, rows, titles, day)
    else:
        found = _by_month(rows, titles)
    days: Days = defaultdict(list)
    bad = _merge(days, found)
    if bad:
        notes.append(f"left out: {count(bad, 'row')} cut short or unreadable")
    return days


def _header(name: str, lines: list[list[str]]) -> tuple[int, list[str]]:
    """Index and lower-case titles of the header row, which may follow a disclaimer."""
    needed = (
        {"trade date", "close", "settle", "total volume"},
        {"trade_date", "expiry", "close", "settle", "total volume"},
        {"expiration_date", "symbol", "settlement"},
        {"date", "first month", "f1"},
    )
    for i, cells in enumerate(lines[:10]):
        titles = [cell.lower() for cell in cells]
        if any(columns <= set(titles) for columns in needed):
            return i, titles
    first = shown(next((cells for cells in lines if cells), []))
    raise QuoteError(f"{name} is no file of VX futures; its first line is {first}; {_REMEDY}")


def _merge(days: Days, found: Iterator[tuple[dt.date, Settle] | None]) -> int:
    """Add what was found; how many rows could not be read."""
    bad = 0
    for item in found:
        if item is None:
            bad += 1
        else:
            days[item[0]].append(item[1])
    return bad


def _contract(rows: list[list[str]], titles: list[str], expiry: dt.date) -> Iterator[tuple[dt.date, Settle] | None]:
    """The rows of one contract's file."""
    day_at, at = titles.index("trade date"), _price_columns(titles)
    for cells in rows:
        if cells:
            day = _date(cells[day_at]) if len(cells) > max(day_at, *at) else None
            yield None if day is None else (day, _priced(cells, at, day, expiry))


def _long(rows: list[list[str]], titles: list[str]) -> Iterator[tuple[dt.date, Settle] | None]:
    """The rows of the table of all contracts."""
    day_at, expiry_at, at = titles.index("trade_date"), titles.index("expiry"), _price_columns(titles)
    for cells in rows:
        if cells:
            whole = len(cells) > max(day_at, expiry_at, *at)
            day, expiry = (_date(cells[day_at]), _date(cells[expiry_at])) if whole else (None, None)
            yield None if day is None or expiry is None else (day, _priced(cells, at, day, expiry))


def _settlement_curve(
    name: str, rows: list[list[str]], titles: list[str], day: dt.date
) -> Iterator[tuple[dt.date, Settle] | None]:
    """The rows of the daily settlement curve; symbols are VX/Q6 for a monthly and VX31/Q6 for a weekly.

    The file does not say its day: a curve without a future that settles soon after `day` is of another one.
    """
    expiry_at, symbol_at, price_at = (titles.index(t) for t in ("expiration_date", "symbol", "settlement"))
    found: list[tuple[dt.date, Settle] | None] = []
    for cells in rows:
        if cells:
            whole = len(cells) > max(expiry_at, symbol_at, price_at)
            expiry = _date(cells[expiry_at]) if whole and re.match(r"VX\d*/", cells[symbol_at]) else None
            found.append(None if expiry is None else (day, Settle(expiry, number(cells[price_at]))))
    ahead = [row[1].expiry for row in found if row is not None and row[1].expiry > day]
    if ahead and (min(ahead) - day).days > NEAREST:
        raise QuoteError(
            f"{name} has no future that settles soon after {day}: its first is {min(ahead)}, so it is of another day; "
            "give the curve of that day"
        )
    return iter(found)


def _by_month(rows: list[list[str]], titles: list[str]) -> Iterator[tuple[dt.date, Settle] | None]:
    """The rows of vixcentral's table: F1 is the contract of First Month, and so on by months; 0 is missing.

    On a settlement day First Month is the next contract already, except where that day is a Tuesday: there it is a
    day late, while the prices are not (2014-03-18, 2019-03-19). So the first column is the first contract that
    settles after the row's day.
    """
    day_at, month_at = titles.index("date"), titles.index("first month")
    columns = [titles.index(f"f{i}") for i in range(1, 13) if f"f{i}" in titles]
    for cells in rows:
        if not cells:
            continue
        day = _date(cells[day_at]) if len(cells) > max(day_at, month_at, *columns) else None
        month = number(cells[month_at]) if day is not None else math.nan
        if day is None or month not in range(1, 13):
            yield None
            continue
        year, first = day.year + (month < day.month), int(month)
        if calendar.vix_expiry(year, first) <= day:
            first += 1
        for i, column in enumerate(columns):
            price = number(cells[column])
            if price > 0.0:
                later = first - 1 + i
                yield day, Settle(calendar.vix_expiry(year + later // 12, later % 12 + 1), price)


def _price_columns(titles: list[str]) -> tuple[int, int, int]:
    return titles.index("settle"), titles.index("close"), titles.index("total volume")


def _priced(cells: list[str], at: tuple[int, int, int], day: dt.date, expiry: dt.date) -> Settle:
    """The settlement, or the close where there is none and the contract traded."""
    settle, close, volume = (number(cells[i]) for i in at)
    scale = 0.1 if day < _TENFOLD_UNTIL else 1.0
    if settle > 0.0:
        return Settle(expiry, settle * scale)
    if close > 0.0 and volume > 0.0:
        return Settle(expiry, close * scale, traded=True)
    return Settle(expiry, math.nan)


def _named_expiry(name: str) -> dt.date | None:
    """The settlement day that a contract file's name tells."""
    new, old = _NEW_NAME.search(name), _OLD_NAME.search(name)
    if new:
        return _date(new[1])
    return calendar.vix_expiry(2000 + int(old[2]), _MONTHS.index(old[1]) + 1) if old and int(old[2]) >= 4 else None


def _date(cell: str) -> dt.date | None:
    """A date inside the calendar, None for anything else."""
    day = date(cell)
    return day if day is not None and calendar.FIRST.year <= day.year < calendar.LAST.year else None
