"""A book as arrays, a leg an element: what every risk measure takes."""

from __future__ import annotations

from typing import NamedTuple

from xlalvh.numerics import black76
from xlalvh.numerics.arrays import Array, Mask, Texts
from xlalvh.strategy.book import MULTIPLIER

SPX, XSP, VIX = "SPX", "XSP", "VIX"
INDEX_OF = {"SPX": SPX, "SPXW": SPX, "XSP": XSP, "VIX": VIX, "VIXW": VIX}  # by option root


class Legs(NamedTuple):
    """Option legs on SPX, XSP and VIX, arrays of one length."""

    underlying: Texts  # SPX, XSP or VIX
    quantity: Array  # contracts, + long and - short
    right: Array  # +1 call, -1 put
    strike: Array  # points
    years: Array
    forward: Array  # points, of the leg's own expiry
    vol: Array  # decimal a year
    rate: Array  # decimal a year

    def take(self, mask: Mask) -> Legs:
        """The legs where `mask` is true."""
        return Legs(self.underlying[mask], *(column[mask] for column in self[1:]))

    def expiries(self) -> list[tuple[str, float, Mask]]:
        """Index, years and the legs of each expiry, in order of appearance."""
        keys = dict.fromkeys(zip(self.underlying.tolist(), self.years.tolist(), strict=True))
        return [(name, t, (self.underlying == name) & (self.years == t)) for name, t in keys]

    def price(self) -> Array:
        """Points a unit."""
        return black76.price(self.right, self.forward, self.strike, self.years, self.vol, self.rate)

    def value(self) -> Array:
        """Dollars, signed, a leg."""
        return self.quantity * MULTIPLIER * self.price()
