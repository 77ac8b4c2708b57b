"""The local history: SPX, the VIX family, VX futures by contract and the short rate, on one axis of SPX's days."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
import zlib
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlalvh.market.directory import data_directory
from xlalvh.market.term_structure import NEAREST
from xlalvh.numerics.arrays import Array, Dates

FOLDER = "history"
NAME = "history.npz"
LEVELS = ("spx", "vix", "vix9d", "vix3m", "vix6m", "vvix", "skew")
MINUTES = 525_600.0  # of a year

_VERSION = 1


class HistoryError(ValueError):
    """A history that cannot be used; the message names the file and the remedy."""


class Origin(IntEnum):
    """Where a price of a future comes from."""

    NONE = 0  # there is no price
    CONTRACT = 1  # the contract's own settlement
    TRADE = 2  # the contract's close, on a day without a settlement
    CURVE = 3  # vixcentral's table of F1 to F12
    ARCHIVE = 4  # the exchange's list of final settlements
    OPEN = 5  # VIX's open on the settlement day, for want of the final settlement


class Curve(NamedTuple):
    """The futures of one day, by settlement day."""

    expiries: Dates  # datetime64[D]
    years: Array  # to settlement
    settles: Array  # points


@dataclass(frozen=True)
class History:
    """N days on which SPX traded, oldest first, and M monthly VX contracts by settlement day.

    Index levels and futures are in points, NaN where there is none. `rate` is 365 ln(1 + DFF / 360), of the last
    federal funds rate dated before the day: it was known then.
    """

    day: Dates  # (N,) datetime64[D]
    close_at: Dates  # (N,) datetime64[m], UTC: the end of index option trading
    spx: Array  # (N,)
    vix: Array  # (N,)
    vix9d: Array  # (N,) from 2011
    vix3m: Array  # (N,) from 2009-09
    vix6m: Array  # (N,) from 2008
    vvix: Array  # (N,) from 2007
    skew: Array  # (N,)
    rate: Array  # (N,) continuously compounded, a decimal a year
    vx_expiry: Dates  # (M,) datetime64[D], the final settlement day
    vx_settles_at: Dates  # (M,) datetime64[m], UTC
    vx_settle: Array  # (N, M) daily settlements; NaN on the settlement day and after
    vx_from: NDArray[np.uint8]  # (N, M) an `Origin`
    vx_final: Array  # (M,) final settlement, the special opening quotation of VIX; NaN where it is not known
    vx_final_from: NDArray[np.uint8]  # (M,) an `Origin`

    def __len__(self) -> int:
        return len(self.day)

    def at(self, day: dt.date) -> int:
        """The position of a day.

        Raises
        ------
        HistoryError
            Where SPX did not trade, or the history does not reach.
        """
        i = int(np.searchsorted(self.day, np.datetime64(day)))
        if i == len(self) or self.day[i] != np.datetime64(day):
            raise HistoryError(f"the history has no {day}; it holds SPX's trading days {self.day[0]} to {self.day[-1]}")
        return i

    def between(self, first: dt.date | None = None, last: dt.date | None = None) -> History:
        """The days from `first` to `last`, both included, with the contracts that have a price in them.

        Raises
        ------
        HistoryError
            Where it has no such day.
        """
        low = 0 if first is None else int(np.searchsorted(self.day, np.datetime64(first)))
        high = len(self) if last is None else int(np.searchsorted(self.day, np.datetime64(last), side="right"))
        if low >= high:
            raise HistoryError(
                f"the history has no day from {first} to {last}; it runs from {self.day[0]} to {self.day[-1]}"
            )
        kept = np.isfinite(self.vx_settle[low:high]).any(axis=0)
        rows = ("day", "close_at", *LEVELS, "rate")
        contracts = ("vx_expiry", "vx_settles_at", "vx_final", "vx_final_from")
        return replace(
            self,
            **{name: getattr(self, name)[low:high] for name in rows},
            **{name: getattr(self, name)[kept] for name in contracts},
            vx_settle=self.vx_settle[low:high, kept],
            vx_from=self.vx_from[low:high, kept],
        )

    def curve(self, i: int) -> Curve:
        """The futures with a price on the i-th day."""
        priced = np.isfinite(self.vx_settle[i])
        return Curve(self.vx_expiry[priced], self.years(i, self.vx_settles_at[priced]), self.vx_settle[i, priced])

    def years(self, i: int, moments: Dates) -> Array:
        """Years from the i-th day's close to UTC moments: elapsed minutes over 525,600."""
        return (moments - self.close_at[i]) / np.timedelta64(1, "m") / MINUTES

    def cm(self, days_to: float) -> Array:
        """Constant-maturity future of each day, (N,), points: linear in price between the neighbouring contracts.

        Calendar days are counted from day to settlement day. Spot VIX serves as day 0 only where the first future lies
        beyond `days_to` and within 45 days, as in `term_structure.constant_maturity`. NaN where the curve does not
        reach.
        """
        target = float(days_to)
        days = (self.vx_expiry[None, :] - self.day[:, None]) / np.timedelta64(1, "D")
        priced = np.isfinite(self.vx_settle)
        below = np.where(priced & (days <= target), days, -np.inf)
        above = np.where(priced & (days >= target), days, np.inf)
        rows = np.arange(len(self))
        if not days.size:
            return np.full(len(self), np.nan)
        left, right = below.argmax(axis=1), above.argmin(axis=1)
        x0, x1 = below[rows, left], above[rows, right]
        y0, y1 = self.vx_settle[rows, left], self.vx_settle[rows, right]
        spot = ~np.isfinite(x0) & (x1 <= NEAREST)
        x0, y0 = np.where(spot, 0.0, x0), np.where(spot, self.vix, y0)
        good = np.isfinite(x0) & np.isfinite(x1)
        with np.errstate(invalid="ignore", divide="ignore"):
            weight = np.where(x1 > x0, (target - x0) / (x1 - x0), 0.0)
            return np.where(good, y0 + weight * (y1 - y0), np.nan)

    def save(self, path: Path) -> None:
        """Write it to a file, whole or not at all."""
        new = path.with_name(f"{path.name}.{os.getpid()}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("wb") as file:
                np.savez_compressed(
                    file, version=np.array(_VERSION), **{f.name: getattr(self, f.name) for f in fields(self)}
                )
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def default_path() -> Path:
    """Where `xlalvh history update` writes."""
    return data_directory() / FOLDER / NAME


def load(path: Path | None = None) -> History:
    """The history of a file.

    Parameters
    ----------
    path : Path, optional
        What `History.save` wrote; that of the data directory if omitted.

    Raises
    ------
    HistoryError
        Where there is none, or it cannot be read.
    """
    path = path or default_path()
    try:
        with np.load(path, allow_pickle=False) as file:
            if int(file["version"]) != _VERSION:
                raise HistoryError(f"{path} is of another version of xlalvh; run: xlalvh history update")
            return History(**{f.name: file[f.name] for f in fields(History)})
    except FileNotFoundError:
        raise HistoryError(f"there is no history in {path.parent} yet; run: xlalvh history update") from None
    except (OSError, KeyError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, HistoryError):
            raise
        raise HistoryError(f"{path} cannot be read ({error}); run: xlalvh history update") from error
