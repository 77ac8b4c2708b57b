"""One option leg that a trader holds, and the root that it settles by."""

import datetime as dt
from typing import NamedTuple

from xlalvh.market import calendar

ROOTS = ("SPX", "SPXW", "XSP", "VIX", "VIXW")


class Contract(NamedTuple):
    """An option on SPX, XSP or VIX."""

    root: str  # one of ROOTS
    expiry: dt.date  # the settlement day
    right: str  # "C" or "P"
    strike: float  # points


class Leg(NamedTuple):
    """A contract with how many are held, and since when at which price."""

    contract: Contract
    quantity: float  # contracts, + long and - short
    entry: float | None  # points a unit, above 0 for long and short; None where the file tells none
    group: str  # the broker's name for the strategy or group, empty where there is none


def contract(root: str, expiry: dt.date, right: str, strike: float) -> Contract:
    """A contract by what a broker calls it; options on SPX and VIX of other days than the monthly one are weeklies.

    Raises
    ------
    ValueError
        For a root that is none of `ROOTS`, a right or strike that is none, or a day outside the calendar.

    >>> contract("SPX", dt.date(2023, 6, 23), "P", 4200.0).root
    'SPXW'
    """
    if root not in ROOTS:
        raise ValueError(f"{root} is not one of {', '.join(ROOTS)}")
    if right not in ("C", "P"):
        raise ValueError(f"{right!r} is neither call nor put")
    if not 0.0 < strike < 1e6:
        raise ValueError(f"{strike:g} is no strike")
    calendar.settlement(root, expiry)  # within the calendar
    if root == "SPX" and not is_monthly(root, expiry):
        root = "SPXW"
    elif root == "VIX" and not is_monthly(root, expiry):
        root = "VIXW"
    return Contract(root, expiry, right, strike)


def is_monthly(root: str, expiry: dt.date) -> bool:
    """Whether a day is the monthly expiry of SPX or VIX."""
    rule = calendar.vix_expiry if root.startswith("VIX") else calendar.spx_expiry
    return expiry == rule(expiry.year, expiry.month)
