"""Strategy-based (Reg-T) margin of a book, an expiry at a time.

Cboe Rule 10.3 and FINRA Rule 4210(f)(2), as the Cboe's overview "Strategy-based Margin" tells them. Legs of one expiry
that cover each other need what they can lose at settlement: the wider side of a condor. Short options without cover
need a share of the index. A side at another expiry needs its own margin, and nothing of SPX offsets anything of VIX.
A long option that expires later than a short one covers nothing here, which asks for more than a broker would.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.risk.legs import Legs
from xlalvh.strategy.book import MULTIPLIER


class Margin(NamedTuple):
    """Dollars of one expiry; the last row is the book."""

    underlying: str
    days: float | str
    requirement_dollars: float
    premium_dollars: float  # received above 0, paid below
    cash_dollars: float  # what the account must hold besides the premium: requirement - premium


def margin(legs: Legs, rules: Mapping[str, float]) -> list[Margin]:
    """Requirement, premium and cash by expiry, then their sums.

    Premiums are at the legs' own prices; the forward stands in for the level of the index. A long option beyond
    `margin_long_days` lends part of its price, which appears as a requirement below 0. `rules` are those of MARGIN.
    """
    rows = [
        Margin(name, 365.0 * years, *_expiry(legs.take(mask), years, rules)) for name, years, mask in legs.expiries()
    ]
    sums = (float(sum(column)) for column in list(zip(*rows, strict=True))[2:])
    return [*rows, Margin("Total", "", *sums)]


def _expiry(legs: Legs, years: float, rules: Mapping[str, float]) -> tuple[float, float, float]:
    price = legs.price()
    premium = -float(legs.quantity @ price) * MULTIPLIER
    covered = legs.quantity.copy()
    uncovered: dict[float, tuple[float, float]] = {}  # right to dollars required, and worth of those options
    for right in (1.0, -1.0):
        side = legs.right == right
        excess = -float(legs.quantity[side].sum())
        if excess > 0.0:
            left_out = _least_risky(legs, side, excess)
            covered += left_out
            uncovered[right] = _uncovered(legs, price, left_out, rules)
    need = _largest_loss(legs, covered)
    if uncovered:
        # Both sides: the greater requirement, and the other side's worth.
        greater = max(uncovered, key=lambda right: uncovered[right][0])
        need += uncovered[greater][0] + sum(worth for right, (_, worth) in uncovered.items() if right != greater)
    if (legs.quantity > 0.0).all() and years * 365.0 > rules["margin_long_days"]:
        need = premium * (1.0 - rules["margin_long"])
    return need, premium, need - premium


def _least_risky(legs: Legs, side: Array, excess: float) -> Array:
    """Contracts to leave without cover, a leg an element: the shorts of a side farthest out of the money."""
    left_out = np.zeros_like(legs.quantity)
    order = np.argsort(-legs.right * legs.strike)
    for i in order:
        if side[i] and legs.quantity[i] < 0.0 and excess > 0.0:
            left_out[i] = min(-legs.quantity[i], excess)
            excess -= left_out[i]
    return left_out


def _uncovered(legs: Legs, price: Array, contracts: Array, rules: Mapping[str, float]) -> tuple[float, float]:
    """Dollars required for short contracts without cover, and what they are worth."""
    out = np.maximum(legs.right * (legs.strike - legs.forward), 0.0)
    floor = rules["margin_naked_least"] * np.where(legs.right > 0.0, legs.forward, legs.strike)
    points = price + np.maximum(rules["margin_naked"] * legs.forward - out, floor)
    return float(contracts @ points) * MULTIPLIER, float(contracts @ price) * MULTIPLIER


def _largest_loss(legs: Legs, quantity: Array) -> float:
    """Most that the legs can owe at settlement: it lies at a strike, or at 0, where no side is short on balance."""
    levels = np.append(legs.strike, 0.0)
    intrinsic = np.maximum(legs.right * (levels[:, None] - legs.strike), 0.0)
    return max(0.0, -float((intrinsic @ quantity).min())) * MULTIPLIER
