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
from xlalvh.hosts.calc.session import CalcBook, CalcSession


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

    def inputs(self) -> list[Any]:
        return [
            *(self.one(name) for name in ("set_put_delta", "refresh_seconds", "condor_lots")),
            self.book.read("Mine", "A1:B2"),
            self.book.formulas("Mine", "A1:B2"),
        ]


@pytest.fixture
def book(calc: CalcSession, exchange: Exchange, tmp_path: Path) -> Iterator[Book]:
    path = shutil.copy(ROOT / "workbook" / "alvh.ods", tmp_path)
    opened = calc.open(Path(path))
    opened.add_sheet("Mine")
    opened.write("Mine", "A1", "a note of mine")
    opened.write("Mine", "B2", 7.0)
    found = Book(opened)
    found.book.write("Rules", "set_put_delta", 0.12)
    yield found
    opened.close()


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
