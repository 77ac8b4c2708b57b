"""What the measures look at: the history, and what is computed from it once."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.research.backtest import PUTS, Result, run
from xlalvh.research.episodes import Drawdown, drawdowns
from xlalvh.research.history import History, HistoryError
from xlalvh.research.past import Past, carried
from xlalvh.strategy.presets import SEEDS

if TYPE_CHECKING:
    from xlalvh.research.claims.edges import Kept


CURVE_FIRST = dt.date(2010, 5, 24)  # where the real VX curve starts
HEDGED = f"+ ALVH {SEEDS.name}"  # the backtest's variant
_PROCESSES = 2
SINCE = dt.date(2006, 1, 3)  # VIX in its present form, with options on it


class NotThereError(ValueError):
    """What a measure needs is not in the data; the message says what."""


@dataclass(frozen=True)
class World:
    """The data of all measures. `folder` holds provider files that the history does not keep."""

    history: History
    folder: Path | None = None

    def since(self, first: dt.date) -> History:
        """The history from a day on.

        Raises
        ------
        NotThereError
        """
        if self.history.day[-1] < np.datetime64(first):
            raise NotThereError(f"the history ends on {self.history.day[-1]}, before {first}")
        return self.history.between(first)

    @cached_property
    def curve(self) -> History:
        """From the day on which the real VX curve starts to the last day with a future."""
        some = self.since(CURVE_FIRST)
        priced = np.flatnonzero(np.isfinite(some.vx_settle).any(axis=1))
        if not priced.size:
            raise NotThereError("the history has no VX futures")
        return some.between(CURVE_FIRST, some.day[priced[-1]].item())

    @cached_property
    def priced(self) -> History:
        """`curve` with the levels that prices of options need carried over single gaps."""
        try:
            return carried(self.curve)[0]
        except HistoryError as error:
            raise NotThereError(str(error)) from error

    @cached_property
    def backtest(self) -> Result:
        """The condor alone, with the seeds' ladder, with SPX puts: under every supposed price."""
        try:
            return run(self.priced, variants=(HEDGED, PUTS), processes=min(_PROCESSES, os.cpu_count() or 1))
        except HistoryError as error:
            raise NotThereError(str(error)) from error

    @cached_property
    def cm30(self) -> Array:
        """The 30-day constant-maturity future of `curve`, points."""
        return self.curve.cm(30.0)

    @cached_property
    def slope(self) -> Array:
        """CM60 / CM30 - 1 of `curve`."""
        return self.curve.cm(60.0) / self.cm30 - 1.0

    def edges(self, spx_price: float, vix_vol: float, size: float) -> list[Kept]:
        """What `edges.kept` finds at supposed prices and with a layer of a size, computed once."""
        from xlalvh.research.claims import edges

        known: dict[tuple[float, ...], list[Kept]] = self.__dict__.setdefault("_edges", {})
        key = (spx_price, vix_vol, size)
        if key not in known:
            known[key] = edges.kept(Past(self.priced, spx_price, vix_vol), edges.starts(self), size)
        return known[key]

    def drawdowns(self, first: dt.date, least: float = 0.05) -> tuple[History, list[Drawdown]]:
        """The history from a day on, and its falls of SPX."""
        some = self.since(first)
        return some, drawdowns(some.spx, least)
