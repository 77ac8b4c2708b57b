"""A history made by known laws."""

from __future__ import annotations

import numpy as np

from xlalvh.market.calendar import vix_expiry
from xlalvh.research.history import History, Origin


def made_history(vix, spx, future, first="2013-01-02") -> History:
    """Sessions are weekdays from `first`; `future(vix, days)` gives a settlement for VIX now and days left."""
    vix, spx = np.asarray(vix, dtype=float), np.asarray(spx, dtype=float)
    n = len(vix)
    day = np.busday_offset(np.datetime64(first), np.arange(n), roll="forward")
    begin, end = day[0].item(), day[-1].item()
    months = [(year, month) for year in range(begin.year, end.year + 2) for month in range(1, 13)]
    expiry = np.array([vix_expiry(*month) for month in months], dtype="M8[D]")
    expiry = expiry[expiry > day[0]]
    left = (expiry[None, :] - day[:, None]) / np.timedelta64(1, "D")
    live = (left > 0) & (left <= 270)
    settle = np.where(live, future(np.arange(n)[:, None], vix[:, None], left), np.nan)
    nothing = np.full(n, np.nan)
    return History(
        day=day,
        close_at=day.astype("M8[m]") + np.timedelta64(21 * 60 + 15, "m"),
        spx=spx,
        vix=vix,
        vix9d=nothing,
        vix3m=nothing,
        vix6m=nothing,
        vvix=nothing,
        skew=nothing,
        rate=np.zeros(n),
        vx_expiry=expiry,
        vx_settles_at=expiry.astype("M8[m]") + np.timedelta64(13 * 60 + 30, "m"),
        vx_settle=settle,
        vx_from=np.where(live, Origin.CONTRACT, Origin.NONE).astype(np.uint8),
        vx_final=np.full(len(expiry), 20.0),
        vx_final_from=np.full(len(expiry), Origin.ARCHIVE, dtype=np.uint8),
    )
