"""What the files of the data directory share; the store's and the ledger's own tests break and kill them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from xlalvh.market import sqlite

WORDS = sqlite.Words("it will be mended", "nothing was kept", "the rest stays")


def test_a_damaged_file_is_known_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"no database at all, and long enough to be looked at" * 20)
    with closing(sqlite.connect(path, 0.1)) as db, pytest.raises(sqlite3.DatabaseError) as caught:
        sqlite.check(db)
    assert sqlite.is_damage(caught.value)
    assert sqlite.say(path, caught.value, 0.1, WORDS).endswith("; it will be mended")


def test_a_busy_file_is_said_and_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with closing(sqlite.connect(path, 0.1)) as one, closing(sqlite.connect(path, 0.1)) as other:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            other.execute("BEGIN IMMEDIATE")
    assert not sqlite.is_damage(caught.value)
    assert "in use by another program for more than 0.1 seconds" in sqlite.say(path, caught.value, 0.1, WORDS)


def test_a_file_is_set_aside_with_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).write_text(tail)
    target = sqlite.set_aside(path, dt.datetime(2026, 1, 14, 15, 45))
    assert target.name.startswith("a-damaged-20260114T154500-")
    found = {name.name.removeprefix(target.name): name.read_text() for name in tmp_path.iterdir()}
    assert found == {tail: tail for tail in ("", "-wal", "-shm")}


def test_a_missing_file_is_not_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite.connect(tmp_path / "none.sqlite3", 0.1, create=False)
    assert "cannot be opened" in sqlite.say(tmp_path / "none.sqlite3", caught.value, 0.1, WORDS)
    assert list(tmp_path.iterdir()) == []
