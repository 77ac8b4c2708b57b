"""Cboe's quote table, the CSV file that traders download from its delayed quotes page.

The file is a name line with the index level, a date line in the language of the browser, a header, and a row a
strike with a call on the left and a put on the right. A long format (a row an option, no symbols) exists too. Rows
are found by what they hold, so blank first lines, padding, a missing header or missing Greeks do not matter.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from xlalvh.market import calendar, quality
from xlalvh.market.providers.stamp import StampError, parse_stamp
from xlalvh.market.providers.text import Document, count, document, number, read_rows, shown
from xlalvh.market.quotes import ChainSnapshot, OptionChain, QuoteError

_UNDERLYING = {"SPX": "SPX", "SPXW": "SPX", "XSP": "XSP", "VIX": "VIX", "VIXW": "VIX"}
_SYMBOL = re.compile(r"([A-Z]+\d?)(\d{6})C(\d{8})")  # OSI: root, yymmdd, right, strike x 1000
_REMEDY = 'give the CSV file that "Download CSV" on Cboe\'s delayed quotes page of SPX or VIX makes'
_ASOF = "pass the market time with --asof, such as --asof 2025-01-29T16:15"
_LONG = ("expiration date", "bid", "ask", "strike", "type")


class _Row(NamedTuple):
    """One strike of one expiry, prices in points, NaN where missing."""

    root: str
    expiry: dt.date
    strike: float
    call_bid: float
    call_ask: float
    put_bid: float
    put_ask: float


@dataclass(frozen=True)
class _Columns:
    """Where a row a strike has its cells."""

    call: int
    call_bid: int
    call_ask: int
    strike: int
    put: int
    put_bid: int
    put_ask: int

    @property
    def width(self) -> int:
        return max(self.put_ask, self.put_bid) + 1


def read_quote_table(source: str | Path | Document, asof: dt.datetime | None = None) -> ChainSnapshot:
    """One underlying's chain from a quote table.

    Parameters
    ----------
    source : str, Path or Document
    asof : datetime, optional
        The market time itself, for a file without a date line that can be read (the long format has none); New York
        wall time where it has no zone. Refused where the file says another.

    Returns
    -------
    ChainSnapshot
        `notes` counts whatever was left out. In the long format the root is UNKNOWN, and expiries that list a
        strike twice or fall on a monthly expiry, where SPX and SPXW cannot be told apart, are left out.

    Raises
    ------
    QuoteError
        For a file that is no quote table of SPX, XSP or VIX, has no index level, or no market time.
    """
    file = document(source, _REMEDY)
    name = file.name
    lines = read_rows(file, _REMEDY)
    header, titles = _header(lines)
    if titles and set(_LONG) <= set(titles):
        return _read_long(name, lines[header + 1 :], titles, asof)
    columns, start = _columns(name, lines, header, titles)
    left_out: Counter[str] = Counter()
    roots: Counter[str] = Counter()
    rows: list[_Row] = []
    for cells in lines[start:]:
        if cells:
            row = _row(cells, columns)
            if row is None:
                left_out["cut short or unreadable"] += 1
            else:
                roots[row.root] += 1
                rows.append(row)
    known = Counter({root: n for root, n in roots.items() if root in _UNDERLYING})
    if not known:
        other = ", ".join(sorted(roots)[:5])
        found = f"options of {other}" if roots else f"no option row that can be read; its first line is {_first(lines)}"
        raise QuoteError(f"{name} holds {found}; {_REMEDY}")
    underlying = _UNDERLYING[known.most_common(1)[0][0]]
    for root, n in roots.items():
        if _UNDERLYING.get(root) != underlying:
            left_out[f"with the root {root}"] += n
    kept = _unique([row for row in rows if _UNDERLYING.get(row.root) == underlying], left_out)
    spot = _spot(name, lines[:start])
    time = _market_time(name, lines[:start], asof, min(row.expiry for row in kept))
    return _snapshot(name, underlying, kept, time, spot, _notes(left_out))


def _header(lines: list[list[str]]) -> tuple[int, list[str]]:
    """Index and lower-case titles of the header row; -1 and none where there is none."""
    for i, cells in enumerate(lines[:20]):
        titles = [cell.lower() for cell in cells]
        if "strike" in titles and ("calls" in titles or "type" in titles):
            return i, titles
    return -1, []


def _columns(name: str, lines: list[list[str]], header: int, titles: list[str]) -> tuple[_Columns, int]:
    """The layout and the index of the first data row, from the header or else from the first option row."""
    if titles and "puts" in titles:
        call, put, strike = titles.index("calls"), titles.index("puts"), titles.index("strike")
        try:
            bids = titles.index("bid", call), titles.index("bid", put)
            asks = titles.index("ask", call), titles.index("ask", put)
        except ValueError as error:
            raise QuoteError(f"{name} has no Bid and Ask columns for calls and puts; {_REMEDY}") from error
        return _Columns(call, bids[0], asks[0], strike, put, bids[1], asks[1]), header + 1
    for i, cells in enumerate(lines):
        calls = [j for j, cell in enumerate(cells) if _SYMBOL.fullmatch(cell)]
        if len(calls) != 1:
            continue
        symbol = cells[calls[0]]
        other = _other(symbol)
        if other in cells:
            # Last sale, net, bid and ask follow a symbol; the strike stands before the put's.
            call, put = calls[0], cells.index(other)
            columns = _Columns(call, call + 3, call + 4, put - 1, put, put + 3, put + 4)
            if _row(cells, columns) is not None:
                return columns, i
    raise QuoteError(f"{name} has no header and no option rows; its first line is {_first(lines)}; {_REMEDY}")


def _other(call: str) -> str:
    """The put's symbol."""
    return f"{call[:-9]}P{call[-8:]}"


