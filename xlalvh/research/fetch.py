"""`xlalvh history update`: the providers' files kept in the data directory, and the history made of them.

Each file is written whole or not at all as soon as it is there, so an update that was broken off goes on where it
was. Only what lacks days is asked for again: an index that ends before the last session, a contract before its
settlement.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from xlalvh.market import calendar
from xlalvh.market.directory import data_directory
from xlalvh.market.http import Client, MissingError
from xlalvh.market.providers.cboe import Cboe
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.order import ordered
from xlalvh.market.providers.provider import NotOfferedError, Provider
from xlalvh.market.providers.text import Document, document
from xlalvh.market.providers.vx_futures import last_day
from xlalvh.market.quotes import IndexHistory, QuoteError
from xlalvh.research.assemble import WANTED, combine, find
from xlalvh.research.gaps import Report
from xlalvh.research.history import FOLDER, HistoryError, default_path

if TYPE_CHECKING:
    from xlalvh.market.settings import Settings

Tell = Callable[[str], None]

_FILES = "files"
_FIRST_CONTRACT = (2013, 1)  # Cboe's files by contract begin here
_AHEAD = 8  # monthly contracts that are listed
_REMEDY = "run the update again"


def update(settings: Settings, tell: Tell, now: dt.datetime, folder: Path | None = None) -> Report:
    """Bring the local history up to date.

    Parameters
    ----------
    settings : Settings
        `order` says which provider is asked first for an index; VX contracts are Cboe's.
    tell : callable
        Gets a line for each step.
    now : datetime, aware
    folder : Path, optional
        Files of the providers to take in, instead of asking them.

    Returns
    -------
    Report
        Of the whole history, which is stored by then.

    Raises
    ------
    HistoryError
        Where the files hold no history of SPX, or another update runs. What was fetched is kept.
    """
    kept = data_directory() / FOLDER / _FILES
    with _alone():
        kept.mkdir(parents=True, exist_ok=True)
        reasons = asyncio.run(_fetch(settings, kept, now, tell)) if folder is None else _take_in(folder, kept, tell)
        tell("putting the history together")
        found = find(kept)
        found.refused += reasons
        history, report = combine(found)
        history.save(default_path())
    return report


@contextmanager
def _alone() -> Iterator[None]:
    """No other update runs meanwhile; the lock ends with its process."""
    lock = FileLock(data_directory() / "history.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise HistoryError("another update of the history is running; wait for its end, then try again") from None
    try:
        yield
    finally:
        lock.release()


def _take_in(folder: Path, kept: Path, tell: Tell) -> list[str]:
    """Copy a folder's files that are of use; of two with one name the longer one stays."""
    if not folder.is_dir():
        raise HistoryError(f"there is no folder {folder}; give one with the providers' files")
    found = find(folder)
    taken = 0
    for path in found.files:
        target = kept / path.name
        body = path.read_bytes()
        if not target.exists() or target.stat().st_size < len(body):
            _write(target, body)
            taken += 1
    tell(f"{len(found.files)} files of {folder} are of use, {taken} of them new")
    return found.refused


async def _fetch(settings: Settings, kept: Path, now: dt.datetime, tell: Tell) -> list[str]:
    """Ask for what lacks days; the reasons of what could not be had."""
    last = calendar.last_settled(now)
    reasons: list[str] = []
    async with Client(settings.http, data_directory() / "answers") as client:
        providers = ordered(settings, client, now)
        for symbol in WANTED:
            await _index(symbol, providers, kept, last, tell, reasons)
        cboe = providers.get("cboe")
        if isinstance(cboe, Cboe):
            await _contracts(cboe, kept, last, tell, reasons)
    return reasons


async def _index(
    symbol: str, providers: dict[str, Provider], kept: Path, last: dt.date, tell: Tell, reasons: list[str]
) -> None:
    path = kept / f"{symbol}_History.csv"
    earlier = _earlier(path)
    if earlier is not None and earlier.dates[-1] >= np.datetime64(last):
        return
    failures = []
    for name, provider in providers.items():
        try:
            found = await provider.history(symbol)
        except NotOfferedError:
            continue
        except QuoteError as error:
            failures.append(str(error))
            continue
        before = 0 if earlier is None else len(earlier.dates)
        merged = _merged(found, earlier)
        _write(path, _csv(symbol, merged))
        tell(f"{symbol}: {len(merged) - before} new days from {name}, up to {max(merged)}")
        return
    reasons.append(f"{symbol}: {'; '.join(failures) or 'no provider of the settings has it'}")


def _earlier(path: Path) -> IndexHistory | None:
    """What is kept of an index; a file that cannot be read counts as none."""
    try:
        return read_index_history(path)
    except QuoteError:
        return None


def _merged(new: IndexHistory, earlier: IndexHistory | None) -> dict[dt.date, tuple[float, float, float, float]]:
    """Open, high, low and close by day; the new ones win, days that only the earlier has stay."""
    days: dict[dt.date, tuple[float, float, float, float]] = {}
    for history in (earlier, new):
        if history is not None:
            missing = np.full(len(history.dates), np.nan)
            columns = (
                *(missing if column is None else column for column in (history.open, history.high, history.low)),
                history.close,
            )
            days.update(
                zip(history.dates.astype(object), zip(*(c.tolist() for c in columns), strict=True), strict=True)
            )
    return days


def _csv(symbol: str, days: dict[dt.date, tuple[float, float, float, float]]) -> bytes:
    """Cboe's format, of one level where there is nothing but the close: a rate may be 0 there."""
    whole = any(values[0] == values[0] for values in days.values())
    lines = ["DATE,OPEN,HIGH,LOW,CLOSE" if whole else f"DATE,{symbol}"]
    for day in sorted(days):
        values = days[day] if whole else days[day][3:]
        lines.append(",".join([day.isoformat(), *("" if value != value else repr(value) for value in values)]))
    return "\n".join([*lines, ""]).encode()


async def _contracts(cboe: Cboe, kept: Path, last: dt.date, tell: Tell, reasons: list[str]) -> None:
    """The monthly contracts that are not whole yet; one that Cboe does not have is a gap."""
    year, month = _FIRST_CONTRACT
    months = (last.year - year) * 12 + last.month - month + 1 + _AHEAD
    new = absent = 0
    for i in range(months):
        expiry = calendar.vix_expiry(year + (month - 1 + i) // 12, (month - 1 + i) % 12 + 1)
        path = kept / f"VX_{expiry}.csv"
        if _is_whole(path, min(expiry, last)):
            continue
        try:
            file: Document = await cboe.contract(expiry)
        except MissingError:
            absent += 1
        except QuoteError as error:
            reasons.append(str(error))
        else:
            _write(path, file.raw)
            new += 1
    tell(f"VX: {new} contracts fetched" + (f", {absent} that Cboe does not have" if absent else ""))


def _is_whole(path: Path, last: dt.date) -> bool:
    try:
        return path.exists() and last_day(document(path, _REMEDY)) >= last
    except QuoteError:
        return False


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        new.write_bytes(body)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
