"""The process that fetches: how it ends, and that it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.exchange import Exchange
from tests.market.loopback import answer, silent
from xlalvh.hosts.refreshing import Job, Status, latest_tables
from xlalvh.market.quotes import QuoteError
from xlalvh.market.store import Store


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def finished(job: Job) -> Status:
    until(lambda: job.poll().done)
    return job.poll()


def runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_quotes_come(exchange: Exchange) -> None:
    exchange.quote_may()
    with pytest.raises(QuoteError, match="holds no quotes"):
        latest_tables()
    start = time.monotonic()
    job = Job.start()
    assert not job.poll().done
    assert time.monotonic() - start < 1.0
    status = finished(job)
    assert status.error == ""
    assert status.text
    assert latest_tables().spx_spot == pytest.approx(4191.98)
    job.cancel()
    assert job.poll() == status


def test_the_reason_of_a_failure_comes(exchange: Exchange) -> None:
    exchange.fail(answer(b"gone", "503 Service Unavailable"))
    status = finished(Job.start())
    assert "503" in status.error
    assert "\n" not in status.error


def test_cancelling_ends_the_process_and_keeps_the_store(exchange: Exchange) -> None:
    exchange.quote_sample()
    assert finished(Job.start()).error == ""
    exchange.fail(silent)
    asked = len(exchange.asked())
    job = Job.start()
    until(lambda: len(exchange.asked()) > asked)
    job.cancel()
    assert job.poll().error == "cancelled"
    until(lambda: job._process.poll() is not None, 5.0)
    assert len(Store().entries()) == 1


def test_a_process_that_dies_is_an_error(exchange: Exchange) -> None:
    exchange.fail(silent)
    job = Job.start()
    job._process.kill()
    assert "ended without a word" in finished(job).error


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_ends_with_who_started_it(exchange: Exchange) -> None:
    exchange.fail(silent)
    code = (
        "import time\nfrom xlalvh.hosts.refreshing import Job\n"
        "print(Job.start()._process.pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        until(lambda: len(exchange.asked()) > 0)
        assert runs(pid)
        os.kill(starter.pid, signal.SIGKILL)
    until(lambda: not runs(pid), 10.0)
