"""The menu in a running Calc: quotes of a real server's format into a book that a trader works in."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.exchange import Exchange
from tests.market.loopback import answer, silent
from xlalvh.hosts.calc.session import CalcBook, CalcError, CalcSession

_SHORTEST = 15.0  # seconds between two refreshes, in menu.py


class Book:
    """alvh.ods in Calc, with a sheet and inputs of the trader's."""

    def __init__(self, book: CalcBook) -> None:
        self.book = book

    def one(self, name: str) -> Any:
        return self.book.read("Market", name)[0][0]

    def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        give_up = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < give_up, (self.one("refresh_count"), self.one("refresh_banner"))
            time.sleep(0.2)

    def refresh(self) -> None:
        count = self.one("refresh_count")
        self.book.menu("refresh")
        self.until(lambda: self.one("refresh_count") > count or self.one("refresh_status") != "")

    def results(self) -> dict[str, Any]:
        names = ("spx_spot", "condor_expiry", "condor_credit", "ladder_unit_cost", "hedge_coverage", "regime")
        return {name: self.one(name) for name in names}

    def tables(self) -> list[Any]:
        names = ("spx_table", "spx_smile", "vix_table", "vix_smile", "fut_table", "spxq_table", "vixq_table")
        return [self.book.read("Market", name) for name in names]

    def inputs(self) -> list[Any]:
        return [
            *(self.one(name) for name in ("set_put_delta", "refresh_seconds", "condor_lots")),
            self.book.read("Mine", "A1:B2"),
            self.book.formulas("Mine", "A1:B2"),
        ]


def opened(calc: CalcSession, path: Path) -> Book:
    shutil.copy(ROOT / "workbook" / "alvh.ods", path)
    book = calc.open(path)
    book.add_sheet("Mine")
    book.write("Mine", "A1", "a note of mine")
    book.write("Mine", "B2", 7.0)
    book.write("Rules", "set_put_delta", 0.12)
    return Book(book)


@pytest.fixture
def book(calc: CalcSession, exchange: Exchange, tmp_path: Path) -> Iterator[Book]:
    found = opened(calc, tmp_path / "alvh.ods")
    yield found
    found.book.close()


def test_two_refreshes_and_everything_follows(book: Book, exchange: Exchange) -> None:
    before, inputs = book.results(), book.inputs()
    assert book.one("market_banner").startswith("SAMPLE")
    exchange.quote_may()
    book.refresh()
    may = book.results()
    assert may["spx_spot"] == pytest.approx(4191.98)
    assert book.one("refresh_banner").startswith("Quotes of 2023-05-19 16:15 New York")
    assert book.book.read("Dashboard", "A3") == [[book.one("refresh_banner")]]
    exchange.quote_sample()
    book.refresh()
    later = book.results()
    assert book.one("refresh_count") == 2.0
    assert not book.one("refresh_status")
    for name in ("spx_spot", "condor_expiry", "condor_credit", "ladder_unit_cost", "hedge_coverage"):
        assert isinstance(may[name], float), (name, may[name])
        assert may[name] != later[name]
    assert book.inputs() == inputs
    assert later["spx_spot"] == before["spx_spot"]


def test_undo_puts_all_quotes_back_and_calcs_own_never_mixes_them(book: Book, exchange: Exchange) -> None:
    inputs, sample, tables = book.inputs(), book.results(), book.tables()
    exchange.quote_may()
    book.refresh()
    may = book.results()
    assert may != sample
    with pytest.raises(CalcError, match="EmptyUndoStack"):
        book.book.undo()
    book.book.write("Rules", "set_put_delta", 0.13)
    book.book.undo()
    assert book.results() == may
    book.book.menu("undo")
    book.until(lambda: book.one("refresh_count") == 0.0)
    assert book.tables() == tables
    assert book.results() == sample
    assert book.inputs() == inputs


def test_a_failure_keeps_the_quotes_and_is_said_until_the_next_success(book: Book, exchange: Exchange) -> None:
    exchange.quote_may()
    book.refresh()
    may = book.results()
    exchange.fail(answer(b"gone", "503 Service Unavailable"))
    book.refresh()
    assert book.results() == may
    assert book.one("refresh_count") == 1.0
    line = book.book.read("Dashboard", "A3")[0][0]
    assert line.startswith("Quotes of 2023-05-19 16:15 New York")
    assert "last refresh failed" in line
    assert "503" in line
    assert line.endswith("days old then")
    exchange.quote_may()
    book.book.menu("refresh")
    book.until(lambda: book.one("refresh_count") == 2.0)
    assert "failed" not in book.book.read("Dashboard", "A3")[0][0]


def test_cancelled_it_leaves_the_book_and_the_next_one_works(book: Book, exchange: Exchange) -> None:
    exchange.fail(silent)
    book.book.menu("refresh")
    book.until(lambda: len(exchange.asked()) > 0)
    book.book.write("Mine", "A2", "typed meanwhile")
    before = book.results()
    book.book.menu("cancel")
    exchange.quote_may()

    def again() -> bool:
        book.book.menu("refresh")
        return bool(book.one("refresh_count") == 1.0)

    assert book.one("refresh_status") == ""
    assert book.results() == before
    book.until(again)
    assert book.one("spx_spot") == pytest.approx(4191.98)
    assert book.book.read("Mine", "A2") == [["typed meanwhile"]]


def test_a_book_closed_meanwhile_breaks_nothing(calc: CalcSession, exchange: Exchange, tmp_path: Path) -> None:
    exchange.fail(silent)
    first = opened(calc, tmp_path / "first.ods")
    first.book.menu("refresh")
    first.until(lambda: len(exchange.asked()) > 0)
    first.book.close()
    exchange.quote_may()
    second = opened(calc, tmp_path / "second.ods")
    second.refresh()
    try:
        second.until(lambda: bool(second.book.menu("refresh")) or second.one("refresh_count") > 0.0)
        assert second.one("spx_spot") == pytest.approx(4191.98)
    finally:
        second.book.close()


def test_auto_refresh_stops_when_told_and_with_the_book(calc: CalcSession, exchange: Exchange, tmp_path: Path) -> None:
    exchange.quote_may()
    told, closed = opened(calc, tmp_path / "told.ods"), opened(calc, tmp_path / "closed.ods")
    for book in (told, closed):
        book.book.write("Market", "refresh_seconds", 1.0)  # as often as it may
        book.book.menu("switch")
    told.until(lambda: min(book.one("refresh_count") for book in (told, closed)) >= 2.0, 90.0)
    told.book.menu("switch")
    closed.book.close()
    told.until(lambda: told.one("spx_spot") == pytest.approx(4191.98))
    time.sleep(3.0)  # one under way may end
    count, asked = told.one("refresh_count"), len(exchange.asked())
    time.sleep(_SHORTEST + 2.0)
    assert (told.one("refresh_count"), len(exchange.asked())) == (count, asked)
    told.book.close()
