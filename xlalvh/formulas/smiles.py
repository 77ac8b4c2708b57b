"""Volatilities as cells give them: one number, one a leg, or the row of a fitted smile."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.errors import num_error, value_error
from xlalvh.numerics.arrays import Array
from xlalvh.numerics.smile import ROW, Smile
from xlalvh.strategy import volatility

WIDTH = len(ROW)
_QUALITY = ("fit_error", "arbitrage_free")  # told by a row, not needed to evaluate it
_PLAIN = 5  # a, b, rho, m, sigma alone are a slice too


def is_smile(cell_count: int) -> bool:
    """Whether a line of so many cells is a smile."""
    return cell_count in (_PLAIN, WIDTH)


def smile(value: Any, name: str) -> Smile:
    """A row that `ALVH_SMILE_FIT` gave, or its first five cells, as a smile."""
    items = cells.grid(value, name).cells
    if not is_smile(len(items)):
        raise value_error(
            f"{name} has {len(items)} cells; give the {WIDTH} cells of a row of ALVH_SMILE_FIT, or a, b, rho, m, sigma"
        )
    given = {
        label: cells.number(item, f"{name} ({label})")
        for label, item in zip(ROW, items, strict=False)
        if label not in _QUALITY
    }
    bumps = tuple(value for label, value in given.items() if label.startswith("bump_"))
    slice_only = Smile(given["a"], given["b"], given["rho"], given["m"], given["sigma"])
    found = slice_only._replace(scale=given["scale"], bumps=bumps) if bumps else slice_only
    if not found.valid():
        raise num_error(f"{name} is no SVI slice; it needs b >= 0, |rho| < 1, sigma > 0 and variance above 0")
    return found


def vol_at(value: Any, name: str, forward: float, years: float, legs: Array | None = None) -> volatility.VolAt:
    """The volatility at any strike from one number, a smile, or (with `legs`) one number a leg."""
    items = cells.grid(value, name).cells
    if is_smile(len(items)):
        return volatility.on_smile(smile(value, name), forward, years)
    if len(items) == 1:
        return volatility.flat(_one_vol(items[0], name))
    if legs is not None and len(items) == len(legs):
        return volatility.between(legs, np.array([_one_vol(item, name) for item in items]))
    legs_too = "" if legs is None else f", {len(legs)} (one a leg)"
    raise value_error(f"{name} has {len(items)} cells; give one volatility{legs_too} or a row of ALVH_SMILE_FIT")


def _one_vol(cell: Any, name: str) -> float:
    vol = cells.number(cell, name)
    if not 0.0 < vol <= 100.0:
        raise num_error(f"{name} is {vol:g}; enter a volatility as a decimal above 0, 0.18 for 18 %")
    return vol
