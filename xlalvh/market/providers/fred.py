"""FRED, the data service of the Federal Reserve Bank of St. Louis: series as CSV files, without a key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xlalvh.market.http import Answer, Client
from xlalvh.market.providers.cboe import INDICES
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.provider import Nothing, NotOfferedError
from xlalvh.market.providers.text import Document
from xlalvh.market.quotes import IndexHistory, QuoteError

if TYPE_CHECKING:
    from xlalvh.market import settings

_NAMES = {"SPX": "SP500", "VIX": "VIXCLS", "VIX3M": "VXVCLS"}  # our symbol to FRED's
_HOURLY = 3600.0  # seconds


class Fred(Nothing):
    """FRED's series, under their own names (DFF, SOFR, CPIAUCSL and so on) in FRED's own units.

    SPX and VIX stand for SP500 and VIXCLS, closes only.
    """

    def __init__(self, client: Client, addresses: settings.Fred) -> None:
        self._client = client
        self._address = addresses.graph

    async def reach(self) -> None:
        await self._client.reach(f"{self._address}?id=DFF")

    async def history(self, symbol: str) -> IndexHistory:
        if symbol in INDICES and symbol not in _NAMES:
            raise NotOfferedError(f"FRED has no history of {symbol}")
        series = _NAMES.get(symbol, symbol)

        def read(answer: Answer) -> IndexHistory:
            found = read_index_history(Document(f"{series}.csv", answer.body))
            if found.symbol != series:
                raise QuoteError(f"FRED answers with {found.symbol[:20]!r} instead of {series}")
            return replace(found, symbol=symbol)

        return await self._client.read(f"{self._address}?id={series}", read, every=_HOURLY)
