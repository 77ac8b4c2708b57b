"""The Market group: what the last refresh stored, or the sample where a cell asks for it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xlalvh.formulas import cells, stored
from xlalvh.formulas.errors import CellError, not_available, num_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.market import calendar

if TYPE_CHECKING:
    from xlalvh.market.quotes import ChainSnapshot, Future, FuturesCurve, OptionChain, Quotes, Snapshot

MARKET = "Market"

_UNDERLYING = {"SPX": "SPX", "SPXW": "SPX", "VIX": "VIX", "VIXW": "VIX"}
_CONTRACT = r"(SPXW?|VIXW?)(\d{6})([CP])(\d{8})"
_FUTURE = r"VX([1-9])"
_FIELDS = ("price", "bid", "ask", "quality", "time", "source")
_SESSIONS = 60.0
_SAMPLE_DELAY = dt.timedelta(minutes=15)  # the sample is as old as delayed quotes just fetched


class _Quoted(NamedTuple):
    """One symbol's fields; NaN for a price that it has not."""

    price: float
    source: str
    time: dt.datetime | dt.date  # New York wall time; a day for a daily level
    bid: float = np.nan
    ask: float = np.nan
    quality: str = "ok"


@formula(
    category=MARKET,
    help="A quote of the last refresh: an index, a VX future or an option contract.",
    arguments=(
        Argument("symbol", Kind.LABEL, "SPX, VIX, an index with a history, VX1 to VX9, or SPXW260220P06500000"),
        Argument(
            "field",
            Kind.LABEL,
            "price (mid of an option; if omitted), bid, ask, quality, time (New York), source",
            optional=True,
            default="price",
        ),
        stored.REFRESH,
    ),
    result='Points; text for quality ("ok", or what is wrong) and source; a date with time for time.',
    source="the stored snapshot",
    example={"symbol": "SPX", "field": "price", "refresh": stored.SAMPLE},
    paired=True,
)
def alvh_quote(symbol, field, refresh):
    found = np.empty(len(symbol), dtype=object)
    for i in range(len(symbol)):
        try:
            found[i] = _field(_quoted(symbol[i].upper(), refresh), symbol[i], field[i].lower())
        except CellError as error:
            found[i] = error
    return found


@formula(
    category=MARKET,
    help="The option chain of the last refresh, a strike a row.",
    arguments=(
        Argument("symbol", Kind.TEXT, "SPX or VIX; SPXW or VIXW for that root alone"),
        Argument("expiry", Kind.MOMENT, "settlement day; all if omitted", optional=True),
        stored.REFRESH,
    ),
    result="Rows by expiry, root and strike; points; a price that is missing is blank.",
    source="the stored snapshot",
    example={"symbol": "VIX", "expiry": 46071.0, "refresh": stored.SAMPLE},
    columns=("expiry", "root", "strike", "call_bid", "call_ask", "put_bid", "put_ask", "quality"),
    date_columns=("expiry",),
)
def alvh_chain(symbol, expiry, refresh):
    part, chain = _chain_of(symbol.upper(), refresh)
    if symbol.upper() != part.chain.underlying:
        chain = chain.take(chain.root == symbol.upper())
    if expiry is not None:
        chain = chain.take(chain.expiry == np.datetime64(expiry.date()))
        if not len(chain):
            raise not_available(f"expiry is {expiry:%Y-%m-%d}; no {symbol} options of that day are in the snapshot")
    prices = [chain.call.bid, chain.call.ask, chain.put.bid, chain.put.ask]
    columns = [_shown(price) for price in prices]
    days = {day: cells.serial(day) for day in set(chain.expiry.tolist())}
    said = _said(chain)
    return zip(
        [days[day] for day in chain.expiry.tolist()], chain.root.tolist(), chain.strike.tolist(), *columns, said,
        strict=True,
    )  # fmt: skip


@formula(
    category=MARKET,
    help="The VX futures of the last refresh, an expiry a row, settled ones left out.",
    arguments=(stored.REFRESH,),
    result="Rows by expiry: settlement day, days to settlement, points, TRUE for a monthly.",
    source="the stored snapshot",
    example={"refresh": stored.SAMPLE},
    columns=("expiry", "days", "price", "monthly"),
    date_columns=("expiry",),
)
def alvh_futures(refresh):
    curve = _curve(stored.snapshot(refresh))
    return [
        (cells.serial(f.expiry), calendar.years("VIX", f.expiry, curve.market_time) * 365.0, f.price, f.monthly)
        for f in _live(curve)
    ]


@formula(
    category=MARKET,
    help="Daily levels of an index, the oldest first, as stored by the last refresh.",
    arguments=(
        Argument("symbol", Kind.TEXT, "SPX, VIX, VIX9D, VIX3M, VVIX, SKEW or another that is stored"),
        Argument(
            "days",
            Kind.SINGLE,
            "how many of the last days; 60 if omitted",
            "sessions",
            low=1,
            high=100_000,
            optional=True,
            default=_SESSIONS,
        ),
        stored.REFRESH,
    ),
    result="Rows of date, open, high, low, close in the index's units; blank where there is only a close.",
    source="the stored history",
    example={"symbol": "VIX", "days": 5.0, "refresh": stored.SAMPLE},
    columns=("date", "open", "high", "low", "close"),
    date_columns=("date",),
)
def alvh_history(symbol, days, refresh):
    history, _ = stored.history(symbol.upper(), refresh)
    last = slice(-int(days), None)
    blank = np.full(len(history.close), np.nan)
    columns = [history.open, history.high, history.low, history.close]
    levels = [(column if column is not None else blank)[last] for column in columns]
    shown = [_shown(level) for level in levels]
    return zip([cells.serial(day) for day in history.dates[last].tolist()], *shown, strict=True)


