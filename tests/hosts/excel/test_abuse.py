"""The formula process under abuse: real processes behind pipes in place of COM.

`Cells` is a double of what AlvhServer does with its server object: no start from a cell, `#N/A` while there is none,
dropped at the first error of a call. The VBA itself runs in `test_vba_in_calc` and `test_macros_in_calc`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, missing

PROGRAM = Path(__file__).with_name("com.py")
SERVER = "xlalvh.hosts.excel.server"
HANGS = ("tests.hosts.excel.hanging", "forever")
NOT_AVAILABLE = "\x012042"
PRICE = ("ALVH_PRICE", False, "P", 90.0, 100.0, 0.0, 0.2)


class Cells:
    """Excel's side."""

    def __init__(self, limit: float = 30.0) -> None:
        self.limit = limit
        self.server: subprocess.Popen[str] | None = None

    def connect(self) -> None:
        """What follows a calculation that asked in vain, or a book's opening."""
        if self.server is None:
            self.server = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(self.limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    def ask(self, module: str, function: str, *given: Any) -> Any:
        if self.server is None:
            return NOT_AVAILABLE
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        try:
            print(json.dumps([module, function, given]), file=self.server.stdin, flush=True)
            return json.loads(self.server.stdout.readline())
        except (OSError, ValueError):
            self.drop()
            return NOT_AVAILABLE

    def price(self, forward: Any = 90.0) -> Any:
        return self.ask(SERVER, "answer", *PRICE[:3], forward, *PRICE[4:])

    def drop(self) -> None:
        if self.server is not None:
            self.server.kill()
            with contextlib.suppress(OSError):
                self.server.communicate()
        self.server = None


@pytest.fixture
def cells() -> Iterator[Cells]:
    found = Cells()
    yield found
    found.drop()


def memory(pid: int) -> float:
    """Megabytes that a process holds."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        missing("there is no /proc: memory is measured on Linux")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def gone(pid: int, within: float) -> bool:
    give_up = time.monotonic() + within
    while time.monotonic() < give_up:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True  # it has ended; nobody asked how
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_a_cell_starts_nothing_and_shows_not_available_until_there_is_a_process(cells: Cells) -> None:
    assert cells.price() == NOT_AVAILABLE
    assert cells.server is None
    cells.connect()
    assert cells.price() == 10.0


def test_killed_during_a_call_the_next_one_works(cells: Cells) -> None:
    cells.connect()
    assert cells.price() == 10.0
    assert cells.server is not None
    threading.Timer(0.5, cells.server.kill).start()
    assert cells.ask(*HANGS) == NOT_AVAILABLE
    assert cells.price() == NOT_AVAILABLE
    cells.connect()
    assert cells.price() == 10.0


def test_hung_it_ends_itself_and_the_next_call_works() -> None:
    cells = Cells(limit=1.0)
    try:
        cells.connect()
        assert cells.price() == 10.0
        assert cells.server is not None
        pid, start = cells.server.pid, time.monotonic()
        assert cells.ask(*HANGS) == NOT_AVAILABLE
        assert time.monotonic() - start < 60.0
        assert gone(pid, 10.0)
        cells.connect()
        assert cells.price() == 10.0
    finally:
        cells.drop()


def test_started_twice_there_is_one_process_and_two_programs_have_their_own(cells: Cells) -> None:
    cells.connect()
    first = cells.server
    cells.connect()
    assert cells.server is first
    other = Cells()
    try:
        other.connect()
        assert [other.price(), cells.price()] == [10.0, 10.0]
        other.drop()
        assert cells.price() == 10.0
    finally:
        other.drop()


def test_ten_thousand_calls_in_a_row_and_large_ranges_leave_memory_bounded(cells: Cells) -> None:
    cells.connect()
    assert cells.price() == 10.0
    assert cells.server is not None
    for _ in range(200):
        cells.price()
    before, start = memory(cells.server.pid), time.monotonic()
    assert all(cells.price() == 10.0 for _ in range(10_000))
    assert time.monotonic() - start < 180.0
    assert memory(cells.server.pid) - before < 20.0
    rows = [[90.0]] * 100_000
    for _ in range(2):
        assert cells.price(rows) == [[10.0]] * 100_000
    before = memory(cells.server.pid)
    for _ in range(4):
        cells.price(rows)
    assert memory(cells.server.pid) - before < 60.0
    assert cells.price() == 10.0


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "in a call"])
def test_no_orphan_remains_where_excel_crashes(busy: bool) -> None:
    """A process in between plays Excel; its child's input stays open when it is killed."""
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, sys.argv[1]], stdin=int(sys.argv[2]), stdout=1)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)"
    )
    if os.name != "posix":
        missing("this test passes a file descriptor to a child: POSIX only")
    reader, writer = os.pipe()
    excel = subprocess.Popen(
        [sys.executable, "-c", code, str(PROGRAM), str(reader)],
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=[reader],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert excel.stdout is not None
        pid = int(excel.stdout.readline())
        os.write(writer, (json.dumps([SERVER, "answer", PRICE]) + "\n").encode())
        assert json.loads(excel.stdout.readline()) == 10.0  # it serves
        if busy:
            os.write(writer, (json.dumps([*HANGS, []]) + "\n").encode())
            time.sleep(0.3)
        excel.send_signal(signal.SIGKILL)
        assert gone(pid, 30.0)
    finally:
        excel.kill()
        excel.communicate()
        os.close(reader)
        os.close(writer)
