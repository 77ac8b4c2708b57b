"""The store: what goes in comes out; then it is killed, filled up, locked, damaged and written from two sides."""

from __future__ import annotations

import datetime as dt
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.market import writer
from tests.market.writer import REFUSED, forked, numbered
from xlalvh.market import store as module
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import ChainSnapshot, IndexHistory, Snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.store import Store, StoreError

SAMPLE = sample_snapshot()
NOON = dt.datetime(2026, 1, 14, 17, 0, tzinfo=dt.UTC)

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")


def at(spot: float) -> Snapshot:
    return replace(SAMPLE, spx=replace(SAMPLE.spx, spot=spot))


def spots(store: Store) -> list[float]:
    return [snapshot.spx.spot for _, snapshot in store.snapshots()]


def assert_same_chain(found: ChainSnapshot, given: ChainSnapshot) -> None:
    assert replace(found, chain=given.chain) == given
    assert found.chain.underlying == given.chain.underlying
    for name in ("root", "expiry", "strike"):
        np.testing.assert_array_equal(getattr(found.chain, name), getattr(given.chain, name))
    for side in ("call", "put"):
        for name in ("bid", "ask", "flags"):
            got, want = (getattr(getattr(chain, side), name) for chain in (found.chain, given.chain))
            assert got.dtype == want.dtype
            np.testing.assert_array_equal(got, want)


