"""ALVH_PAPER on ledgers with and without trades."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.research.paper.desks import CLOSE, desk, order
from xlalvh.formulas import CellError, alvh_paper
from xlalvh.research.paper import desk as trading
from xlalvh.research.paper.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The data directory's ledger, empty."""
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    return desk(tmp_path)


def test_an_empty_ledger_says_so_in_words_in_every_table(ledger: Ledger) -> None:
    for table in ("positions", "trades", "pnl"):
        found = alvh_paper(table, "market", 5)
        assert len(found) == 6
        assert found[1][1] in ("no open position", "nothing booked yet")
        assert {cell for row in found[2:] for cell in row} == {""}
    assert alvh_paper("balance")[1] == ("ledger balances", "nothing booked yet")
    assert not ledger.file.path.exists()


def test_tables_follow_the_ledger(ledger: Ledger) -> None:
    alvh_paper("positions")
    trading.book(ledger, order())
    header, first, *rest = alvh_paper("positions", "market", 10, 1.0)
    assert header[-2:] == ("value (dollars)", "P&L before costs (dollars)")
    assert first[:10] == (1, "condor", "SPXW", "2023-07-07", "C", 4350.0, -10, 24.0, 24.25, "mid")
    assert len([row for row in rest if row[0] != ""]) == 6
    assert alvh_paper("positions", "sample", 10)[1][1] == "no open position"
    day = alvh_paper("pnl", "market", 3)[1]
    assert day[0] == "2023-05-19"
    state = ledger.state("market")
    assert day[4] == (state.cash + state.value) / 100.0
    assert alvh_paper("balance")[1] == ("ledger balances", "yes")
    assert dict(alvh_paper("balance"))["settled, value to be entered"] == "VIX:2023-06-21, SPXW:2023-07-07"


def test_a_table_that_is_cut_says_so(ledger: Ledger) -> None:
    trading.book(ledger, order())
    found = alvh_paper("trades", "market", 3)
    assert len(found) == 4
    assert found[3][1] == "and 5 more: xlalvh paper show"
    assert found[1][1] == f"{CLOSE:%Y-%m-%d} 16:15"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("wheel",), "enter one of: positions, trades, pnl, balance"),
        (("pnl", "mine"), "enter one of: market, replay, sample"),
        (("pnl", "market", 0), "at least 1"),
        (("pnl", "market", 2.5), "whole number"),
        ((), "table is blank"),
    ],
)
def test_arguments(ledger: Ledger, arguments, said: str) -> None:
    found = alvh_paper(*arguments)
    assert isinstance(found, CellError)
    assert said in found.message


def test_a_ledger_that_cannot_be_read_is_not_available_and_says_why(ledger: Ledger) -> None:
    ledger.file.path.write_bytes(b"no database at all" * 100)
    found = alvh_paper("balance")
    assert isinstance(found, CellError)
    assert found.code == "#N/A"
    assert "is damaged" in found.message
    trading.book(ledger, order())
    assert alvh_paper("balance")[1] == ("ledger balances", "yes")
