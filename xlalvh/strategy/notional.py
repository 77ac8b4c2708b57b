"""Hedge size as a share of the condor, on the three readings of the seeds' 25-30 % "of notional"."""

from typing import NamedTuple

PREMIUM, MAX_LOSS, NOTIONAL = "premium", "max loss", "notional"
BASES = (PREMIUM, MAX_LOSS, NOTIONAL)


class Sized(NamedTuple):
    """What one basis asks for."""

    basis: str
    units: float
    contracts: float  # whole
    hedge_dollars: float  # of the whole contracts, in the basis's own measure
    warning: str


def hedge_notional(
    basis: str, weight: float, condor_dollars: float, unit_dollars: float, unit_contracts: float, most_units: float
) -> Sized:
    """Units whose dollars are `weight` of the condor's.

    Parameters
    ----------
    basis : what both dollar figures measure
        premium: the condor's credit, a unit's cost. max loss: the condor's maximum loss, a unit's cost. notional: 100 x
        SPX forward x condors, 100 x the sum of a unit's futures.
    weight : decimal share
    condor_dollars, unit_dollars : dollars, above 0
    unit_contracts : contracts of a unit
    most_units : a size above this is warned of
    """
    units = weight * condor_dollars / unit_dollars
    contracts = float(round(units * unit_contracts))
    words = []
    if units > most_units:
        words.append(f"asks for {units:.3g} units, above {most_units:g}")
    if basis == NOTIONAL:
        words.append("notional of VIX futures says nothing of what they gain: compare the coverage and the cost")
    if contracts == 0.0:
        words.append("rounds to no contract")
    return Sized(basis, units, contracts, contracts * unit_dollars / unit_contracts, "; ".join(words))
