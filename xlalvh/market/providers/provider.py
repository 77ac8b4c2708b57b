"""What a provider is: it is asked for a chain, the VX curve or a history, and says where it has none."""

from __future__ import annotations

from typing import Protocol

from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, IndexHistory, QuoteError


class NotOfferedError(QuoteError):
    """A provider that does not have what it was asked for, and never will."""


class Provider(Protocol):
    """Who gives quotes. Every method raises QuoteError with one line where it cannot."""

    async def chain(self, underlying: str) -> ChainSnapshot:
        """The options of SPX or VIX, checked by `plausible.check`."""

    async def futures(self) -> FuturesCurve:
        """The VX curve: the last settlements, or prices of now."""

    async def history(self, symbol: str) -> IndexHistory:
        """Daily levels of an index or a FRED series, under that symbol."""

    async def reach(self) -> None:
        """See that it is there, without asking for quotes."""


class Nothing:
    """A provider of nothing: what a provider does not have, it inherits."""

    async def chain(self, underlying: str) -> ChainSnapshot:
        raise NotOfferedError(f"no {underlying} options here")

    async def futures(self) -> FuturesCurve:
        raise NotOfferedError("no VX futures here")

    async def history(self, symbol: str) -> IndexHistory:
        raise NotOfferedError(f"no history of {symbol} here")

    async def reach(self) -> None:
        raise NotOfferedError("nothing is here")