def _row(cells: list[str], at: _Columns) -> _Row | None:
    """A row a strike, None where it is cut short or its parts disagree."""
    if len(cells) < at.width:
        return None
    call = cells[at.call]
    match = _SYMBOL.fullmatch(call)
    if match is None or cells[at.put] != _other(call):
        return None
    root, digits, thousandths = match.groups()
    expiry, strike = _osi_date(digits), int(thousandths) / 1000.0
    if expiry is None or not strike > 0.0 or not abs(number(cells[at.strike]) - strike) < 0.0005:
        return None
    return _Row(
        root, expiry, strike,
        number(cells[at.call_bid]), number(cells[at.call_ask]), number(cells[at.put_bid]), number(cells[at.put_ask]),
    )  # fmt: skip


@cache
def _osi_date(digits: str) -> dt.date | None:
    """The date of yymmdd, None where there is no such day in the calendar."""
    return _in_calendar(f"20{digits[:2]}-{digits[2:4]}-{digits[4:]}")


@cache
def _in_calendar(cell: str) -> dt.date | None:
    """An expiration cell as a date, None where it is none or lies outside the calendar."""
    for form in ("%Y-%m-%d", "%a %b %d %Y"):
        try:
            day = dt.datetime.strptime(cell, form).date()
        except ValueError:
            continue
        return day if calendar.FIRST.year < day.year <= calendar.LAST.year else None
    return None


def _unique(rows: Iterable[_Row], left_out: Counter[str]) -> list[_Row]:
    """The first row of each root, expiry and strike."""
    seen: dict[tuple[str, dt.date, float], _Row] = {}
    for row in rows:
        key = row[:3]
        if key in seen:
            left_out["repeating an earlier one"] += 1
        else:
            seen[key] = row
    return list(seen.values())


