"""What the macros of Excel reach in Python: a refresh, looked at until it is over, and where the template lies.

The quotes are fetched by a process of their own and tabulated in a thread, so that formulas are answered meanwhile.
There is one refresh at a time; who asks for another while it runs takes part in it.
"""

from __future__ import annotations

import datetime as dt
import functools
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import resources
from typing import TYPE_CHECKING, Any

import xlwings

from xlalvh.hosts.excel.server import guarded
from xlalvh.hosts.refreshing import Job, latest_tables

if TYPE_CHECKING:
    from xlalvh.market.tables import MarketTables

Area = tuple[tuple[Any, ...], ...]


class Refresh:
    """One refresh: the fetch, then the tables of what came."""

    def __init__(self) -> None:
        self._job = Job.start()
        self._tables: Future[MarketTables] | None = None
        self._areas: dict[bool, dict[str, Area]] = {}
        self.over = False

    def look(self) -> tuple[bool, str, str]:
        """Whether it is over, how it goes, and why it failed."""
        if self.over:
            return True, "", ""
        status = self._job.poll()
        if status.error:
            self.over = True
            return True, status.text, status.error
        if not status.done:
            return False, status.text, ""
        if self._tables is None:
            self._tables = _worker().submit(latest_tables)
        if not self._tables.done():
            return False, "fitting smiles", ""
        self.over = True
        error = self._tables.exception()
        return True, status.text, _line(error) if error else ""

    def cancel(self) -> None:
        """End the fetch; what the store holds stays."""
        self.over = True
        self._job.cancel()

    def areas(self, date_1904: bool) -> dict[str, Area]:
        """The areas of the Market sheet by name, to be asked for once it is over."""
        from xlalvh.hosts.block import block

        assert self._tables is not None
        if date_1904 not in self._areas:
            self._areas[date_1904] = block(self._tables.result(), date_1904=date_1904)
        return self._areas[date_1904]


_refresh: Refresh | None = None


@xlwings.func
@xlwings.ret("raw")
def start() -> list[list[Any]]:
    """Start a refresh, or take part in the one that runs; how it goes."""

    def work() -> str:
        global _refresh
        if _refresh is None or _refresh.over:
            _refresh = Refresh()
        return "fetching quotes"

    return guarded(work)


@xlwings.func
@xlwings.ret("raw")
def look() -> list[list[Any]]:
    """Whether the refresh is over, how it goes, and why it failed: three cells of a row."""
    return guarded(lambda: _the().look())


@xlwings.func
@xlwings.ret("raw")
def cancel() -> list[list[Any]]:
    """End the refresh that runs."""
    return guarded(lambda: _the().cancel())


@xlwings.func
@xlwings.ret("raw")
def names() -> list[list[Any]]:
    """The names of the areas to write, a line each."""
    return guarded(lambda: "\n".join(_the().areas(False)))


@xlwings.func
@xlwings.arg("name", "raw")
@xlwings.arg("date_1904", "raw")
@xlwings.ret("raw")
def area(name: str, date_1904: bool) -> list[list[Any]]:
    """The rows of an area; dates as serials of the book's system, a blank as an empty text."""
    return guarded(lambda: _the().areas(bool(date_1904))[name])


@xlwings.func
@xlwings.arg("reason", "raw")
@xlwings.arg("date_1904", "raw")
@xlwings.ret("raw")
def failed(reason: str, date_1904: bool) -> list[list[Any]]:
    """The areas that say in a book that a refresh failed: for each its name and what it gets, in one row."""

    def work() -> tuple[Any, ...]:
        from xlalvh.hosts.block import failure

        told = failure(reason, dt.datetime.now(dt.UTC), date_1904=bool(date_1904))
        return tuple(cell for name, ((value,),) in told.items() for cell in (name, value))

    return guarded(work)


@xlwings.func
@xlwings.ret("raw")
def template() -> list[list[Any]]:
    """The path of the workbook with macros."""
    return guarded(lambda: str(resources.files("workbook").joinpath("alvh.xlsm")))


def _the() -> Refresh:
    if _refresh is None:
        raise RuntimeError("no refresh was started")
    return _refresh


@functools.cache
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
