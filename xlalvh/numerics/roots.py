"""Roots of functions of one variable, many points at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xlalvh.numerics.arrays import Array

Function = Callable[[Array], Array]  # element by element

_MOST_STEPS, _CLOSE = 100, 1e-15
_PARTS, _ROUNDS = 8, 18  # a step shrinks by 8^18, to nothing


def all_roots(function: Function, grid: Array) -> list[float]:
    """Every root on an ascending grid, ascending.

    Found are the points of the grid where the function is 0 (of a stretch the ends), its changes of sign, and those
    between two points of one sign where it dips towards 0 and crosses it. Two roots within one step that show no dip,
    and one that touches 0 without crossing, may go unseen.
    """
    heights = function(grid)
    size = np.abs(heights)
    one_sign = (heights[:-2] * heights[1:-1] > 0.0) & (heights[1:-1] * heights[2:] > 0.0)
    dips = np.flatnonzero(one_sign & (size[1:-1] <= np.minimum(size[:-2], size[2:])))
    if dips.size:
        low, high = grid[dips], grid[dips + 2]
        for _ in range(_ROUNDS // 2):  # a minimum is flat: further digits say nothing
            points = np.linspace(low, high, _PARTS + 1)
            least = np.argmin(function(points.ravel()).reshape(points.shape) * np.sign(heights[dips]), axis=0)
            low, high = (np.take_along_axis(points, np.clip(least + step, 0, _PARTS)[None], 0)[0] for step in (-1, 1))
        bottoms = 0.5 * (low + high)
        places = np.searchsorted(grid, bottoms)
        grid, heights = np.insert(grid, places, bottoms), np.insert(heights, places, function(bottoms))
    crossing = np.flatnonzero(heights[:-1] * heights[1:] < 0.0)
    zero = np.concatenate([[False], heights == 0.0, [False]])
    roots = np.unique(grid[zero[1:-1] & ~(zero[:-2] & zero[2:])]).tolist()
    if crossing.size:
        low, high, sign = grid[crossing], grid[crossing + 1], np.sign(heights[crossing])
        for _ in range(_ROUNDS):
            points = np.linspace(low, high, _PARTS + 1)
            beyond = function(points.ravel()).reshape(points.shape) * sign <= 0.0
            beyond[-1] = True
            first = np.argmax(beyond, axis=0)
            low, high = (np.take_along_axis(points, (first + step)[None], 0)[0] for step in (-1, 0))
        roots += (0.5 * (low + high)).tolist()
    return sorted(roots)


def rising_root(function: Function, low: Array, high: Array) -> Array:
    """Where each of many rising functions is 0, element by element; an end of the bracket where it is nowhere 0.

    False position with halved weights, the "Illinois" algorithm: M. Dowell and P. Jarratt, BIT 11 (1971), 168-174.
    """
    at_low, at_high = function(low), function(high)
    side = np.zeros(np.shape(low))
    found = low
    for _ in range(_MOST_STEPS):
        before = found
        with np.errstate(all="ignore"):
            found = np.clip(high - at_high * (high - low) / (at_high - at_low), low, high)
        value = function(found)
        below, above = value < 0.0, value > 0.0
        # The end that stays for a second time counts half.
        at_high = np.where(above, value, np.where(below & (side < 0.0), 0.5 * at_high, at_high))
        at_low = np.where(below, value, np.where(above & (side > 0.0), 0.5 * at_low, at_low))
        low, high = np.where(above, low, found), np.where(below, high, found)
        side = np.sign(value)
        if not (np.abs(found - before) > _CLOSE * (1.0 + np.abs(found))).any():
            break
    return found