def _read_long(name: str, lines: list[list[str]], titles: list[str], asof: dt.datetime | None) -> ChainSnapshot:
    """The long format: a row an option, with Type and Index Spot columns."""
    if asof is None:
        raise QuoteError(f"{name} has no date line, so its market time is unknown; {_ASOF}")
    if "index spot" not in titles:
        raise QuoteError(f"{name} has no Index Spot column, so the index level is unknown; {_REMEDY}")
    expiry_at, bid_at, ask_at, strike_at, type_at = (titles.index(title) for title in _LONG)
    spot_at = titles.index("index spot")
    left_out: Counter[str] = Counter()
    sizes: Counter[dt.date] = Counter()
    prices: dict[tuple[dt.date, float], dict[str, tuple[float, float]]] = {}
    ambiguous: set[dt.date] = set()
    spot = math.nan
    for cells in lines:
        if not cells:
            continue
        expiry = _in_calendar(cells[expiry_at]) if len(cells) == len(titles) else None
        strike = number(cells[strike_at]) if expiry is not None else math.nan
        side = cells[type_at].lower() if expiry is not None else ""
        if expiry is None or not strike > 0.0 or side not in ("call", "put"):
            left_out["cut short or unreadable"] += 1
            continue
        sizes[expiry] += 1
        both = prices.setdefault((expiry, strike), {})
        if side in both or expiry == calendar.spx_expiry(expiry.year, expiry.month):
            ambiguous.add(expiry)
        both[side] = (number(cells[bid_at]), number(cells[ask_at]))
        if math.isnan(spot):
            spot = number(cells[spot_at])
    if not spot > 0.0:
        raise QuoteError(f"{name} holds no option row with an index level; {_REMEDY}")
    none = (math.nan, math.nan)
    rows = [
        _Row("UNKNOWN", expiry, strike, *both.get("call", none), *both.get("put", none))
        for (expiry, strike), both in prices.items()
        if expiry not in ambiguous
    ]
    notes = list(_notes(left_out))
    if ambiguous:
        notes.append(
            f"left out: {count(sum(sizes[day] for day in ambiguous), 'row')} of {len(ambiguous)} expiries that list a "
            "strike twice or are monthly; without a root, SPX and SPXW cannot be told apart"
        )
    if not rows:
        raise QuoteError(f"{name} holds no expiry whose root is sure; {_REMEDY}")
    found = re.search(r"VIX|XSP|SPX", name.upper())
    if found is None:
        notes.append("the file does not name its underlying; taken as SPX")
    time = _market_time(name, [], asof, min(row.expiry for row in rows))
    return _snapshot(name, found[0] if found else "SPX", rows, time, spot, tuple(notes))


def _snapshot(
    name: str, underlying: str, rows: list[_Row], time: dt.datetime, spot: float, notes: tuple[str, ...]
) -> ChainSnapshot:
    chain: OptionChain = quality.build(underlying, *zip(*rows, strict=True))
    root, last = max(chain.expiries(), key=lambda pair: pair[1])
    if calendar.years(root, last, time) <= 0.0:
        raise QuoteError(
            f"{name}: every expiry, the last being {last}, has settled at the market time "
            f"{calendar.to_new_york(time):%Y-%m-%d %H:%M} New York; {_ASOF}"
        )
    return ChainSnapshot(source=name, market_time=time, spot=spot, chain=chain, notes=notes)


def _spot(name: str, top: list[list[str]]) -> float:
    for cells in top:
        for cell in cells:
            label, _, value = cell.partition(":")
            if label.lower() == "last" and number(value) > 0.0:
                return number(value)
    raise QuoteError(f'{name} has no "Last:" level of the index above the quotes; {_REMEDY}')


def _market_time(name: str, top: list[list[str]], asof: dt.datetime | None, first_expiry: dt.date) -> dt.datetime:
    """The file's own market time; `asof` where it has none, never against what the file says."""
    text = _date_line(top)
    reason = f"{name} has no date line, so its market time is unknown"
    stamped = None
    if text is not None:
        try:
            stamped = calendar.market_time(parse_stamp(text, first_expiry))
        except (StampError, calendar.CalendarError) as error:
            reason = f"{name}: {error}"
    if asof is None:
        if stamped is None:
            raise QuoteError(f"{reason}; {_ASOF}")
        return stamped
    try:
        moment = asof.astimezone(dt.UTC) if asof.tzinfo is not None else calendar.from_new_york(asof)
        calendar.is_session(moment.date())
    except (calendar.CalendarError, OverflowError) as error:
        raise QuoteError(f"asof is {asof}: {error}; {_ASOF}") from error
    if stamped is not None and stamped != moment:
        raise QuoteError(
            f"{name} says that its market time is {calendar.to_new_york(stamped):%Y-%m-%d %H:%M} New York, asof says "
            f"{calendar.to_new_york(moment):%Y-%m-%d %H:%M}; leave asof out, it is for files without a time"
        )
    return moment


def _date_line(top: list[list[str]]) -> str | None:
    """The text of the date line up to its Bid cell: a comma inside it may have split it."""
    for cells in top:
        end = next((i for i, cell in enumerate(cells) if cell.startswith("Bid:")), len(cells))
        text = ", ".join(cell for cell in cells[:end] if cell)
        if text.lower().startswith("date:") or (end < len(cells) and text):
            return text[5:].strip() if text.lower().startswith("date:") else text
    return None


def _notes(left_out: Counter[str]) -> tuple[str, ...]:
    return tuple(f"left out: {count(n, 'row')} {why}" for why, n in left_out.items())


def _first(lines: list[list[str]]) -> str:
    return shown(next((cells for cells in lines if cells), []))
