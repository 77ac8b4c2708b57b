"""Option symbols, such as SPXW260828P06790000: root, yymmdd, right, strike x 1000; a column of them at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xlalvh.market import calendar
from xlalvh.market.providers.text import count
from xlalvh.numerics.arrays import Array, Dates, Integers, Mask, Texts

ROOTS = {"SPX": ("SPX", "SPXW"), "VIX": ("VIX", "VIXW"), "XSP": ("XSP",)}

_TAIL = 15  # yymmdd, right, eight digits
_LONGEST_ROOT = 6


class Rows(NamedTuple):
    """Columns for `quality.build`, an element a strike of an expiry of a root; prices in points, NaN where missing."""

    root: Texts
    expiry: Dates
    strike: Array
    call_bid: Array
    call_ask: Array
    put_bid: Array
    put_ask: Array


def pair(symbols: list[str], bid: Array, ask: Array, underlying: str) -> tuple[Rows, tuple[str, ...]]:
    """Calls and puts of a strike side by side.

    Parameters
    ----------
    symbols : list of str
    bid, ask : arrays of the same length
    underlying : str
        SPX, XSP or VIX; contracts with roots of others are left out.

    Returns
    -------
    Rows, and notes that count what was left out: symbols that cannot be read, other roots, repeated contracts (the
    first counts).
    """
    read, root, day, call, thousandths = _split(symbols)
    known = np.isin(root, ROOTS[underlying])
    notes = _left_out([(int(np.count_nonzero(~read)), "with a symbol that cannot be read")])
    notes += _left_out([(int(np.count_nonzero(read & ~known)), f"with a root that is not {underlying}'s")])
    at = np.nonzero(read & known)[0]
    code = np.searchsorted(np.array(ROOTS[underlying]), root[at])
    key = (day[at].astype(np.int64) * len(ROOTS[underlying]) + code) * 10**8 + thousandths[at]
    _, where, row = np.unique(key, return_index=True, return_inverse=True)
    sides = np.full((4, len(where)), np.nan)
    repeated = 0
    for is_call, first in ((True, 0), (False, 2)):
        mine = np.nonzero(call[at] == is_call)[0]
        places, firsts = np.unique(row[mine], return_index=True)
        repeated += len(mine) - len(places)
        source = at[mine[firsts]]
        sides[first, places], sides[first + 1, places] = bid[source], ask[source]
    kept = at[where]
    rows = Rows(root[kept], day[kept], thousandths[kept] / 1000.0, *sides)
    return rows, notes + _left_out([(repeated, "repeating an earlier one")])


def _left_out(counts: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"left out: {count(n, 'contract')} {why}" for n, why in counts if n)


def _split(
    symbols: list[str],
) -> tuple[Mask, Texts, Dates, Mask, Integers]:
    """Whether each symbol can be read; its root, expiry, whether a call, its strike in thousandths."""
    n = len(symbols)
    # Characters beyond ASCII, and symbols too long for one, become ones that cannot be read.
    text = np.array([s if s.isascii() and len(s) <= _LONGEST_ROOT + _TAIL else "" for s in symbols], dtype="S21")
    length = np.char.str_len(text)
    letters = text.view(np.uint8).reshape(n, -1)
    tail_at = np.maximum(length - _TAIL, 0)[:, None] + np.arange(_TAIL)
    tail = np.take_along_axis(letters, tail_at, axis=1)
    digits = tail.astype(np.int64) - ord("0")
    is_digit = (digits >= 0) & (digits <= 9)
    numbers = np.r_[0:6, 7:_TAIL]
    read = (length > _TAIL) & is_digit[:, numbers].all(axis=1) & np.isin(tail[:, 6], (ord("C"), ord("P")))
    year = 2000 + digits[:, 0] * 10 + digits[:, 1]
    month, of_month = digits[:, 2] * 10 + digits[:, 3], digits[:, 4] * 10 + digits[:, 5]
    inside = (
        (month >= 1) & (month <= 12) & (of_month >= 1) & (year > calendar.FIRST.year) & (year <= calendar.LAST.year)
    )
    read &= inside
    months = np.where(read, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    day = months.astype("datetime64[D]") + np.where(read, of_month - 1, 0).astype("timedelta64[D]")
    read &= day.astype("datetime64[M]") == months  # no 31 February
    thousandths = digits[:, 7:] @ 10 ** np.arange(7, -1, -1)
    read &= thousandths > 0
    root = np.array([s[: max(len(s) - _TAIL, 0)] for s in symbols], dtype=f"U{_LONGEST_ROOT}")
    return read, root, day, tail[:, 6] == ord("C"), thousandths
