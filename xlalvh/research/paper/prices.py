"""What a snapshot says of contracts: bid and ask to trade at, the mark to carry at, and what is wrong with a quote."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import NamedTuple

import numpy as np

from xlalvh.market import quality, slices
from xlalvh.market.quotes import UNUSABLE, ChainSnapshot, Flag, Snapshot
from xlalvh.numerics import black76
from xlalvh.research.paper.contracts import Contract, PaperError


class Quote(NamedTuple):
    """One contract's quote in points; NaN for a side that is missing."""

    bid: float
    ask: float
    mid: float
    flags: int  # of `Flag`


class MarkedAt(NamedTuple):
    """A mark in points, NaN where there is none, and where it comes from."""

    price: float
    how: str


_NONE = Quote(np.nan, np.nan, np.nan, 0)


class Prices:
    """The contracts of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def at(self) -> dt.datetime:
        """Market time of the SPX options; aware, UTC."""
        return self.snapshot.spx.market_time

    @property
    def source(self) -> str:
        """Whose quotes they are."""
        vix = self.snapshot.vix
        same = vix is None or vix.source == self.snapshot.spx.source
        return self.snapshot.spx.source if same or vix is None else f"{self.snapshot.spx.source}; VIX {vix.source}"

    def time_of(self, contract: Contract) -> dt.datetime:
        """Market time of the chain that a contract belongs to."""
        part = self._part(contract)
        return part.market_time if part is not None else self.at

    def quote(self, contract: Contract) -> Quote:
        """Bid, ask and mid; NaN where the snapshot has none."""
        part = self._part(contract)
        if part is None:
            return _NONE
        chain = part.chain
        rows = np.flatnonzero(
            (chain.root == contract.root)
            & (chain.expiry == np.datetime64(contract.expiry))
            & (np.abs(chain.strike - contract.strike) < 1e-6)
        )
        if not len(rows):
            return _NONE
        side = chain.call if contract.right == "C" else chain.put
        i = int(rows[0])
        return Quote(float(side.bid[i]), float(side.ask[i]), float(side.mid[i]), int(side.flags[i]))

    def fill(self, contract: Contract, quantity: int) -> tuple[float, str]:
        """The price in points that so many contracts trade at: bought at the ask, sold at the bid.

        Raises
        ------
        PaperError
            Where the side is missing, the quote cannot be right, or the contract has settled.
        """
        if contract.settlement <= self.time_of(contract):
            raise PaperError(f"{contract} has settled: it trades no more. Enter what it settled at with paper expire")
        quote = self.quote(contract)
        wrong = quote.flags & int(UNUSABLE)
        if wrong:
            raise PaperError(f"{contract}: its quote is {quality.labels(wrong)}; refresh, or choose another strike")
        price, how = (quote.ask, "ask") if quantity > 0 else (quote.bid, "bid")
        if not np.isfinite(price):
            verb = "bought" if quantity > 0 else "sold"
            raise PaperError(f"{contract} has no {how} in these quotes: it cannot be {verb} now")
        return price, how

    def mark(self, contract: Contract) -> MarkedAt:
        """The mid; the model's price on the fitted smile where it has none; NaN with the reason where neither is."""
        if contract.settlement <= self.time_of(contract):
            return MarkedAt(np.nan, "settled, not yet expired here")
        quote = self.quote(contract)
        if np.isfinite(quote.mid) and not quote.flags & int(UNUSABLE):
            return MarkedAt(quote.mid, "mid, wide" if quote.flags & int(Flag.WIDE) else "mid")
        modelled = self._model(contract)
        return MarkedAt(modelled, "model") if np.isfinite(modelled) else MarkedAt(np.nan, "no quote: last mark")

    def _model(self, contract: Contract) -> float:
        found = self._slices.get((contract.root, contract.expiry))
        if found is None or found.fit is None:
            return float("nan")
        strike = np.array([contract.strike])
        vol = found.fit.smile.vol(strike, found.forward, found.years)
        right = 1.0 if contract.right == "C" else -1.0
        return float(black76.price(right, found.forward, strike, found.years, vol, found.rate)[0])

    @cached_property
    def _slices(self) -> dict[tuple[str, dt.date], slices.Slice]:
        """Smiles by root and expiry, fitted only where a contract has no quote."""
        spx = slices.cut(self.snapshot.spx)
        found = list(spx)
        if self.snapshot.vix is not None:
            curve = self.snapshot.futures
            futures = {f.expiry: f.price for f in curve.futures} if curve is not None else {}
            found += slices.cut(self.snapshot.vix, slices.rate_near_45_days(spx), futures)
        return {(s.root, s.expiry): s for s in found}

    def _part(self, contract: Contract) -> ChainSnapshot | None:
        return self.snapshot.vix if contract.underlying == "VIX" else self.snapshot.spx
