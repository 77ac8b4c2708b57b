"""kill -9 before every statement to the ledger and every opening or renaming of a file; two processes at once."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.killing import killed_at
from tests.research.paper.desks import JULY, JUNE, desk, later, order, snapshot
from xlalvh.research.paper import desk as trading
from xlalvh.research.paper.contracts import PaperError
from xlalvh.research.paper.ledger import Ledger
from xlalvh.research.paper.prices import Prices

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


SETTLED = {("VIX", JUNE): 13.5, ("SPXW", JULY): 4398.95}
THEN = Prices(later(snapshot(0.4), days=4))


def _life(ledger: Ledger) -> None:
    """What is not done yet of a life: book, leg out of the puts, expire. Its end is the same, whatever was killed."""
    if not ledger.state("replay").trades:
        trading.book(ledger, order(), replay=True)
    if any(h.contract.right == "P" for h in ledger.state("replay").held.values()):
        trading.close(ledger, THEN, "replay", 1, right="P")
    held = {(h.contract.root, h.contract.expiry) for h in ledger.state("replay").held.values()}
    trading.expire(ledger, "replay", {key: value for key, value in SETTLED.items() if key in held}, "given")


def _mine(folder: Path) -> Ledger:
    """Long after everything has settled."""
    return desk(folder, dt.datetime(2023, 8, 1, tzinfo=dt.UTC))


def test_kill_at_every_write(tmp_path: Path) -> None:
    whole = _mine(tmp_path / "whole")
    _life(whole)
    expected = whole.state("replay")
    assert not expected.held
    killed = 0
    for n in range(1, 2000):
        ledger = _mine(tmp_path / str(n))
        status = _forked(lambda n=n, ledger=ledger: killed_at(n, lambda: _life(ledger)))
        assert ledger.faults() == []
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
        if n % 7 == 0:  # what was left undone is done now, and ends where it would have ended
            again = _mine(tmp_path / str(n))
            _life(again)
            assert again.faults() == []
            state = again.state("replay")
            assert (state.cash, state.costs, state.gains, len(state.trades)) == (
                expected.cash,
                expected.costs,
                expected.gains,
                len(expected.trades),
            )
    assert killed > 100
    print(f"killed at {killed} points")


def test_two_processes_book_one_position_once(tmp_path: Path) -> None:
    """Both wait at a pipe and start together, twenty times."""
    for i in range(20):
        ledger = desk(tmp_path / str(i))
        gate, opener = os.pipe()
        children = [_fork(lambda gate=gate, ledger=ledger: _book_at(gate, ledger)) for _ in range(2)]
        os.close(opener)
        os.close(gate)
        codes = sorted(os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children)
        assert codes == [0, 3]
        assert len(ledger.state("market").trades) == 2
        assert ledger.faults() == []


def _book_at(gate: int, ledger: Ledger) -> int:
    os.set_inheritable(gate, True)
    try:
        trading.book(ledger, order())
    except PaperError as error:
        return 3 if "open already" in str(error) else 4
    return 0


def _fork(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child == 0:
        code: Any = 1
        try:
            code = work() or 0
        finally:
            os._exit(code)
    return child


def _forked(work: Callable[[], Any]) -> int:
    return os.waitpid(_fork(work), 0)[1]
