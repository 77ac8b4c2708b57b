"""The snapshot store: every good snapshot that was fetched, in one SQLite file in the user's data directory.

Append-only: a snapshot is written in one transaction or not at all, and what is stored is never changed. Readers in
other processes see the last complete snapshot while one writes. The order is that of writing, so that a clock that
jumps changes nothing. Parts that did not change between snapshots are kept once, by a digest of their content, which
is checked on reading: a damaged snapshot is passed over for the one before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from xlalvh.market import sqlite
from xlalvh.market.directory import DirectoryError, data_directory
from xlalvh.market.packing import Columns, pack, unpack
from xlalvh.market.quotes import (
    ChainSnapshot,
    Future,
    FuturesCurve,
    IndexHistory,
    OptionChain,
    QuoteError,
    Quotes,
    Snapshot,
)

NAME = "quotes.sqlite3"
VERSION = 1
KEPT = dt.timedelta(days=5)
_WAIT = 10.0  # seconds for another process to finish writing
_WORDS = sqlite.Words(
    "the next refresh sets it aside and begins a new one", "nothing was stored", "the quotes stored before stay"
)

_SCHEMA = """
CREATE TABLE identity (name TEXT NOT NULL);
CREATE TABLE blob (digest BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE part (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, symbol TEXT NOT NULL, source TEXT NOT NULL,
    market_time TEXT NOT NULL, fetched TEXT NOT NULL, about TEXT NOT NULL, blobs TEXT NOT NULL
);
CREATE INDEX part_by_symbol ON part (kind, symbol, id);
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY AUTOINCREMENT, spx INTEGER NOT NULL REFERENCES part (id),
    vix INTEGER REFERENCES part (id), futures INTEGER REFERENCES part (id),
    fetched TEXT NOT NULL, warnings TEXT NOT NULL
);
"""


class StoreError(QuoteError):
    """The store cannot be read or written; the message names the file, what happened and the remedy."""


class _DamageError(Exception):
    """Content that does not match its digest, or cannot be read."""


class Entry(NamedTuple):
    """One stored snapshot, without its quotes."""

    number: int
    market_time: dt.datetime  # of the SPX options; aware, UTC
    fetched: dt.datetime  # aware, UTC
    source: str  # of the SPX options


class StoredHistory(NamedTuple):
    """A daily history and where it came from."""

    history: IndexHistory
    source: str
    fetched: dt.datetime  # aware, UTC


def utc_now() -> dt.datetime:
    """The clock of the store."""
    return dt.datetime.now(dt.UTC)


class Store:
    """The snapshots of one file. An object holds no open file: it may be kept, and used in several threads.

    Parameters
    ----------
    path : Path, optional
        ``quotes.sqlite3`` in the data directory if omitted. It is made on the first `put`.
    clock : callable
        Gives the present moment, for fetch times.

    Attributes
    ----------
    set_aside : Path or None
        Where a damaged file was renamed to by this object. Its last whole snapshot and histories were taken over.

    Raises
    ------
    StoreError
        By every method: file locked for 10 seconds, disk full, no permission, damaged, or of a newer version. By the
        constructor: no data directory.
    """

    def __init__(self, path: Path | None = None, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        try:
            self.path = path if path is not None else data_directory() / NAME
        except DirectoryError as error:
            raise StoreError(str(error)) from error
        self.clock = clock
        self.set_aside: Path | None = None

    def put(self, snapshot: Snapshot) -> int:
        """Append a snapshot; its number. When it returns, the snapshot survives a crash."""
        fetched = _iso(self.clock())
        with self._writing() as db:
            return _put_snapshot(db, snapshot, fetched)

    def put_history(self, history: IndexHistory, source: str) -> None:
        """Append a daily history; the last one of a symbol counts."""
        fetched = _iso(self.clock())
        with self._writing() as db:
            _put_history(db, history, source, fetched)

    def latest(self) -> Snapshot | None:
        """The last whole snapshot, None where nothing is stored."""
        return next(iter(self.recent(1)), None)

    def recent(self, count: int) -> list[Snapshot]:
        """The last whole snapshots, at most so many, the newest first."""
        with self._reading() as db:
            return _snapshots(db, count) if db is not None else []

    def latest_chain(self, underlying: str) -> ChainSnapshot | None:
        """The options of SPX or VIX in the last whole snapshot."""
        snapshot = self.latest()
        if snapshot is None:
            return None
        return {"SPX": snapshot.spx, "VIX": snapshot.vix}.get(underlying)

    def history(self, symbol: str) -> StoredHistory | None:
        """The last whole history of a symbol."""
        with self._reading() as db:
            return _history(db, symbol) if db is not None else None

    def symbols(self) -> list[str]:
        """The symbols that have a history."""
        with self._reading() as db:
            if db is None:
                return []
            return [s for (s,) in db.execute("SELECT DISTINCT symbol FROM part WHERE kind = 'history' ORDER BY 1")]

    def entries(self) -> list[Entry]:
        """The stored snapshots, the oldest first."""
        with self._reading() as db:
            return _entries(db) if db is not None else []

    def snapshots(self) -> Iterator[tuple[Entry, Snapshot]]:
        """Every whole snapshot, the oldest first, one in memory at a time."""
        for entry in self.entries():
            with self._reading() as db:
                found = _one(db, entry.number) if db is not None else None
            if found is not None:
                yield entry, found

    def stamp(self) -> tuple[str, int]:
        """What changes with every `put`: the file's identity and a counter; ("", 0) where there is no file."""
        with self._reading() as db:
            if db is None:
                return "", 0
            return db.execute("SELECT name, (SELECT coalesce(max(id), 0) FROM part) FROM identity").fetchone()

    def prune(self, kept: dt.timedelta = KEPT) -> int:
        """Delete snapshots fetched longer ago than `kept`, never the last one, and all but the last history of a
        symbol; how many snapshots went. The file shrinks."""
        limit = _iso(self.clock() - kept)
        with self._writing() as db:
            last = "(SELECT max(id) FROM snapshot)"
            gone = db.execute(f"DELETE FROM snapshot WHERE fetched < ? AND id < {last}", (limit,)).rowcount
            db.execute(
                "DELETE FROM part WHERE kind <> 'history' AND id NOT IN (SELECT spx FROM snapshot UNION ALL "
                "SELECT vix FROM snapshot WHERE vix IS NOT NULL UNION ALL "
                "SELECT futures FROM snapshot WHERE futures IS NOT NULL)"
            )
            db.execute(
                "DELETE FROM part WHERE kind = 'history' AND id NOT IN "
                "(SELECT max(id) FROM part WHERE kind = 'history' GROUP BY symbol)"
            )
            db.execute(
                "DELETE FROM blob WHERE hex(digest) NOT IN (SELECT upper(value) FROM part, json_each(part.blobs))"
            )
        with self._translated(), closing(self._connect()) as db:
            db.execute("VACUUM")
        return gone

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection in one read transaction, None where there is no file."""
        if not self.path.is_file():
            yield None
            return
        with self._translated(), closing(self._connect(create=False)) as db:
            if _version(db, self.path) == 0:  # another process is just making it
                yield None
                return
            db.execute("BEGIN")
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one write transaction; a damaged file is set aside first."""
        with self._translated():
            try:
                db = self._prepared()
            except sqlite3.DatabaseError as error:
                if not sqlite.is_damage(error):
                    raise
                self._replace()
                db = self._prepared()
            with closing(db):
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                    raise

    def _connect(self, *, create: bool = True) -> sqlite3.Connection:
        return sqlite.connect(self.path, _WAIT, create=create)

    def _prepared(self) -> sqlite3.Connection:
        """A connection in a write transaction on a file that has our tables."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = self._connect()
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            if _version(db, self.path) == 0:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("INSERT INTO identity VALUES (?)", (uuid.uuid4().hex,))
                db.execute(f"PRAGMA user_version = {VERSION}")
            sqlite.check(db)  # the digests watch over what is in the tables
        except BaseException:
            db.close()
            raise
        return db

    def _replace(self) -> None:
        """Rename a damaged file and take over what of it is whole."""
        snapshots, histories = self._salvaged()
        try:
            self.set_aside = sqlite.set_aside(self.path, self.clock())
        except OSError as error:
            raise StoreError(
                f"{self.path} is damaged and cannot be renamed ({error}); close what uses it, then refresh again"
            ) from error
        with closing(self._prepared()) as db:
            for snapshot in reversed(snapshots):
                _put_snapshot(db, snapshot, _iso(self.clock()))
            for found in histories:
                _put_history(db, found.history, found.source, _iso(found.fetched))
            db.execute("COMMIT")

    def _salvaged(self) -> tuple[list[Snapshot], list[StoredHistory]]:
        snapshots: list[Snapshot] = []
        histories: list[StoredHistory] = []
        try:
            snapshots = self.recent(1)
            found = [self.history(symbol) for symbol in self.symbols()]
            histories = [one for one in found if one is not None]
        except StoreError:
            pass
        return snapshots, histories

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as `StoreError`."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(sqlite.say(self.path, error, _WAIT, _WORDS)) from error
        except OSError as error:
            raise StoreError(f"{self.path} cannot be used ({error}); the quotes stored before stay") from error


def _put_snapshot(db: sqlite3.Connection, snapshot: Snapshot, fetched: str) -> int:
    parts = [_put_chain(db, snapshot.spx, fetched)]
    parts.append(_put_chain(db, snapshot.vix, fetched) if snapshot.vix is not None else None)
    parts.append(_put_futures(db, snapshot.futures, fetched) if snapshot.futures is not None else None)
    cursor = db.execute(
        "INSERT INTO snapshot (spx, vix, futures, fetched, warnings) VALUES (?, ?, ?, ?, ?)",
        (*parts, fetched, json.dumps(snapshot.warnings)),
    )
    return int(cursor.lastrowid or 0)


def _put_chain(db: sqlite3.Connection, part: ChainSnapshot, fetched: str) -> int | None:
    chain = part.chain
    listing: Columns = {"root": chain.root, "expiry": chain.expiry, "strike": chain.strike}
    quotes: Columns = {
        "call_bid": chain.call.bid,
        "call_ask": chain.call.ask,
        "put_bid": chain.put.bid,
        "put_ask": chain.put.ask,
        "call_flags": chain.call.flags.astype(np.int32),
        "put_flags": chain.put.flags.astype(np.int32),
    }
    about = {"spot": part.spot, "notes": part.notes, "sample": part.sample}
    row = ("chain", chain.underlying, part.source, _iso(part.market_time), fetched)
    return _put_part(db, row, about, [listing, quotes])


def _put_futures(db: sqlite3.Connection, curve: FuturesCurve, fetched: str) -> int | None:
    futures = [(f.expiry.isoformat(), f.price, f.monthly) for f in curve.futures]
    row = ("futures", "VX", curve.source, _iso(curve.market_time), fetched)
    return _put_part(db, row, {"futures": futures, "notes": curve.notes}, [])


def _put_history(db: sqlite3.Connection, history: IndexHistory, source: str, fetched: str) -> None:
    columns: dict[str, Any] = {"dates": history.dates, "close": history.close}
    for name in ("open", "high", "low"):
        column = getattr(history, name)
        if column is not None:
            columns[name] = column
    row = ("history", history.symbol, source, str(history.dates[-1]), fetched)
    _put_part(db, row, {"notes": history.notes}, [columns])


def _put_part(
    db: sqlite3.Connection, row: Sequence[str], about: dict[str, Any], groups: Sequence[Columns]
) -> int | None:
    digests = []
    for columns in groups:
        data = pack(columns)
        digest = hashlib.sha256(data).digest()
        db.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (digest, data))
        digests.append(digest.hex())
    return db.execute(
        "INSERT INTO part (kind, symbol, source, market_time, fetched, about, blobs) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, json.dumps(about), json.dumps(digests)),
    ).lastrowid


def _snapshots(db: sqlite3.Connection, count: int) -> list[Snapshot]:
    found: list[Snapshot] = []
    for (number,) in db.execute("SELECT id FROM snapshot ORDER BY id DESC"):
        if len(found) == count:
            break
        whole = _one(db, number)
        if whole is not None:
            found.append(whole)
    return found


def _one(db: sqlite3.Connection, number: int) -> Snapshot | None:
    """A snapshot, None where it is damaged or gone."""
    row = db.execute("SELECT spx, vix, futures, warnings FROM snapshot WHERE id = ?", (number,)).fetchone()
    if row is None:
        return None
    spx, vix, futures, warnings = row
    try:
        return Snapshot(
            _chain(db, spx),
            _chain(db, vix) if vix is not None else None,
            _futures(db, futures) if futures is not None else None,
            tuple(json.loads(warnings)),
        )
    except _DamageError:
        return None


def _part(db: sqlite3.Connection, number: int) -> tuple[str, str, str, dict[str, Any], list[dict[str, Any]]]:
    row = db.execute("SELECT symbol, source, market_time, about, blobs FROM part WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise _DamageError
    symbol, source, market_time, about, blobs = row
    try:
        return symbol, source, market_time, json.loads(about), [_columns(db, digest) for digest in json.loads(blobs)]
    except ValueError as error:
        raise _DamageError from error


def _columns(db: sqlite3.Connection, digest: str) -> dict[str, Any]:
    found = db.execute("SELECT data FROM blob WHERE digest = ?", (bytes.fromhex(digest),)).fetchone()
    if found is None or hashlib.sha256(found[0]).hexdigest() != digest:
        raise _DamageError
    try:
        return unpack(found[0])
    except (BadZipFile, zlib.error) as error:
        raise _DamageError from error


def _chain(db: sqlite3.Connection, number: int) -> ChainSnapshot:
    symbol, source, market_time, about, (listing, quotes) = _part(db, number)
    sides = [
        Quotes(quotes[f"{side}_bid"], quotes[f"{side}_ask"], quotes[f"{side}_flags"].astype(np.int64))
        for side in ("call", "put")
    ]
    return ChainSnapshot(
        source=source,
        market_time=dt.datetime.fromisoformat(market_time),
        spot=about["spot"],
        chain=OptionChain(symbol, listing["root"], listing["expiry"], listing["strike"], *sides),
        notes=tuple(about["notes"]),
        sample=about["sample"],
    )


def _futures(db: sqlite3.Connection, number: int) -> FuturesCurve:
    _, source, market_time, about, _ = _part(db, number)
    futures = tuple(Future(dt.date.fromisoformat(day), price, monthly) for day, price, monthly in about["futures"])
    return FuturesCurve(source, dt.datetime.fromisoformat(market_time), futures, tuple(about["notes"]))


def _history(db: sqlite3.Connection, symbol: str) -> StoredHistory | None:
    rows = db.execute("SELECT id, fetched FROM part WHERE kind = 'history' AND symbol = ? ORDER BY id DESC", (symbol,))
    for number, fetched in rows:
        try:
            _, source, _, about, (columns,) = _part(db, number)
        except _DamageError:
            continue
        history = IndexHistory(symbol=symbol, notes=tuple(about["notes"]), **columns)
        return StoredHistory(history, source, dt.datetime.fromisoformat(fetched))
    return None


def _entries(db: sqlite3.Connection) -> list[Entry]:
    rows = db.execute(
        "SELECT snapshot.id, market_time, snapshot.fetched, source FROM snapshot JOIN part ON part.id = spx ORDER BY 1"
    )
    moment = dt.datetime.fromisoformat
    return [Entry(number, moment(market), moment(fetched), source) for number, market, fetched, source in rows]


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = sqlite.version(db)
    if version > VERSION:
        raise StoreError(sqlite.newer(path, version))
    return version


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()
