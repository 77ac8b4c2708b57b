"""Cboe's delayed quotes: one JSON file an underlying with every contract, SPX and SPXW or VIX and VIXW together."""

from __future__ import annotations

import datetime as dt
import math

import msgspec
import numpy as np

from xlalvh.market import calendar, quality
from xlalvh.market.plausible import check
from xlalvh.market.providers.osi import pair
from xlalvh.market.providers.text import Document
from xlalvh.market.quotes import ChainSnapshot, QuoteError
from xlalvh.numerics.arrays import Array

SOURCE = "Cboe delayed quotes"

_REMEDY = "try again later; if it stays so, Cboe changed the file"


class _Option(msgspec.Struct):
    """What is read of a contract; prices in points, null where there is none."""

    option: str
    bid: float | None
    ask: float | None


class _Data(msgspec.Struct):
    options: list[_Option]
    symbol: str
    current_price: float


class _File(msgspec.Struct):
    timestamp: str  # UTC
    data: _Data


def read_delayed_quotes(file: Document, underlying: str) -> ChainSnapshot:
    """One underlying's chain.

    Parameters
    ----------
    file : Document
        As `_SPX.json` and `_VIX.json` are.
    underlying : str
        SPX or VIX.

    Returns
    -------
    ChainSnapshot
        Its market time follows from the file's time stamp as `calendar.market_time` says.

    Raises
    ------
    QuoteError
        For what is no such file, is of another underlying, has no time, or cannot be true.
    """
    name = f"{SOURCE} of {underlying}"
    start = file.raw.lstrip()[:1]
    if start != b"{":
        found = "are empty" if not start else "came as a web page" if start == b"<" else "came as something else"
        raise QuoteError(f"{name} {found}, not as JSON; {_REMEDY}")
    try:
        found_file = msgspec.json.decode(file.raw.decode(), type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise QuoteError(f"{name} cannot be read: {_told(error)}; {_REMEDY}") from None
    data = found_file.data
    if data.symbol.lstrip("^_") != underlying:
        raise QuoteError(f"{name} are of {data.symbol[:20]!r} instead; {_REMEDY}")
    if not data.options:
        raise QuoteError(f"{name} hold no contract; {_REMEDY}")
    time = _market_time(name, found_file.timestamp)
    bid = _column([option.bid for option in data.options])
    ask = _column([option.ask for option in data.options])
    rows, notes = pair([option.option for option in data.options], bid, ask, underlying)
    if not len(rows.strike):
        raise QuoteError(f"{name} hold no contract of {underlying}; {_REMEDY}")
    return check(ChainSnapshot(SOURCE, time, data.current_price, quality.build(underlying, *rows), notes))


def _market_time(name: str, stamp: str) -> dt.datetime:
    try:
        moment = dt.datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)
        return calendar.market_time(calendar.to_new_york(moment))
    except (ValueError, OverflowError) as error:
        raise QuoteError(f"{name} have the time {stamp[:40]!r}: {_told(error)}; {_REMEDY}") from None


def _column(values: list[float | None]) -> Array:
    return np.array([math.nan if value is None else value for value in values])


def _told(error: Exception) -> str:
    """An error's own words, short."""
    text = " ".join(str(error).split())
    return text if len(text) <= 120 else text[:117] + "..."
