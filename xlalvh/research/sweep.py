"""Sweeps: the backtest over a grid, on all cores or on a cluster, resumable; and guards against the luckiest run.

A point is one backtest at the modelled prices. What is kept of it are power sums of its daily returns by fold, from
which every Sharpe ratio follows. Results are appended a line each to a file as they come, keyed by point, data and
version: a sweep that is begun again computes what is missing. The order in which points are done changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock, Timeout

from xlalvh import __version__
from xlalvh.market.directory import data_directory
from xlalvh.market.extra import command
from xlalvh.research.backtest import BASE, scenario_accounts
from xlalvh.research.deflated_sharpe import deflated, expected_best, variance
from xlalvh.research.history import History
from xlalvh.research.measures import SESSIONS, daily
from xlalvh.research.past import carried
from xlalvh.research.sweep_spec import Point, Spec, SweepError, settle

CONFIDENT = 0.95  # a deflated Sharpe ratio from here on is called more than luck
_POWERS = 4

Sums = tuple[tuple[float, ...], ...]  # a fold a row: count, sums of the first four powers of the daily returns
Progress = Callable[[int, int], None]  # points done, of how many


class Moments(NamedTuple):
    """Of daily returns, as shares of the capital."""

    days: int
    mean: float
    sharpe: float  # a day's; 0 where nothing varies
    skew: float
    kurtosis: float  # 3 for the normal distribution


@dataclass(frozen=True)
class Outcome:
    """One point and what it earned."""

    point: Point
    sums: Sums

    def moments(self, first: int = 0, last: int | None = None) -> Moments:
        """Of the folds from `first` to before `last`."""
        return moments(self.sums[first:last])

    @property
    def sharpe(self) -> float:
        """A day's, over all folds."""
        return self.moments().sharpe


class Step(NamedTuple):
    """A walk-forward step: the point that was best before a fold, and what it earned in that fold."""

    fold: int
    point: Point
    before: float  # Sharpe ratio a year, in the folds before
    then: float  # and in the fold


class Verdict(NamedTuple):
    """What may be said of the best point."""

    best: Outcome
    sharpe: float  # a year
    luck: float  # the Sharpe ratio a year that the best of so many points without skill has on average
    deflated: float  # probability of skill beyond that luck
    trials: int
    steps: tuple[Step, ...]
    walked: float  # Sharpe ratio a year of what the walk-forward choice earned

    @property
    def said(self) -> str:
        """In words."""
        if self.deflated >= CONFIDENT and self.walked > 0.0:
            return "more than luck, by both guards"
        return "may be luck: not to be traded on this evidence"


def sweep(
    history: History,
    spec: Spec,
    file: Path,
    *,
    processes: int | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
) -> list[Outcome]:
    """Every point of a grid, in its order; those that the file has are not computed again.

    Parameters
    ----------
    file : Path
        Where the results are kept, a line of JSON each.
    processes : int, optional
        On this machine; all cores if omitted.
    scheduler : str
        The address of a Dask scheduler, as tcp://host:8786; then the points are computed there.

    Raises
    ------
    SweepError
        Where another sweep writes the same file, it cannot be written, or the scheduler does not answer.
    HistoryError
        Where the history is too short or lacks a level.
    """
    part = carried(history.between(spec.first, spec.last))[0]
    stamp = digest(part, spec.folds)
    keys = [_key(point, stamp) for point in spec.points()]
    points = dict(zip(keys, spec.points(), strict=True))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.lock"), timeout=0.0):
            found = {key: sums for key, sums in stored(file).items() if key in points}
            missing = {key: point for key, point in points.items() if key not in found}
            work = _on_cluster(scheduler) if scheduler else _on_cores(processes or os.cpu_count() or 1)
            for key, sums in work(part, spec.folds, missing):
                _append(file, key, points[key], sums)
                found[key] = sums
                if progress is not None:
                    progress(len(found), len(points))
    except Timeout as error:
        raise SweepError(f"another sweep writes {file}; wait for it, or name another file with --out") from error
    except OSError as error:
        raise SweepError(f"{file} cannot be written ({error.strerror or error})") from error
    return [Outcome(points[key], found[key]) for key in keys]


def default_file(spec: Path) -> Path:
    """Where the results of a sweep's file are kept."""
    return data_directory() / "research" / "sweeps" / f"{spec.stem}.jsonl"


def evaluate(history: History, folds: int, point: Point) -> Sums:
    """Power sums of a point's daily returns by fold."""
    settings, variant = settle(point)
    accounts, _ = scenario_accounts(history, settings, [variant], BASE)
    returns = daily(accounts[variant].profit / 100.0, settings.capital)
    return tuple(
        (float(len(part)), *(math.fsum((part**power).tolist()) for power in range(1, _POWERS + 1)))
        for part in np.array_split(returns, folds)
    )


