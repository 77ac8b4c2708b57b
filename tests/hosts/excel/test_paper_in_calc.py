"""Book to paper and Mark, in Calc's VBA runtime on the real book, with the ledger and the store as they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.hosts.excel.conftest import reached_by
from tests.hosts.excel.runtime import Live, replaced
from workbook.build import build
from workbook.run import Run
from xlalvh.hosts.block import COUNT
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.market.tables import MarketTables
from xlalvh.research.paper.ledger import Ledger


def test_the_samples_position_is_booked_once_and_marked(
    bare_calc: CalcSession, sample_run: Run, sample_tables: MarketTables, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "paper.sqlite3")
    with reached_by("com.py", home=tmp_path) as pipe:
        with patch("workbook.build.package.project", lambda sheets: replaced(sheets, pipe)):
            path = build(tmp_path / "alvh.xlsm", sample_tables, sample_run.values).path
        names = sample_run.built.names
        opened = bare_calc.open(path, macros=True)
        book = Live(opened, names["vix_level_yours"])  # a cell that is open and stands for nothing here

        def cell(name: str) -> Any:
            return opened.read(*names[name])[0][0]

        def until(holds: Callable[[], bool]) -> None:
            give_up = time.monotonic() + 120.0
            while not holds():
                assert time.monotonic() < give_up, (book.text("told"), book.text("status"), cell(COUNT))
                time.sleep(0.3)

        book.wait()
        book.run("AlvhBookToPaper")
        until(lambda: cell(COUNT) == 1.0)
        state = ledger.state("sample")
        assert {t.strategy for t in state.trades.values()} == {"condor", "ladder"}
        assert len(state.held) == 14
        book.run("AlvhBookToPaper")
        until(lambda: "open already as trade 1" in book.text("told"))
        book.run("AlvhMark")
        until(lambda: cell(COUNT) == 2.0)
        assert len(ledger.state("sample").trades) == 2
        assert ledger.faults() == []
        opened.close()
