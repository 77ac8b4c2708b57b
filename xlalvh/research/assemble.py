"""A history out of a folder of the providers' files, which are known by their format, with what is missing or odd."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xlalvh.market import calendar
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.text import Document, document, number, read_rows
from xlalvh.market.providers.vx_futures import read_settlements
from xlalvh.market.quotes import IndexHistory, QuoteError
from xlalvh.numerics.arrays import Array, Dates
from xlalvh.research.gaps import Report, review
from xlalvh.research.history import LEVELS, History, HistoryError, Origin

FIRST = dt.date(1990, 1, 2)  # VIX's first day
VVIX_FIRST = np.datetime64("2007-01-03")  # before, Cboe's file holds a few numbers that are none of VVIX

_SYMBOLS = {"GSPC": "SPX", "SP500": "SPX", "VIXCLS": "VIX", "VXVCLS": "VIX3M"}
WANTED = (*(name.upper() for name in LEVELS), "DFF")
_REMEDY = "give a folder with Cboe's index histories, FRED's DFF and VX settlements"
_CARRIED = np.timedelta64(10, "D")  # a rate older than this is none
_HEAD = 2000  # bytes that tell what a file is
_ARCHIVE = ("symbol", "settlementmonth", "settlementyear", "settlementprice")


@dataclass
class Sources:
    """What a folder holds, by kind."""

    indices: dict[str, list[IndexHistory]] = field(default_factory=dict)  # by symbol, the best source first
    contracts: list[Document] = field(default_factory=list)  # a VX contract each
    tables: list[Document] = field(default_factory=list)  # of all contracts
    curves: list[Document] = field(default_factory=list)  # vixcentral's
    finals: dict[tuple[int, int], float] = field(default_factory=dict)  # final settlements by year and month
    refused: list[str] = field(default_factory=list)  # why a file of a known kind was not read
    files: list[Path] = field(default_factory=list)  # those that are of use


def assemble(folder: Path) -> tuple[History, Report]:
    """The history that a folder's files tell, sub-folders included.

    Raises
    ------
    HistoryError
        Where there is no history of SPX, or it has no day since 1990.
    """
    if not folder.is_dir():
        raise HistoryError(f"there is no folder {folder}; {_REMEDY}")
    return combine(find(folder))


def find(folder: Path) -> Sources:
    """The files of a folder and its sub-folders that a history is made of."""
    found = Sources()
    for path in sorted(folder.rglob("*.csv")):
        try:
            if _sort(path, found):
                found.files.append(path)
        except (QuoteError, OSError) as error:
            found.refused.append(str(error))
    return found


def _sort(path: Path, found: Sources) -> bool:
    """Add a file to its kind; whether it is of one."""
    heads = _heads(path)

    def has(*titles: str) -> bool:
        return any(set(titles) <= set(head) for head in heads)

    if has("trade date", "settle"):
        found.contracts.append(document(path, _REMEDY))
    elif has("trade_date", "expiry", "settle"):
        found.tables.append(document(path, _REMEDY))
    elif has("date", "first month", "f1"):
        found.curves.append(document(path, _REMEDY))
    elif has(*_ARCHIVE):
        found.finals |= dict(_archive(path))
    elif heads and heads[0][0] in ("date", "observation_date") and ("close" in heads[0] or len(heads[0]) == 2):
        return _keep(read_index_history(path), found)
    else:
        return False
    return True


def _heads(path: Path) -> list[list[str]]:
    """The lower-case cells of a file's first two lines: the first may be a disclaimer."""
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8-sig", errors="replace")
    return [[cell.strip().lower() for cell in line.split(",")] for line in head.splitlines()[:2]]


def _keep(history: IndexHistory, found: Sources) -> bool:
    """Add an index that is wanted; the provider's own file, and one with all four prices, comes before others."""
    symbol = _SYMBOLS.get(history.symbol, history.symbol)
    if symbol not in WANTED:
        return False
    found.indices.setdefault(symbol, []).append(history)
    found.indices[symbol].sort(key=lambda h: (h.symbol != symbol, h.open is None))
    return True


def _archive(path: Path) -> Iterator[tuple[tuple[int, int], float]]:
    """Final settlements of VX by year and month in the exchange's list, points."""
    lines = read_rows(path, _REMEDY)
    titles = [cell.lower() for cell in lines[0]]
    symbol, month, year, price = (titles.index(title) for title in _ARCHIVE)
    for cells in lines[1:]:
        if len(cells) > max(symbol, month, year, price) and cells[symbol] == "VX":
            when, value = (number(cells[year]), number(cells[month])), number(cells[price])
            if when[0] in range(2004, 2040) and when[1] in range(1, 13) and value > 0.0:
                tenfold = when < (2007, 4)  # prices were ten times VIX until 2007-03-26
                yield (int(when[0]), int(when[1])), value * (0.1 if tenfold else 1.0)


