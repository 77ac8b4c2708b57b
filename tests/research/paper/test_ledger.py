"""The ledger against plain arithmetic; then it is written from two sides, damaged and changed behind its back."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.paper.desks import CLOSE, desk, order, spx
from xlalvh.research.paper import desk as trading
from xlalvh.research.paper.contracts import PaperError
from xlalvh.research.paper.file import LedgerError
from xlalvh.research.paper.ledger import Fill, Ledger, Mark, Moves, State

STRIKES = [3900.0, 3950.0]
moves = st.lists(
    st.tuples(
        st.sampled_from(STRIKES),
        st.integers(-20, 20),
        st.integers(0, 500_000),  # cents a contract
        st.integers(0, 5_000),  # fee
        st.one_of(st.none(), st.integers(0, 500_000)),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(moves)
def test_profit_is_cash_and_marks_to_the_cent(tmp_path_factory: pytest.TempPathFactory, steps) -> None:
    """Against a list of fills: what was paid, what is held, and the last mark of each."""
    ledger = desk(tmp_path_factory.mktemp("ledger"))
    ledger.enter("market", "book", CLOSE, "x", lambda _: ([Fill("condor", spx(4000.0), 1, 100, "ask")], ""))
    cash, fees, held, marked = -100, 0, {4000.0: 1} | dict.fromkeys(STRIKES, 0), {4000.0: 100}
    made: list[Fill | Mark] = []
    for strike, count, price, fee, mark in steps:
        if count:
            made.append(Fill(1, spx(strike), count, price, "ask", fee, mark))
            if not held[strike]:
                marked[strike] = price
            held[strike] += count
            cash, fees = cash - count * price - fee, fees + fee
            marked[strike] = marked[strike] if mark is None else mark
        elif held[strike]:
            made.append(Mark(1, spx(strike), price, "mid"))
            marked[strike] = price
    for part in (made[: len(made) // 2], made[len(made) // 2 :]):
        ledger.enter("market", "adjust", CLOSE, "x", lambda _, part=part: (part, ""))
    state = ledger.state("market")
    assert {c.strike: h.quantity for (_, c), h in state.held.items()} == {k: n for k, n in held.items() if n}
    assert (state.cash, state.costs) == (cash, fees)
    assert state.value == sum(n * marked[k] for k, n in held.items() if n)
    assert state.cash + state.value == -(state.gains + state.costs)
    assert ledger.faults() == []


def test_a_part_that_is_closed_leaves_its_share_of_what_was_paid(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    for count, price in ((4, 1000), (4, 2000), (-6, 5000)):
        fill = Fill(1 if ledger.accounts() else "ladder", spx(3900.0), count, price, "x")
        ledger.enter("market", "adjust", CLOSE, "x", lambda _, fill=fill: ([fill], ""))
    (held,) = ledger.state("market").held.values()
    assert (held.quantity, held.cost) == (2, 3000)


def test_accounts_are_apart(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    assert ledger.state("sample").held == {}
    assert ledger.accounts() == ["market"]


def test_what_is_raised_while_deciding_writes_nothing(tmp_path: Path) -> None:
    ledger = desk(tmp_path)

    def refuse(state: State) -> tuple[Moves, str]:
        raise PaperError("no")

    with pytest.raises(PaperError, match="no"):
        ledger.enter("market", "book", CLOSE, "x", refuse)
    assert ledger.accounts() == []


def test_nothing_that_is_booked_can_be_changed(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    with closing(sqlite3.connect(ledger.file.path)) as db:
        for statement in ("UPDATE posting SET cents = 1", "DELETE FROM fill", "UPDATE entry SET at = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                db.execute(statement)


def test_a_posting_too_many_is_found(tmp_path: Path) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    assert ledger.faults() == []
    with closing(sqlite3.connect(ledger.file.path)) as db, db:
        db.execute("INSERT INTO posting VALUES (1, 'cash', NULL, NULL, 1)")
    assert any("entry 1 is off by 1 cents" in fault for fault in ledger.faults())
    with pytest.raises(LedgerError, match="would not balance"):
        trading.book(ledger, order(2))


@pytest.mark.parametrize("where", [0.0, 0.4, 0.9])
def test_a_damaged_file_is_set_aside_and_the_copy_goes_on(tmp_path: Path, where: float) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    trading.book(ledger, order(2))
    before = ledger.state("market")
    for tail in ("-wal", "-shm"):
        ledger.file.path.with_name(ledger.file.path.name + tail).unlink(missing_ok=True)
    raw = bytearray(ledger.file.path.read_bytes())
    at = int(where * len(raw))
    raw[at : at + 6000] = b"\xaa" * min(6000, len(raw) - at)
    ledger.file.path.write_bytes(raw)
    again = desk(tmp_path)
    trading.book(again, order(3))
    assert again.faults() == []
    assert again.file.set_aside is not None
    assert again.file.set_aside.read_bytes() == bytes(raw)
    after = again.state("market")
    assert len(after.trades) == 6
    assert {key: h for key, h in after.held.items() if key in before.held} == before.held


def test_in_use_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = desk(tmp_path)
    trading.book(ledger, order())
    monkeypatch.setattr("xlalvh.research.paper.file._WAIT", 0.2)
    with closing(sqlite3.connect(ledger.file.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="in use by another program"):
            trading.book(ledger, order(2))


def test_many_threads_book_one_position_once(tmp_path: Path) -> None:
    ledger, refused = desk(tmp_path), []

    def book() -> None:
        try:
            trading.book(Ledger(ledger.file.path, ledger.clock), order())
        except PaperError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=book) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30.0)
    assert len(refused) == 7
    assert all("open already as trade 1" in text for text in refused)
    assert len(ledger.state("market").trades) == 2
    assert ledger.faults() == []
