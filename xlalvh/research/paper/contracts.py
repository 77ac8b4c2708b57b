"""Option contracts as the ledger names them, and prices as it counts them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from xlalvh.market import calendar

CENTS = 10_000  # cents a contract in a point: 100 dollars a point, 100 cents a dollar
ROOTS = ("SPX", "SPXW", "XSP", "VIX", "VIXW")
_SYMBOL = re.compile(r"([A-Z]{3,4})(\d{6})([CP])(\d{8})")


class PaperError(ValueError):
    """What cannot be booked; the message names what was found and the remedy."""


@dataclass(frozen=True, order=True)
class Contract:
    """One listed option."""

    root: str
    expiry: dt.date
    right: str  # C or P
    strike: float  # points

    def __post_init__(self) -> None:
        if self.root not in ROOTS:
            raise PaperError(f"root is {self.root!r}; it must be one of {', '.join(ROOTS)}")
        if self.right not in ("C", "P"):
            raise PaperError(f"right is {self.right!r}; it must be C or P")
        if not 0.0 < self.strike < 100_000.0 or abs(round(self.strike * 1000) - self.strike * 1000) > 1e-6:
            raise PaperError(f"strike is {self.strike:g}; it must be above 0, in points")

    @property
    def symbol(self) -> str:
        """As in SPXW230707P04000000: root, yymmdd, right, strike x 1000."""
        return f"{self.root}{self.expiry:%y%m%d}{self.right}{round(self.strike * 1000):08d}"

    @property
    def underlying(self) -> str:
        """SPX or VIX: whose quotes it is found in."""
        return "VIX" if self.root.startswith("VIX") else "SPX"

    @property
    def settlement(self) -> dt.datetime:
        """When it settles; aware, UTC."""
        return calendar.settlement(self.root, self.expiry)

    def __str__(self) -> str:
        return f"{self.root} {self.expiry} {self.strike:g} {self.right}"


def from_symbol(text: str) -> Contract:
    """The contract of a symbol.

    >>> from_symbol("VIX230621C00021000")
    Contract(root='VIX', expiry=datetime.date(2023, 6, 21), right='C', strike=21.0)

    Raises
    ------
    PaperError
    """
    found = _SYMBOL.fullmatch(text.strip().upper())
    if found is None:
        raise PaperError(f"{text!r} is no option symbol; write one as SPXW230707P04000000")
    root, day, right, thousandths = found.groups()
    try:
        expiry = dt.datetime.strptime(day, "%y%m%d").date()
    except ValueError:
        raise PaperError(f"{text!r}: {day} is no date (yymmdd)") from None
    return Contract(root, expiry, right, int(thousandths) / 1000.0)


def cents(points: float) -> int:
    """A price in points as whole cents a contract, halves to even.

    >>> cents(12.85), cents(0.415)
    (128500, 4150)
    """
    return round(points * CENTS)


def points(cents: int) -> float:
    """A price in points from cents a contract."""
    return cents / CENTS


def dollars(cents: int) -> float:
    """Dollars from cents."""
    return cents / 100.0