def test_nothing_is_stored_and_nothing_is_made(tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3")
    assert store.latest() is None
    assert store.latest_chain("SPX") is None
    assert store.history("VIX") is None
    assert (store.symbols(), store.entries(), store.stamp()) == ([], [], ("", 0))
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_comes_back_whole(tmp_path: Path) -> None:
    given = replace(SAMPLE, warnings=("VIX options are late",), spx=replace(SAMPLE.spx, notes=("left out: 1 row",)))
    store = Store(tmp_path / "q.sqlite3", clock=lambda: NOON)
    assert store.put(given) == 1
    found = Store(tmp_path / "q.sqlite3").latest()
    assert found is not None
    assert_same_chain(found.spx, given.spx)
    assert_same_chain(found.vix, given.vix)
    assert (found.futures, found.warnings, found.sample) == (given.futures, given.warnings, True)
    assert store.entries() == [(1, given.spx.market_time, NOON, given.spx.source)]
    only = Snapshot(given.spx)
    store.put(only)
    found = store.latest()
    assert found is not None
    assert (found.vix, found.futures) == (None, None)


def test_real_chains_come_back_whole(data: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3")
    for path in sorted((data / "spx_chains").glob("SPX_202[2-4]*.csv")):
        given = read_quote_table(path)
        snapshot = combine(given)
        store.put(snapshot)
        found = store.latest_chain("SPX")
        assert found is not None
        assert_same_chain(found, snapshot.spx)


def test_histories(data: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3", clock=lambda: NOON)
    for name in ("cboe_VIX_History.csv", "cboe_SKEW_History.csv"):
        given = read_index_history(data / "indices" / name)
        store.put_history(given, "Cboe")
        found = store.history(given.symbol)
        assert found is not None
        assert (found.source, found.fetched, found.history.notes) == ("Cboe", NOON, given.notes)
        for column in ("dates", "close", "open", "high", "low"):
            np.testing.assert_array_equal(getattr(found.history, column), getattr(given, column))
    assert store.symbols() == ["SKEW", "VIX"]


def test_the_stamp_changes_with_every_write_and_every_file(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "a.sqlite3"), Store(tmp_path / "b.sqlite3")
    seen = {store.stamp()}
    store.put(SAMPLE)
    other.put(SAMPLE)
    seen |= {store.stamp(), other.stamp()}
    store.put(SAMPLE)
    seen.add(store.stamp())
    store.put_history(IndexHistory("VIX", np.array(["2026-01-13"], dtype="datetime64[D]"), np.array([15.5])), "x")
    assert len(seen | {store.stamp()}) == 5


def test_what_does_not_change_takes_no_room(tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3")
    store.put(SAMPLE)
    once = store.path.stat().st_size
    for _ in range(20):
        store.put(SAMPLE)
    assert store.path.stat().st_size < once + 20 * 2000


def test_the_order_is_that_of_writing_whatever_the_clock_says(tmp_path: Path) -> None:
    moments = iter([NOON, NOON + dt.timedelta(days=3000), NOON - dt.timedelta(days=3000)])
    store = Store(tmp_path / "q.sqlite3", clock=lambda: next(moments))
    for spot in (5000.0, 5001.0, 5002.0):
        store.put(at(spot))
    assert [snapshot.spx.spot for snapshot in store.recent(9)] == [5002.0, 5001.0, 5000.0]


def test_pruning_goes_by_age_and_leaves_the_last(tmp_path: Path) -> None:
    moment = NOON
    store = Store(tmp_path / "q.sqlite3", clock=lambda: moment)
    days = np.array(["2026-01-13"], dtype="datetime64[D]")
    for i in range(5):
        store.put(at(5000.0 + i))
        store.put_history(IndexHistory("VIX", days, np.array([15.0 + i])), "x")
        moment += dt.timedelta(days=1)
    assert store.prune(dt.timedelta(days=2, hours=12)) == 3
    assert spots(store) == [5003.0, 5004.0]
    moment += dt.timedelta(days=300)
    assert store.prune() == 1
    found = store.latest()
    assert found is not None
    assert_same_chain(found.spx, at(5004.0).spx)
    history = store.history("VIX")
    assert history is not None
    assert history.history.close.tolist() == [19.0]
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT count(*) FROM part").fetchone() == (4,)
        assert db.execute("SELECT count(*) FROM blob").fetchone() == (5,)  # two chains of two, one history
    db.close()


@unix
def test_killed_before_every_statement(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite3"
    killed = 0
    for number in range(1, 60):
        code = forked(path, 1, "statement", number)
        found = spots(Store(path))
        assert found == [5000.0 + i for i in range(len(found))]
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert killed > 15
    assert found[-1:] == [5000.0 + len(found) - 1]


@unix
def test_killed_at_every_write_and_out_of_room_at_every_write(tmp_path: Path) -> None:
    first = Store(tmp_path / "first.sqlite3")
    first.put(numbered(0))
    content = first.path.read_bytes()
    for fault, expected in (("bytes", -signal.SIGXFSZ), ("full", REFUSED)):
        failed, undone = 0, 0
        for limit in range(0, 2 * len(content), 4096):
            path = tmp_path / fault / str(limit) / "q.sqlite3"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            code = forked(path, 1, fault, limit)
            found = spots(Store(path))
            if code == 0:
                assert found == [5000.0, 5001.0]
                break
            assert code == expected
            # A process killed while it tidied up after the commit has stored its snapshot.
            assert found in ([5000.0], [5000.0, 5001.0]) if fault == "bytes" else found == [5000.0]
            failed, undone = failed + 1, undone + (len(found) == 1)
            Store(path).put(numbered(len(found)))  # the next refresh works
            assert spots(Store(path)) == [5000.0 + i for i in range(len(found) + 1)]
        assert undone > 10
        assert failed < 2 * len(content) // 4096


@unix
def test_killed_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite3"
    Store(path).put(numbered(0))
    rng = random.Random(4)
    told = 1
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, writer.__file__, str(path), "1000"], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.06))
        child.kill()
        lines = child.stdout.read().split()
        child.wait()
        child.stdout.close()
        told = max([told, *map(int, lines)])
        store = Store(path)
        found = store.latest()
        assert found is not None
        assert_same_chain(found.spx, numbered(round(found.spx.spot) - 5000).spx)
        assert len(store.entries()) >= told  # what `put` returned is there
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()


def test_two_write_and_one_reads(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite3"
    command = [sys.executable, writer.__file__, str(path), "25"]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    store, seen = Store(path), [0]
    while any(child.poll() is None for child in children):
        entries = store.entries()
        seen.append(len(entries))
        if entries:
            found = store.latest()
            assert found is not None
            assert len(found.spx.chain) == len(SAMPLE.spx.chain)
    numbers = [int(word) for child in children for word in child.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 51))
    assert seen == sorted(seen)


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT", 0.2)
    store = Store(tmp_path / "q.sqlite3")
    store.put(at(5000.0))
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="in use by another program"):
        store.put(at(5001.0))
    assert spots(store) == [5000.0]  # readers do not wait
    holder.close()
    store.put(at(5001.0))
    assert spots(store) == [5000.0, 5001.0]


@pytest.mark.parametrize("junk", [b"", b"no database", b"\0" * 9000])
def test_a_file_that_is_no_database(tmp_path: Path, junk: bytes) -> None:
    store = Store(tmp_path / "q.sqlite3", clock=lambda: NOON)
    store.path.write_bytes(junk)
    if junk:
        with pytest.raises(StoreError, match="damaged"):
            store.latest()
    store.put(at(5000.0))
    assert spots(store) == [5000.0]
    if junk:
        assert store.set_aside is not None
        assert store.set_aside.read_bytes() == junk
        assert store.set_aside.name.startswith("q-damaged-20260114T170000-")


def test_a_damaged_snapshot_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3")
    store.put(at(5000.0))
    chain = SAMPLE.spx.chain
    moved = replace(chain, call=replace(chain.call, bid=chain.call.bid + 0.05))
    store.put(replace(SAMPLE, spx=replace(SAMPLE.spx, spot=5001.0, chain=moved)))
    with sqlite3.connect(store.path) as db:
        digest, content = db.execute("SELECT digest, data FROM blob ORDER BY rowid DESC").fetchone()
        middle = len(content) // 2
        spoilt = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        db.execute("UPDATE blob SET data = ? WHERE digest = ?", (spoilt, digest))
    db.close()
    found = store.latest()
    assert found is not None
    assert_same_chain(found.spx, at(5000.0).spx)


def test_pages_overwritten_anywhere(tmp_path: Path) -> None:
    """Wherever the damage, no wrong number comes out, the next refresh works, and the damaged file is kept."""
    whole = Store(tmp_path / "whole.sqlite3")
    for spot in (5000.0, 5001.0):
        whole.put(at(spot))
    content = whole.path.read_bytes()
    rng = random.Random(5)
    for page in [0, 1, 2, 3, 4, *rng.sample(range(5, len(content) // 4096), 8)]:
        folder = tmp_path / str(page)
        folder.mkdir()
        store = Store(folder / "q.sqlite3")
        start = page * 4096
        store.path.write_bytes(content[:start] + rng.randbytes(4096) + content[start + 4096 :])
        with suppress(StoreError):
            found = store.latest()
            if found is not None:
                assert found.spx.spot in (5000.0, 5001.0)
                assert_same_chain(found.spx, at(found.spx.spot).spx)
        store.put(at(5002.0))
        found = store.latest()
        assert found is not None
        assert_same_chain(found.spx, at(5002.0).spx)


def test_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "q.sqlite3")
    store.put(SAMPLE)
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    before = store.path.read_bytes()
    for call in (store.latest, lambda: store.put(SAMPLE)):
        with pytest.raises(StoreError, match="newer xlalvh"):
            call()
    assert store.path.read_bytes() == before
