"""The Positions sheet of the sample, as the embedded engine computed it: the book in use and what it nets to."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.book import cells_of
from workbook.run import Run
from xlalvh.formulas import alvh_margin, alvh_net


def rows_of(run: Run, name: str) -> list[list[Any]]:
    sheet, area = run.built.names[name]
    cells = cells_of(area)
    width = len({cell.rstrip("0123456789") for cell in cells})
    return [[run.values[sheet, cell] for cell in cells[i : i + width]] for i in range(0, len(cells), width)]


def one(run: Run, name: str) -> Any:
    return run.values[run.built.names[name]]


@pytest.fixture(scope="module")
def book(sample_run: Run) -> list[list[Any]]:
    return rows_of(sample_run, "book")


def test_the_book_is_60_rows_of_eight(book: list[list[Any]]) -> None:
    assert (len(book), len(book[0])) == (60, 8)
    assert [row[0] for row in book[:14]] == ["SPX"] * 4 + ["VIX"] * 10
    assert all(cell == "" for row in book[14:] for cell in row)


def test_it_is_the_workbooks_condor_and_ladder(sample_run: Run, book: list[list[Any]]) -> None:
    assert [row[1] for row in book[:4]] == [row[0] for row in rows_of(sample_run, "condor_quantities")]
    assert [row[3] for row in book[:4]] == [row[0] for row in rows_of(sample_run, "condor_strikes")]
    units = one(sample_run, "hedge_units")
    assert [row[1] for row in book[4:14]] == [units * row[0] for row in rows_of(sample_run, "ladder_rung_contracts")]
    assert one(sample_run, "book_legs") == 14
    assert one(sample_run, "book_reason") == ""


def test_what_it_nets_to(sample_run: Run, book: list[list[Any]]) -> None:
    net = {row[0]: row for row in alvh_net(book, headers=False)}
    assert one(sample_run, "net_spx_delta") == pytest.approx(net["SPX"][3], rel=1e-12)
    assert one(sample_run, "net_vix_vega") == pytest.approx(net["VIX"][5], rel=1e-12)
    assert one(sample_run, "net_all_theta") == pytest.approx(net["Total"][6], rel=1e-12)
    assert one(sample_run, "net_all_theta") == pytest.approx(one(sample_run, "hedge_net_theta"), rel=1e-9)
    # The same two figures that Sizing has: the condor's by its own smile, the ladder's by its own deltas.
    assert one(sample_run, "book_coverage") == pytest.approx(one(sample_run, "hedge_coverage"), rel=1e-6)


def test_margin(sample_run: Run, book: list[list[Any]]) -> None:
    total = alvh_margin(book, headers=False)[-1]
    assert one(sample_run, "book_margin") == pytest.approx(total[2], rel=1e-12)
    assert one(sample_run, "book_cash") == pytest.approx(total[4], rel=1e-12)
    assert one(sample_run, "book_margin") == pytest.approx(one(sample_run, "condor_margin"), rel=1e-9)


def test_imported_legs_of_the_sample_are_all_priced(sample_run: Run) -> None:
    status = [row[0] for row in rows_of(sample_run, "positions_imported_status")]
    assert status[:17] == ["smile of its expiry"] * 17
    assert set(status[17:]) == {""}
    assert one(sample_run, "positions_imported_unpriced") == 0


def test_tickets(sample_run: Run) -> None:
    condor = [row[0] for row in rows_of(sample_run, "ticket_condor_lines")]
    assert condor[0].startswith("SELL -10 IRON CONDOR SPX 100 (Weeklys) 27 FEB 26 7220/7270/6550/6500 CALL/PUT @")
    assert len([line for line in condor if line]) == 6
    ladder = [row[0] for row in rows_of(sample_run, "ticket_ladder_lines")]
    assert len([line for line in ladder if line.startswith("BUY +10 VIX 100 ")]) == 10
    assert all(row[0] == "" for row in rows_of(sample_run, "ticket_group_lines"))
