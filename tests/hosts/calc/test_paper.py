"""Book to paper and Mark from the menu of a running Calc."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from xlalvh.hosts.calc.session import CalcBook, CalcSession
from xlalvh.research.paper.ledger import Ledger


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    """The ledger of the helper's data directory, gone afterwards."""
    found = Ledger(home / "paper.sqlite3")
    yield found
    for part in home.glob("paper*"):
        part.unlink()


@pytest.fixture
def book(calc: CalcSession, tmp_path: Path) -> Iterator[CalcBook]:
    path = tmp_path / "alvh.ods"
    shutil.copy(ROOT / "workbook" / "alvh.ods", path)
    opened = calc.open(path)
    yield opened
    opened.close()


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 90.0
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def test_book_and_mark_and_the_sheet_follows(book: CalcBook, ledger: Ledger) -> None:
    def balance() -> dict[object, object]:
        return {row[0]: row[1] for row in book.read("Paper", "paper_balance")}

    assert balance()["ledger balances"] == "nothing booked yet"
    book.menu("paper_book")
    until(lambda: balance()["ledger balances"] == "yes")
    state = ledger.state("sample")
    assert {t.strategy for t in state.trades.values()} == {"condor", "ladder"}
    rows = [row for row in book.read("Paper", "paper_positions")[1:] if row[1] != ""]
    assert len(rows) == len(state.held) == 14
    profit = balance()["profit to date, costs included (dollars)"]
    assert profit == pytest.approx((state.cash + state.value) / 100.0)
    count = book.read("Market", "refresh_count")[0][0]
    book.menu("paper_mark")
    until(lambda: book.read("Market", "refresh_count")[0][0] == count + 1.0)
    assert len(ledger.state("sample").trades) == 2
    assert ledger.faults() == []
