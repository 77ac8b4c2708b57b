"""Cboe's files over the network: delayed quotes, index histories, VX settlements. Their formats are read elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from xlalvh.market import calendar
from xlalvh.market.histories import MATURITIES, constant_maturities
from xlalvh.market.http import Answer, Client, MissingError
from xlalvh.market.providers.cboe_delayed import read_delayed_quotes
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.provider import Nothing, NotOfferedError
from xlalvh.market.providers.text import Document
from xlalvh.market.providers.vx_futures import last_day, read_curves, read_futures
from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, IndexHistory, QuoteError

if TYPE_CHECKING:
    from xlalvh.market import settings

INDICES = ("SPX", "VIX", "VIX9D", "VIX3M", "VIX6M", "VIX1Y", "VVIX", "SKEW", "DSPX", "COR1M")
SETTLEMENTS = "Cboe VX settlements"

_MONTHS = 8  # contracts that are asked for; more are listed
_LEAST = 3  # contracts that make a curve
_PAST_MONTHS, _SLOPE_MONTHS = 12, 4  # contracts for the slopes of the last year
_HOURLY = 3600.0  # seconds: files that change once a day


class Cboe(Nothing):
    """Cboe's free files: quotes 15 minutes late, settlements and closes after the session."""

    def __init__(self, client: Client, addresses: settings.Cboe, now: dt.datetime) -> None:
        self._now = now
        self._client = client
        self._addresses = addresses

    async def chain(self, underlying: str) -> ChainSnapshot:
        name = f"_{underlying}.json"

        def read(answer: Answer) -> ChainSnapshot:
            found = read_delayed_quotes(Document(name, answer.body), underlying)
            return replace(found, notes=(*found.notes, *answer.notes))

        return await self._client.read(f"{self._addresses.quotes}/{name}", read)

    async def reach(self) -> None:
        await self._client.reach(f"{self._addresses.quotes}/_VIX.json")

    async def futures(self) -> FuturesCurve:
        files = []
        missing: MissingError | None = None
        for expiry in _next_expiries(self._now):
            try:
                files.append(await self.contract(expiry))
            except MissingError as error:  # not listed yet
                missing = error
        if len(files) < _LEAST:
            raise QuoteError(f"{SETTLEMENTS}: {len(files)} of {_MONTHS} contract files are there ({missing})")
        days = Counter(last_day(file) for file in files)
        curve = read_futures(files, max(days, key=lambda day: (days[day], day)))
        if len(curve.futures) < _LEAST:
            raise QuoteError(f"{SETTLEMENTS}: only {len(curve.futures)} contracts have a price on their last day")
        return replace(curve, source=SETTLEMENTS)

    async def history(self, symbol: str) -> IndexHistory:
        if symbol in MATURITIES:
            return await self._maturity(symbol)
        if symbol not in INDICES:
            raise NotOfferedError(f"Cboe has no history of {symbol}")
        name = f"{symbol}_History.csv"

        def read(answer: Answer) -> IndexHistory:
            return replace(read_index_history(Document(name, answer.body)), symbol=symbol)

        return await self._client.read(f"{self._addresses.histories}/{name}", read, every=_HOURLY)

    async def _maturity(self, symbol: str) -> IndexHistory:
        """A VIX future of constant maturity over the last year, from the contracts of that year and VIX."""
        files = []
        for expiry in _expiries_around(self._now):
            try:
                files.append(await self.contract(expiry))
            except MissingError:  # not listed yet, or not kept
                continue
        if len(files) < _LEAST:
            raise QuoteError(f"{SETTLEMENTS}: {len(files)} contract files are there, too few for {symbol}")
        last = calendar.last_settled(self._now)
        curves = read_curves(files, last - dt.timedelta(days=366), last)
        found = constant_maturities(curves, await self.history("VIX")).get(symbol)
        if found is None:
            raise QuoteError(f"{SETTLEMENTS}: on no day do the contracts reach from 30 to 60 days")
        return found

    async def contract(self, expiry: dt.date) -> Document:
        """Every day of one monthly VX contract, as Cboe's file.

        Raises
        ------
        MissingError
            Where Cboe has no such file.
        """
        name = f"VX_{expiry}.csv"

        def read(answer: Answer) -> Document:
            file = Document(name, answer.body)
            last_day(file)
            return file

        return await self._client.read(f"{self._addresses.futures}/{name}", read, every=_HOURLY)


def _expiries_around(now: dt.datetime) -> list[dt.date]:
    """The monthly expiries of the last year and those ahead that the slope needs."""
    today = calendar.to_new_york(now).date()
    months = [divmod(today.year * 12 + today.month - 1 + i, 12) for i in range(-_PAST_MONTHS, _SLOPE_MONTHS)]
    return [calendar.vix_expiry(year, month + 1) for year, month in months]


def _next_expiries(now: dt.datetime) -> list[dt.date]:
    """The next monthly expiries that are still to settle."""
    today = calendar.to_new_york(now).date()
    months = [divmod(today.year * 12 + today.month - 1 + i, 12) for i in range(_MONTHS + 1)]
    expiries = [calendar.vix_expiry(year, month + 1) for year, month in months]
    return [expiry for expiry in expiries if calendar.settlement("VIX", expiry) > now][:_MONTHS]
