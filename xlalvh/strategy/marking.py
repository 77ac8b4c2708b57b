"""Positions marked to a snapshot: time, forward, rate and volatility of any contract, and where they come from.

An expiry of the snapshot has its own forward, rate and smile. One between two of them takes the forward and the rate
linear in time, and the total variance at its own moneyness linear in time. XSP is a tenth of SPX and settles in the
afternoon: it takes SPXW's forward and smile. Nothing is told of an expiry outside the snapshot's.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.positions.legs import Contract
from xlalvh.numerics.smile import Smile

XSP_SCALE = 10.0  # points of SPX a point of XSP
OWN, BETWEEN = "its expiry", "between {} and {}"


class Expiry(NamedTuple):
    """What a snapshot tells of one expiry."""

    root: str
    expiry: dt.date
    years: float
    forward: float  # points
    rate: float  # decimal a year
    smile: Smile | None


class Mark(NamedTuple):
    """What a contract is priced with."""

    years: float
    forward: float  # points of the contract's own index
    vol: float
    rate: float
    source: str


class UnpricedError(ValueError):
    """A contract that the snapshot does not price; the message says why."""


def mark(contract: Contract, expiries: Sequence[Expiry], now: dt.datetime) -> Mark:
    """What prices a contract.

    Parameters
    ----------
    contract : Contract
    expiries : sequence of Expiry
        Of the contract's index: SPX and SPXW, or VIX and VIXW.
    now : datetime
        The quotes' market time, aware.

    Raises
    ------
    UnpricedError
    """
    root, scale = ("SPXW", XSP_SCALE) if contract.root == "XSP" else (contract.root, 1.0)
    try:
        left = calendar.years(root, contract.expiry, now)
    except ValueError as error:
        raise UnpricedError(str(error)) from error
    if left <= 0.0:
        raise UnpricedError(f"settled on {contract.expiry}")
    fitted = sorted((e for e in expiries if e.smile is not None and e.years > 0.0), key=lambda e: e.years)
    if not fitted:
        raise UnpricedError("the quotes have no smile of this index")
    for own in fitted:
        if own.expiry == contract.expiry and (own.root == root or root.startswith("VIX")):
            vol = _vol(own, own.forward, contract.strike * scale, own.years)
            return Mark(own.years, own.forward / scale, vol, own.rate, OWN)
    before = [e for e in fitted if e.years <= left]
    after = [e for e in fitted if e.years >= left]
    if not before or not after:
        raise UnpricedError(f"the quotes have smiles from {fitted[0].expiry} to {fitted[-1].expiry} only")
    near, far = before[-1], after[0]
    share = 0.0 if far.years == near.years else (left - near.years) / (far.years - near.years)
    forward = near.forward + share * (far.forward - near.forward)
    ends = [_vol(e, e.forward, contract.strike * scale / forward * e.forward, e.years) for e in (near, far)]
    variance = (1.0 - share) * near.years * ends[0] ** 2 + share * far.years * ends[1] ** 2
    rate = near.rate + share * (far.rate - near.rate)
    source = BETWEEN.format(near.expiry, far.expiry)
    return Mark(left, forward / scale, math.sqrt(variance / left), rate, source)


def _vol(expiry: Expiry, forward: float, strike: float, years: float) -> float:
    assert expiry.smile is not None
    vol = float(expiry.smile.vol(np.array([strike]), forward, years)[0])
    if not vol > 0.0:
        raise UnpricedError(f"the smile of {expiry.expiry} has no volatility at this strike")
    return vol