def moments(sums: Sequence[Sequence[float]]) -> Moments:
    """From power sums."""
    n, a, b, c, d = (math.fsum(column) for column in zip(*sums, strict=True)) if sums else (0.0,) * 5
    if n < 2:
        return Moments(int(n), math.nan, 0.0, 0.0, 3.0)
    mean = a / n
    square = b / n - mean**2
    if square <= 0.0:
        return Moments(int(n), mean, 0.0, 0.0, 3.0)
    third = c / n - 3.0 * mean * b / n + 2.0 * mean**3
    fourth = d / n - 4.0 * mean * c / n + 6.0 * mean**2 * b / n - 3.0 * mean**4
    sharpe = mean / math.sqrt(square * n / (n - 1.0))
    return Moments(int(n), mean, sharpe, third / square**1.5, fourth / square**2)


def judge(outcomes: Sequence[Outcome]) -> Verdict:
    """The best point by Sharpe ratio, deflated for how many were tried, and a walk-forward choice among all."""
    best = max(outcomes, key=lambda o: o.sharpe)
    of_best = best.moments()
    spread = variance([o.sharpe for o in outcomes])
    year = math.sqrt(SESSIONS)
    steps, earned = [], []
    for fold in range(1, len(best.sums)):
        chosen = max(outcomes, key=lambda o, fold=fold: o.moments(0, fold).sharpe)  # type: ignore[misc] # a default
        before, then = chosen.moments(0, fold).sharpe, chosen.moments(fold, fold + 1).sharpe
        steps.append(Step(fold + 1, chosen.point, before * year, then * year))
        earned.append(chosen.sums[fold])
    return Verdict(
        best,
        of_best.sharpe * year,
        expected_best(spread, len(outcomes)) * year,
        deflated(of_best.sharpe, of_best.days, of_best.skew, of_best.kurtosis, spread, len(outcomes)),
        len(outcomes),
        tuple(steps),
        moments(earned).sharpe * year,
    )


def digest(history: History, folds: int) -> str:
    """What of the data and of this program a result hangs on."""
    made = hashlib.sha256(f"{__version__} {folds}".encode())
    for one in fields(history):
        made.update(np.ascontiguousarray(getattr(history, one.name)).tobytes())
    return made.hexdigest()


def stored(file: Path) -> dict[str, Sums]:
    """The results of a file by key; a line that was cut off by a crash is left out, and taken off the file."""
    if not file.is_file():
        return {}
    raw = file.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) < len(raw):
        with file.open("r+b") as target:
            target.truncate(len(whole))
    found = {}
    for line in whole.splitlines():
        try:
            row = json.loads(line)
            found[str(row["key"])] = tuple(tuple(float(v) for v in part) for part in row["sums"])
        except (ValueError, KeyError, TypeError) as error:
            raise SweepError(f"{file} holds a line that is no result; name another file with --out") from error
    return found


def _append(file: Path, key: str, point: Point, sums: Sums) -> None:
    line = json.dumps({"key": key, "point": point, "sums": sums}) + "\n"
    with file.open("ab") as target:
        target.write(line.encode())
        target.flush()
        os.fsync(target.fileno())


def _key(point: Point, stamp: str) -> str:
    return hashlib.sha256(f"{json.dumps(point, sort_keys=True)} {stamp}".encode()).hexdigest()


Work = Callable[[History, int, dict[str, Point]], Iterator[tuple[str, Sums]]]
_shared: tuple[History, int] | None = None  # of a worker process


def _on_cores(processes: int) -> Work:
    def work(history: History, folds: int, points: dict[str, Point]) -> Iterator[tuple[str, Sums]]:
        if processes == 1 or len(points) < 2:
            for key, point in points.items():
                yield key, evaluate(history, folds, point)
            return
        with ProcessPoolExecutor(min(processes, len(points)), initializer=_share, initargs=(history, folds)) as pool:
            jobs = {pool.submit(_shared_point, point): key for key, point in points.items()}
            try:
                for job in as_completed(jobs):
                    yield jobs[job], job.result()
            finally:
                pool.shutdown(cancel_futures=True)

    return work


def _share(history: History, folds: int) -> None:
    global _shared
    _shared = history, folds


def _shared_point(point: Point) -> Sums:
    assert _shared is not None
    return evaluate(*_shared, point)


def _on_cluster(address: str) -> Work:
    def work(history: History, folds: int, points: dict[str, Point]) -> Iterator[tuple[str, Sums]]:
        distributed = _distributed()
        try:
            client = distributed.Client(address, timeout=15)
        except (OSError, ValueError) as error:
            raise SweepError(f"no Dask scheduler answers at {address} ({error}); give it as tcp://host:8786") from error
        with client:
            # A task gives the history: a worker that dies takes its copy along, and the scheduler makes another.
            shared = client.submit(_same, history, key=f"history-{digest(history, folds)}")
            jobs = {
                client.submit(evaluate, shared, folds, point, key=f"point-{key}", retries=3): key
                for key, point in points.items()
            }
            for job in distributed.as_completed(jobs):
                sums: Any = job.result()
                yield jobs[job], tuple(tuple(part) for part in sums)

    return work


def _same(history: History) -> History:
    return history


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise SweepError(
            f"--scheduler needs the package distributed, and the workers need it with xlalvh: {command('distributed')}"
        ) from error
    return distributed
