"""A snapshot as the tables of the Market sheet: plain values, nothing that needs a formula.

A refresh replaces these tables and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xlalvh.market import histories, quality, slices
from xlalvh.market.calendar import settlement, to_new_york, years
from xlalvh.market.histories import DayRow
from xlalvh.market.quotes import ChainSnapshot, Future, FuturesCurve, IndexHistory, OptionChain, Snapshot
from xlalvh.market.slices import Slice

Number = float | None  # None is a blank cell

AM_ROOT = "SPX"  # settles in the morning; the condor trades the p.m. root
LISTED_DAYS = (15.0, 75.0)  # the book lists the strikes of p.m. expiries between these
LISTED_BAND = (0.5, 1.5)  # of spot; strikes outside are not listed


class ExpiryRow(NamedTuple):
    """One expiry; time, forward and smile are None where `status` says why."""

    root: str
    expiry: dt.date
    monthly: int | None  # 1 for the first VIX monthly, 2 for the second; None for others
    days: float
    years: float
    forward: Number
    forward_source: str
    rate: Number
    atm_vol: Number
    smile: tuple[float | bool, ...]  # as ALVH_SMILE_FIT gives it, empty where there is none
    quotes: int
    status: str


class QuoteRow(NamedTuple):
    """One strike of one expiry."""

    expiry: dt.date
    strike: float
    call_bid: Number
    call_ask: Number
    put_bid: Number
    put_ask: Number


class FutureRow(NamedTuple):
    """One point of the VIX curve."""

    expiry: dt.date
    days: float
    price: float
    source: str


@dataclass(frozen=True)
class MarketTables:
    """Everything on the Market sheet."""

    sample: bool
    spx_source: str
    spx_time: dt.datetime  # New York wall time, naive
    spx_time_utc: dt.datetime
    spx_spot: float
    vix_source: str | None
    vix_time: dt.datetime | None
    vix_spot: Number
    vix_missing: str  # why there are no VIX options; empty where there are
    spx_quality: dict[str, int]
    vix_quality: dict[str, int]
    warnings: tuple[str, ...]
    spx: tuple[ExpiryRow, ...]
    vix: tuple[ExpiryRow, ...]
    futures: tuple[FutureRow, ...]
    spx_quotes: tuple[QuoteRow, ...]
    vix_quotes: tuple[QuoteRow, ...]
    days: tuple[DayRow, ...] = ()
    days_missing: str = ""  # what of the history is missing; empty where nothing is


def tabulate(snapshot: Snapshot, past: Mapping[str, IndexHistory] | None = None) -> MarketTables:
    """The tables of a snapshot; the SPX strikes listed are those of the p.m. expiries within `LISTED_DAYS`.

    Parameters
    ----------
    snapshot : Snapshot
    past : mapping, optional
        Daily histories by symbol, those of `histories.SYMBOLS`; the sample has its own and takes no others.
    """
    spx, vix = snapshot.spx, snapshot.vix
    spx_slices = slices.cut(spx)
    curve = {f.expiry: f.price for f in snapshot.futures.futures} if snapshot.futures is not None else {}
    vix_slices = slices.cut(vix, slices.rate_near_45_days(spx_slices), curve) if vix is not None else []
    vix_rows = _numbered([_expiry_row(s) for s in vix_slices])
    days, days_missing = histories.rows(snapshot, _curve_of(snapshot, vix_rows), _past(snapshot, past))
    first, last = LISTED_DAYS
    listed = [(s.root, s.expiry) for s in spx_slices if s.root != AM_ROOT and first <= s.years * 365.0 <= last]
    warnings = [*snapshot.warnings, *spx.notes, *(vix.notes if vix is not None else ())]
    if snapshot.futures is not None:
        warnings += snapshot.futures.notes
    if not all(s.rate_known for s in [*spx_slices, *vix_slices]):
        warnings.append("put-call parity tells no rate for some expiries: 0 is used there")
    return MarketTables(
        sample=snapshot.sample,
        spx_source=spx.source,
        spx_time=to_new_york(spx.market_time),
        spx_time_utc=spx.market_time,
        spx_spot=spx.spot,
        vix_source=vix.source if vix is not None else None,
        vix_time=to_new_york(vix.market_time) if vix is not None else None,
        vix_spot=vix.spot if vix is not None else None,
        vix_missing="" if vix is not None else "no VIX options were given: add --vix-quotes FILE",
        spx_quality=quality.summary(spx.chain),
        vix_quality=quality.summary(vix.chain) if vix is not None else {},
        warnings=tuple(warnings),
        spx=tuple(_expiry_row(s) for s in spx_slices),
        vix=tuple(vix_rows),
        futures=tuple(_curve(snapshot, vix_rows)),
        spx_quotes=tuple(_quotes(_banded(spx), listed)),
        vix_quotes=tuple(_vix_quotes(vix, vix_rows)),
        days=days,
        days_missing=days_missing,
    )


def _past(snapshot: Snapshot, past: Mapping[str, IndexHistory] | None) -> Mapping[str, IndexHistory]:
    if not snapshot.sample:
        return past or {}
    from xlalvh.market.providers.sample import sample_history

    return histories.gathered(sample_history)


def _curve_of(snapshot: Snapshot, vix_rows: list[ExpiryRow]) -> FuturesCurve | None:
    """The futures of the snapshot, else the parity forwards of the VIX monthlies."""
    if snapshot.futures is not None or snapshot.vix is None:
        return snapshot.futures
    forwards = [
        Future(row.expiry, row.forward, monthly=True)
        for row in vix_rows
        if row.monthly is not None and row.forward is not None
    ]
    return FuturesCurve(snapshot.vix.source, snapshot.vix.market_time, tuple(forwards))


def _expiry_row(s: Slice) -> ExpiryRow:
    status = s.reason or ("ok" if s.fit is not None and s.fit.arbitrage_free else "smile has butterfly arbitrage")
    return ExpiryRow(
        root=s.root,
        expiry=s.expiry,
        monthly=None,
        days=s.years * 365.0,
        years=s.years,
        forward=_number(s.forward),
        forward_source=s.forward_source,
        rate=_number(s.rate),
        atm_vol=_number(s.atm_vol),
        smile=s.fit.row() if s.fit is not None else (),
        quotes=s.quotes_used,
        status=status,
    )


def _numbered(rows: list[ExpiryRow]) -> list[ExpiryRow]:
    """VIX monthlies numbered in order of expiry."""
    monthlies = [row.expiry for row in rows if row.root == "VIX"]
    return [row._replace(monthly=monthlies.index(row.expiry) + 1) if row.root == "VIX" else row for row in rows]


def _curve(snapshot: Snapshot, vix_rows: list[ExpiryRow]) -> list[FutureRow]:
    """The given futures, monthlies only; without them the parity forwards of the VIX monthlies, labelled so."""
    given = snapshot.futures
    if given is not None:
        return [
            FutureRow(f.expiry, years("VIX", f.expiry, given.market_time) * 365.0, f.price, given.source)
            for f in given.futures
            if f.monthly and settlement("VIX", f.expiry) > given.market_time
        ]
    return [
        FutureRow(row.expiry, row.days, row.forward, "put-call parity of VIX options")
        for row in vix_rows
        if row.monthly is not None and row.forward is not None
    ]


def _vix_quotes(vix: ChainSnapshot | None, rows: list[ExpiryRow]) -> list[QuoteRow]:
    if vix is None:
        return []
    return _quotes(vix.chain, [(row.root, row.expiry) for row in rows if row.monthly is not None])


def _banded(snapshot: ChainSnapshot) -> OptionChain:
    low, high = (edge * snapshot.spot for edge in LISTED_BAND)
    strike = snapshot.chain.strike
    return snapshot.chain.take((strike >= low) & (strike <= high))


def _quotes(chain: OptionChain, expiries: list[tuple[str, dt.date]]) -> list[QuoteRow]:
    rows = []
    for root, expiry in sorted(expiries, key=lambda pair: pair[1]):
        part = chain.at(root, expiry)
        # As they came, crossed ones too: the sheets say what is wrong with a quote.
        columns = (part.call.bid, part.call.ask, part.put.bid, part.put.ask)
        for strike, *prices in zip(part.strike, *columns, strict=True):
            if any(np.isfinite(prices)):
                rows.append(QuoteRow(expiry, float(strike), *(_number(price) for price in prices)))
    return rows


def _number(value: float) -> Number:
    return float(value) if np.isfinite(value) else None