def combine(found: Sources) -> tuple[History, Report]:
    """One history out of files.

    Raises
    ------
    HistoryError
        Where there is no history of SPX, or it has no day since 1990.
    """
    if "SPX" not in found.indices:
        raise HistoryError(f"no file holds a history of SPX; {_REMEDY}")
    day = _merged(found.indices["SPX"])[0]
    day = day[(day >= np.datetime64(FIRST)) & (day < np.datetime64(calendar.LAST))]
    if not len(day):
        raise HistoryError(f"the history of SPX has no day since {FIRST}; {_REMEDY}")
    levels = {symbol: _on(day, found.indices.get(symbol, [])) for symbol in WANTED if symbol != "DFF"}
    levels["VVIX"][day < VVIX_FIRST] = np.nan
    expiry, settle, origin, own_final = _futures(day, found)
    final, final_from = _finals(expiry, own_final, found)
    history = History(
        day=day,
        close_at=_moments(day, _close),
        **{name: levels[name.upper()] for name in LEVELS},
        rate=_rate(day, found.indices.get("DFF", [])),
        vx_expiry=expiry,
        vx_settles_at=_moments(expiry, lambda e: calendar.settlement("VIX", e)),
        vx_settle=settle,
        vx_from=origin,
        vx_final=final,
        vx_final_from=final_from,
    )
    return history, review(
        history, {symbol: _merged(found.indices[symbol])[0] for symbol in found.indices}, found.refused
    )


def _merged(histories: list[IndexHistory]) -> tuple[Dates, Array]:
    """Dates and closes of several histories of one index; an earlier one of the list wins."""
    days = np.concatenate([h.dates for h in histories])
    closes = np.concatenate([h.close for h in histories])
    unique, first = np.unique(days, return_index=True)  # the first of equal days
    return unique, closes[first]


def _on(day: Dates, histories: list[IndexHistory]) -> Array:
    """Closes on the given days, NaN where there is none."""
    if not histories:
        return np.full(len(day), np.nan)
    days, closes = _merged(histories)
    place = np.minimum(np.searchsorted(days, day), len(days) - 1)
    return np.where(days[place] == day, closes[place], np.nan)


def _rate(day: Dates, histories: list[IndexHistory]) -> Array:
    """The rate that was known on each day, continuously compounded: the fixing of a day is published on the next."""
    if not histories:
        return np.full(len(day), np.nan)
    days, percent = _merged(histories)
    place = np.searchsorted(days, day) - 1
    known = (place >= 0) & (day - days[np.maximum(place, 0)] <= _CARRIED)
    return np.where(known, 365.0 * np.log1p(percent[np.maximum(place, 0)] / 100.0 / 360.0), np.nan)


def _moments(days: Dates, moment: Callable[[dt.date], dt.datetime]) -> Dates:
    """UTC moments of days, in minutes."""
    found = [moment(day).replace(tzinfo=None) for day in days.astype(object)]
    return np.array(found, dtype="datetime64[m]")


def _close(day: dt.date) -> dt.datetime:
    """The end of index option trading; 16:15 New York before the calendar begins."""
    if day >= calendar.FIRST:
        return calendar.session_end(day)
    return calendar.from_new_york(dt.datetime.combine(day, dt.time(16, 15)))


def _futures(day: Dates, found: Sources) -> tuple[Dates, Array, NDArray[np.uint8], dict[dt.date, float]]:
    """Settlement days, settlements and their origin (N, M), and the final settlements that contracts' files tell.

    A contract's own settlement comes first, then vixcentral's, then the close of a day without a settlement.
    """
    prices: dict[tuple[dt.date, dt.date], tuple[float, Origin]] = {}
    final: dict[dt.date, float] = {}
    rank = {Origin.CONTRACT: 3, Origin.CURVE: 2, Origin.TRADE: 1}
    for files, kind in (
        (found.contracts, Origin.CONTRACT),
        (found.tables, Origin.CONTRACT),
        (found.curves, Origin.CURVE),
    ):
        for file in files:
            try:
                days = read_settlements(file)
            except QuoteError as error:
                found.refused.append(str(error))
                continue
            for when, settles in days.items():
                for one in settles:
                    expiry = one.expiry
                    if not one.price > 0.0 or expiry != calendar.vix_expiry(expiry.year, expiry.month):
                        continue
                    origin = Origin.TRADE if one.traded else kind
                    if when >= expiry:
                        if origin is Origin.CONTRACT and when == expiry:
                            final.setdefault(expiry, one.price)
                    elif (when, expiry) not in prices or rank[prices[when, expiry][1]] < rank[origin]:
                        prices[when, expiry] = (one.price, origin)
    expiries = sorted({expiry for _, expiry in prices})
    column = {expiry: j for j, expiry in enumerate(expiries)}
    row = {when: i for i, when in enumerate(day.astype(object))}
    settle = np.full((len(day), len(expiries)), np.nan)
    origins = np.zeros((len(day), len(expiries)), dtype=np.uint8)
    for (when, expiry), (price, origin) in prices.items():
        if when in row:  # the tables have days on which SPX did not trade
            settle[row[when], column[expiry]] = price
            origins[row[when], column[expiry]] = origin
    return np.array(expiries, dtype="datetime64[D]"), settle, origins, final


def _finals(expiry: Dates, own: dict[dt.date, float], found: Sources) -> tuple[Array, NDArray[np.uint8]]:
    """Final settlements (M,) with their origin: the contract's file, the exchange's list, else VIX's open."""
    opens = {
        when: level
        for history in reversed(found.indices.get("VIX", []))
        if history.open is not None
        for when, level in zip(history.dates.astype(object), history.open, strict=True)
        if level > 0.0
    }
    final = np.full(len(expiry), np.nan)
    origin = np.zeros(len(expiry), dtype=np.uint8)
    for j, when in enumerate(expiry.astype(object)):
        for source, value in (
            (Origin.CONTRACT, own.get(when)),
            (Origin.ARCHIVE, found.finals.get((when.year, when.month))),
            (Origin.OPEN, opens.get(when)),
        ):
            if value is not None:
                final[j], origin[j] = value, source
                break
    return final, origin
