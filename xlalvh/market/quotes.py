"""Quotes as typed arrays: a chain of options, a curve of futures, and the snapshot that holds them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import IntFlag

import numpy as np

from xlalvh.numerics.arrays import Array, Dates, Integers, Mask, Texts


class QuoteError(ValueError):
    """Quotes that cannot be used; the message names the file, what was found and the remedy."""


_LONGEST = 1000  # characters of a text in a cell
_FORMULA = tuple("=+-@＝＋－＠")


def plain(text: str) -> str:
    """Text from outside as one line that no spreadsheet takes for a formula.

    >>> plain("=cmd|' /C calc'!A0"), plain("left out:\\t1 row")
    ("‘=cmd|' /C calc'!A0’", 'left out: 1 row')
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:_LONGEST]).split())
    return f"‘{line}’" if line.startswith(_FORMULA) else line


class Flag(IntFlag):
    """What is wrong with one option quote; 0 is a good two-sided quote."""

    NO_BID = 1  # bid missing, 0 or negative
    NO_ASK = 2  # ask missing, 0 or negative
    CROSSED = 4  # bid above ask
    WIDE = 8  # ask more than three times the bid and more than 1 point apart
    ARBITRAGE = 16  # trades at a sure profit against another strike's quote (see `quality`)
    STALE = 32  # its expiry had settled at the market time
    FROZEN = 64  # bid and ask stood still while the index moved (see `review`)
    OUTLYING = 128  # far from the smile of its neighbours (see `review`)


# A quote with one of these takes no part in a fit.
UNUSABLE = Flag.CROSSED | Flag.ARBITRAGE | Flag.STALE | Flag.FROZEN | Flag.OUTLYING


@dataclass(frozen=True)
class Quotes:
    """One right's quotes, an element a strike: prices in points, NaN where missing."""

    bid: Array
    ask: Array
    flags: Integers

    @property
    def mid(self) -> Array:
        """Midpoint of good two-sided quotes; a zero bid under a real ask counts as 0; NaN where there is none."""
        usable = (self.flags & (Flag.NO_ASK | Flag.CROSSED)) == 0
        return np.where(usable, 0.5 * (np.nan_to_num(self.bid, nan=0.0) + self.ask), np.nan)

    def take(self, index: Mask | Integers) -> Quotes:
        """The quotes at a mask or at positions."""
        return Quotes(self.bid[index], self.ask[index], self.flags[index])


@dataclass(frozen=True)
class OptionChain:
    """Options of one underlying at one market time, one row a (root, expiry, strike).

    Rows are sorted by expiry, root and strike. Roots: SPX (a.m.), SPXW (p.m.), XSP, VIX, VIXW, or UNKNOWN.
    """

    underlying: str
    root: Texts
    expiry: Dates  # datetime64[D], the settlement day
    strike: Array
    call: Quotes
    put: Quotes

    def __len__(self) -> int:
        return len(self.strike)

    def expiries(self) -> list[tuple[str, dt.date]]:
        """The (root, expiry) pairs in order."""
        pairs = sorted({(e.astype(dt.date), str(r)) for r, e in zip(self.root, self.expiry, strict=True)})
        return [(root, day) for day, root in pairs]

    def at(self, root: str, expiry: dt.date) -> OptionChain:
        """The rows of one expiry."""
        return self.take((self.root == root) & (self.expiry == np.datetime64(expiry)))

    def take(self, index: Mask) -> OptionChain:
        """The rows where a mask is true."""
        return replace(
            self,
            root=self.root[index],
            expiry=self.expiry[index],
            strike=self.strike[index],
            call=self.call.take(index),
            put=self.put.take(index),
        )


@dataclass(frozen=True)
class ChainSnapshot:
    """One underlying's chain at one market time."""

    source: str  # file name or provider, as a user knows it
    market_time: dt.datetime  # aware, UTC
    spot: float  # index level in points
    chain: OptionChain
    notes: tuple[str, ...] = ()  # what was left out or repaired, a sentence each
    sample: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", plain(self.source))
        object.__setattr__(self, "notes", tuple(map(plain, self.notes)))


@dataclass(frozen=True)
class Future:
    """One VX future."""

    expiry: dt.date  # final settlement day
    price: float  # points
    monthly: bool


@dataclass(frozen=True)
class FuturesCurve:
    """VX futures at one market time, by expiry."""

    source: str
    market_time: dt.datetime  # aware, UTC
    futures: tuple[Future, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", plain(self.source))
        object.__setattr__(self, "notes", tuple(map(plain, self.notes)))


@dataclass(frozen=True)
class IndexHistory:
    """Daily levels of one index, in the index's own units, sorted by date; days without a close are left out."""

    symbol: str
    dates: Dates  # datetime64[D]
    close: Array
    open: Array | None = None  # None where the file has closes only; NaN where a day has none
    high: Array | None = None
    low: Array | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbol", plain(self.symbol))
        object.__setattr__(self, "notes", tuple(map(plain, self.notes)))


@dataclass(frozen=True)
class Snapshot:
    """Everything that a book is filled from."""

    spx: ChainSnapshot
    vix: ChainSnapshot | None = None
    futures: FuturesCurve | None = None
    warnings: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "warnings", tuple(map(plain, self.warnings)))

    @property
    def sample(self) -> bool:
        return self.spx.sample
