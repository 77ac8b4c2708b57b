"""Daily index history: Cboe's files of five or two columns, FRED's, and Yahoo's with lower-case titles."""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path

import numpy as np

from xlalvh.market.providers.text import Document, count, date, document, number, read_rows, shown
from xlalvh.market.quotes import IndexHistory, QuoteError

_REMEDY = "give Cboe's VIX_History.csv, FRED's VIXCLS.csv, or a file with the columns date, open, high, low, close"
_DATES = ("date", "observation_date")
_SPX_NAMES = ("GSPC", "SP500")


def read_index_history(source: str | Path | Document) -> IndexHistory:
    """One index's daily levels.

    Parameters
    ----------
    source : str, Path or Document
        A header with a date column, then open, high, low and close, or one column of levels. Dates are MM/DD/YYYY or
        ISO.

    Returns
    -------
    IndexHistory
        Its symbol is the level column's title where that is a name, else it is read from the file's name. Levels are
        in the file's own units. Days without one (blank, ".", or a close not above 0) are left out and counted.

    Raises
    ------
    QuoteError
        For a file of another kind, or without a level.
    """
    file = document(source, _REMEDY)
    lines = read_rows(file, _REMEDY)
    start = next((i for i, cells in enumerate(lines) if cells), 0)
    titles = [cell.lower() for cell in lines[start]]
    if len(titles) < 2 or titles[0] not in _DATES or not ("close" in titles or len(titles) == 2):
        raise QuoteError(f"{file.name} is no index history; its first line is {shown(lines[start])}; {_REMEDY}")
    close_at = titles.index("close") if "close" in titles else 1
    others = [titles.index(title) for title in ("open", "high", "low") if title in titles]
    wanted = [close_at, *others] if len(others) == 3 else [close_at]
    rows: dict[dt.date, list[float]] = {}
    bad = missing = repeated = 0
    for cells in lines[start + 1 :]:
        if not cells:
            continue
        day = date(cells[0]) if len(cells) > max(wanted) else None
        if day is None:
            bad += 1
        elif day in rows:
            repeated += 1
        elif not _is_level(number(cells[close_at]), "close" in titles):
            missing += 1
        else:
            rows[day] = [number(cells[i]) for i in wanted]
    if not rows:
        raise QuoteError(f"{file.name} holds no day with a level; {_REMEDY}")
    days = sorted(rows)
    levels = np.array([rows[day] for day in days]).T
    levels[1:][levels[1:] <= 0.0] = math.nan
    opens, highs, lows = levels[1:] if len(wanted) == 4 else (None, None, None)
    notes = [
        f"left out: {count(n, 'row')} {why}"
        for n, why in ((bad, "cut short or unreadable"), (missing, "without a level"), (repeated, "repeating a day"))
        if n
    ]
    return IndexHistory(
        symbol=_symbol(file, titles[close_at]),
        dates=np.array(days, dtype="datetime64[D]"),
        close=levels[0],
        open=opens,
        high=highs,
        low=lows,
        notes=tuple(notes),
    )


def _is_level(value: float, is_close: bool) -> bool:
    """Whether a number is a level: a rate may be 0 or negative, a close may not."""
    return value > 0.0 if is_close else not math.isnan(value)


def _symbol(file: Document, title: str) -> str:
    if title not in ("close", "value"):
        return title.upper()
    words = [word.upper() for word in re.split(r"[_\W]+", file.stem)]
    if any(word in _SPX_NAMES for word in words):
        return "SPX"
    return next((word for word in words if word and word not in ("CBOE", "FRED", "HISTORY", "DAILY")), file.stem)