@formula(
    category=MARKET,
    help="Minutes from the market time of the stored SPX quotes to the moment the cell is calculated.",
    arguments=(stored.REFRESH,),
    result="Minutes by this computer's clock. It stands still until the cell is calculated again.",
    source="the stored snapshot and the clock",
    example={"refresh": stored.SAMPLE},
    unavailable="the age cannot be told",
)
def alvh_quote_age(refresh):
    then = stored.snapshot(refresh).spx.market_time
    now = then + _SAMPLE_DELAY if stored.is_sample(refresh) else stored.now()
    age = (now - then) / dt.timedelta(minutes=1)
    if age < 0.0:
        raise num_error(f"the quotes are of {-age:.0f} minutes ahead of this computer's clock; set the clock right")
    return age


def _quoted(symbol: str, refresh: object) -> _Quoted:
    contract, future = re.fullmatch(_CONTRACT, symbol), re.fullmatch(_FUTURE, symbol)
    if contract:
        return _option(symbol, contract, refresh)
    snapshot = stored.snapshot(refresh)
    if future:
        return _future(_curve(snapshot), symbol, int(future[1]))
    part = {"SPX": snapshot.spx, "VIX": snapshot.vix}.get(symbol)
    if part is not None:
        return _Quoted(part.spot, part.source, calendar.to_new_york(part.market_time))
    history, source = stored.history(symbol, refresh)
    return _Quoted(float(history.close[-1]), source, history.dates[-1].item())


def _option(symbol: str, match: re.Match[str], refresh: object) -> _Quoted:
    root, digits, right, thousandths = match.groups()
    part, chain = _chain_of(root, refresh)
    try:
        expiry = dt.datetime.strptime(digits, "%y%m%d").date()
    except ValueError:
        raise num_error(f"symbol is {symbol!r}; {digits} is no date (yymmdd)") from None
    rows = chain.at(root, expiry)
    rows = rows.take(rows.strike == int(thousandths) / 1000.0)
    if not len(rows):
        raise not_available(f"symbol is {symbol!r}; the snapshot has no such contract. ALVH_CHAIN lists them")
    quotes: Quotes = rows.call if right == "C" else rows.put
    return _Quoted(
        float(quotes.mid[0]),
        part.source,
        calendar.to_new_york(part.market_time),
        float(quotes.bid[0]),
        float(quotes.ask[0]),
        _labels(int(quotes.flags[0])) or "ok",
    )


def _future(curve: FuturesCurve, symbol: str, place: int) -> _Quoted:
    monthlies = [f for f in _live(curve) if f.monthly]
    if place > len(monthlies):
        raise not_available(f"symbol is {symbol!r}; the snapshot has {len(monthlies)} monthly VX futures")
    return _Quoted(monthlies[place - 1].price, curve.source, calendar.to_new_york(curve.market_time))


def _field(quoted: _Quoted, symbol: str, name: str) -> object:
    if name not in _FIELDS:
        raise num_error(f"field is {name!r}; it must be one of {', '.join(_FIELDS)}")
    value = getattr(quoted, name)
    if name == "time":
        return cells.serial(value)
    if isinstance(value, float) and np.isnan(value):
        why = quoted.quality if quoted.quality != "ok" else "only options have a bid and an ask"
        raise not_available(f"field is {name!r}; {symbol} has none ({why})")
    return value


def _chain_of(root: str, refresh: object) -> tuple[ChainSnapshot, OptionChain]:
    if root not in _UNDERLYING:
        raise num_error(f"symbol is {root!r}; it must be one of {', '.join(_UNDERLYING)}")
    snapshot = stored.snapshot(refresh)
    part = snapshot.spx if _UNDERLYING[root] == "SPX" else snapshot.vix
    if part is None:
        raise not_available(f"symbol is {root!r}; the last snapshot has no VIX options. Refresh quotes to get them")
    return part, part.chain


def _curve(snapshot: Snapshot) -> FuturesCurve:
    if snapshot.futures is None:
        raise not_available("the last snapshot has no VX futures; refresh quotes to get them")
    return snapshot.futures


def _live(curve: FuturesCurve) -> list[Future]:
    return [f for f in curve.futures if calendar.settlement("VIX", f.expiry) > curve.market_time]


def _shown(column: np.ndarray) -> list[object]:
    """Numbers as cells take them, empty where missing."""
    return ["" if value != value else value for value in column.tolist()]


def _said(chain: OptionChain) -> list[str]:
    """What is wrong with each row's quotes."""
    names = {flags: _labels(flags) for flags in {*chain.call.flags.tolist(), *chain.put.flags.tolist()}}
    said = []
    for call, put in zip(chain.call.flags.tolist(), chain.put.flags.tolist(), strict=True):
        parts = [f"{side} {names[flags]}" for side, flags in (("call", call), ("put", put)) if flags]
        said.append("; ".join(parts) or "ok")
    return said


def _labels(flags: int) -> str:
    from xlalvh.market import quality

    return quality.labels(flags)
