"""Sweeps: the same numbers on one core, on several, on a cluster, whatever is killed; what may be said of them."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.conftest import ROOT, missing
from xlalvh.research import sweep as module
from xlalvh.research.backtest import BASE, scenario_accounts
from xlalvh.research.history import History
from xlalvh.research.measures import daily
from xlalvh.research.past import carried
from xlalvh.research.sweep import Outcome, evaluate, judge, moments, stored, sweep
from xlalvh.research.sweep_spec import Spec, SweepError, settle

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

SPEC = Spec(
    date(2017, 9, 1),
    date(2018, 3, 29),
    3,
    {"variant": ("condor alone", "+ ALVH seeds"), "put_delta": (0.10, 0.16, 0.25), "lots": (5, 10)},
)


@pytest.fixture(scope="module")
def alone(real_history: History, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """One point after the other, in this process."""
    return sweep(real_history, SPEC, tmp_path_factory.mktemp("sweep") / "s.jsonl", processes=1)


def test_a_point_is_the_backtests_own(real_history: History, alone: list[Outcome]) -> None:
    part = carried(real_history.between(SPEC.first, SPEC.last))[0]
    for one in (alone[0], alone[-1]):
        settings, variant = settle(one.point)
        accounts, _ = scenario_accounts(part, settings, [variant], BASE)
        returns = daily(accounts[variant].profit / 100.0, settings.capital)
        found = one.moments()
        assert found.days == len(returns)
        assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1), rel=1e-9)
        assert found.skew == pytest.approx(stats.skew(returns), rel=1e-6)
        assert found.kurtosis == pytest.approx(stats.kurtosis(returns, fisher=False), rel=1e-6)
        middle = np.array_split(returns, 3)[1]
        assert one.moments(1, 2).mean == pytest.approx(middle.mean(), rel=1e-9)


def test_several_cores_give_the_same_to_the_last_bit(
    real_history: History, alone: list[Outcome], tmp_path: Path
) -> None:
    assert sweep(real_history, SPEC, tmp_path / "s.jsonl", processes=2) == alone


def test_begun_again_it_computes_what_is_missing(
    real_history: History, alone: list[Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "s.jsonl"
    sweep(real_history, SPEC, file, processes=1)
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == len(alone)
    file.write_bytes(b"".join(lines[:5]) + lines[5][:40])  # cut off while it was written
    asked = []
    monkeypatch.setattr(module, "evaluate", lambda *given: asked.append(given[2]) or evaluate(*given))
    assert sweep(real_history, SPEC, file, processes=1) == alone
    assert asked == [one.point for one in alone[5:]]
    assert len(stored(file)) == len(alone)
    monkeypatch.setattr(module, "__version__", "0.0.0")  # results of another version do not count
    asked.clear()
    small = Spec(SPEC.first, SPEC.last, SPEC.folds, {"lots": (5, 10)})
    sweep(real_history, small, file, processes=1)
    assert len(asked) == 2


def test_a_file_that_holds_something_else_is_refused(real_history: History, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text('{"mine": 1}\n')
    with pytest.raises(SweepError, match="no result"):
        sweep(real_history, SPEC, file, processes=1)
    assert file.read_text() == '{"mine": 1}\n'


@unix
def test_killed_it_goes_on_where_it_was(real_history: History, alone: list[Outcome], tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    child = multiprocessing.get_context("fork").Process(
        target=sweep, args=(real_history, SPEC, file), kwargs={"processes": 1}
    )
    child.start()
    give_up = time.monotonic() + 60.0
    while len(stored_lines(file)) < 3:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert 3 <= len(stored_lines(file)) < len(alone)
    assert sweep(real_history, SPEC, file, processes=1) == alone


def stored_lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines() if file.exists() else []


@contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers, each a process of its own that nobody starts again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}

    def start(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    scheduler = start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    workers = [
        start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        for _ in range(2)
    ]
    try:
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(30)


@unix
def test_two_dask_workers_one_killed_midway_give_the_same_to_the_last_bit(
    real_history: History, alone: list[Outcome], tmp_path: Path
) -> None:
    try:
        import distributed
    except ImportError:
        missing("the package distributed is not installed")
    with cluster() as (address, workers):
        with distributed.Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        killed = []

        def kill_one(done: int, total: int) -> None:
            if done == 3 and not killed:
                workers[0].kill()
                killed.append(workers[0].wait(30))

        found = sweep(real_history, SPEC, tmp_path / "s.jsonl", scheduler=address, progress=kill_one)
        assert killed == [-signal.SIGKILL]
        assert workers[1].poll() is None
    assert found == alone
    assert judge(found) == judge(alone)


def test_a_scheduler_that_is_not_there_is_said(real_history: History, tmp_path: Path, monkeypatch) -> None:
    import distributed  # takes a second, and threads, that no other test needs

    connect = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda address, timeout: connect(address, timeout=1))
    with pytest.raises(SweepError, match="no Dask scheduler answers at tcp:"):
        sweep(real_history, SPEC, tmp_path / "s.jsonl", scheduler="tcp://127.0.0.1:9")


def outcome(name: int, returns: np.ndarray, folds: int = 5) -> Outcome:
    parts = np.array_split(returns, folds)
    sums = tuple((float(len(p)), *(math.fsum((p**k).tolist()) for k in range(1, 5))) for p in parts)
    return Outcome({"lots": name}, sums)


def test_noise_is_called_luck_and_skill_is_not() -> None:
    random = np.random.default_rng(7)
    noise = [outcome(i, 0.01 * random.standard_normal(1500)) for i in range(60)]
    verdict = judge(noise)
    assert verdict.sharpe > 0.5  # the best of them looks well
    assert verdict.deflated < 0.95
    assert verdict.said.startswith("may be luck")
    skilled = outcome(99, 0.0018 + 0.01 * random.standard_normal(1500))
    verdict = judge([*noise, skilled])
    assert verdict.best is skilled
    assert verdict.deflated > 0.95
    assert verdict.said.startswith("more than luck")
    assert [step.point for step in verdict.steps[1:]] == [{"lots": 99}] * 3


def test_a_walk_forward_choice_knows_nothing_of_what_comes() -> None:
    """Another last fold changes what was earned there, and no choice."""
    random = np.random.default_rng(11)
    returns = [0.01 * random.standard_normal(500) for _ in range(20)]
    before = judge([outcome(i, r) for i, r in enumerate(returns)])
    after = judge([outcome(i, np.concatenate([r[:400], -r[400:]])) for i, r in enumerate(returns)])
    assert [s.point for s in before.steps] == [s.point for s in after.steps]
    assert before.steps[:-1] == after.steps[:-1]
    assert before.steps[-1].then == pytest.approx(-after.steps[-1].then)


def test_moments_of_nothing() -> None:
    assert moments(()).sharpe == 0.0
    assert moments([(10.0, 0.0, 0.0, 0.0, 0.0)]).sharpe == 0.0


def test_the_file_is_lines_of_json(real_history: History, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    small = Spec(SPEC.first, SPEC.last, 2, {"lots": (5,)})
    sweep(real_history, small, file, processes=1)
    (row,) = map(json.loads, file.read_text().splitlines())
    assert row["point"] == {"lots": 5}
    assert len(row["key"]) == 64
