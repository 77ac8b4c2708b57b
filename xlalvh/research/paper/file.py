"""The ledger's file: SQLite in the data directory, appended to in whole transactions, and a copy in case it is damaged.

One process writes at a time. A write is there whole once `writing` has returned, and not at all before; after it the
copy beside the file is brought up. A file that is damaged is set aside at the next write and the copy takes its place.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from xlalvh.market import sqlite
from xlalvh.market.directory import DirectoryError, data_directory
from xlalvh.research.paper.contracts import PaperError

NAME = "paper.sqlite3"
VERSION = 1
_WAIT = 10.0  # seconds for another process to finish writing
_WORDS = sqlite.Words(
    "the next booking or mark sets it aside and goes on from its copy",
    "nothing was booked",
    "what was booked before stays",
)
_SYNCHRONOUS = "FULL"  # an entry survives a power cut

# Cents and whole contracts: nothing here is rounded when it is added up.
_SCHEMA = (
    "CREATE TABLE identity (name TEXT NOT NULL)",
    "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, "
    "at TEXT NOT NULL, written TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL)",
    "CREATE TABLE trade (id INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL REFERENCES entry (id), "
    "account TEXT NOT NULL, strategy TEXT NOT NULL, legs TEXT NOT NULL)",
    "CREATE TABLE fill (id INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL REFERENCES entry (id), "
    "trade INTEGER NOT NULL REFERENCES trade (id), contract TEXT NOT NULL, quantity INTEGER NOT NULL, "
    "cents INTEGER NOT NULL, fee INTEGER NOT NULL, how TEXT NOT NULL)",
    "CREATE TABLE mark (entry INTEGER NOT NULL REFERENCES entry (id), trade INTEGER NOT NULL REFERENCES trade (id), "
    "contract TEXT NOT NULL, cents INTEGER NOT NULL, how TEXT NOT NULL)",
    "CREATE TABLE posting (entry INTEGER NOT NULL REFERENCES entry (id), ledger TEXT NOT NULL, trade INTEGER, "
    "contract TEXT, cents INTEGER NOT NULL)",
    "CREATE INDEX posting_by_entry ON posting (entry)",
    *(
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'what is booked is never changed'); END"
        for table in ("entry", "trade", "fill", "mark", "posting")
        for verb in ("UPDATE", "DELETE")
    ),
)


class LedgerError(PaperError):
    """The ledger cannot be read or written; the message names the file, what happened and the remedy."""


class LedgerFile:
    """The file of one ledger. An object holds no open file.

    Parameters
    ----------
    path : Path, optional
        ``paper.sqlite3`` in the data directory if omitted. It is made on the first write.

    Attributes
    ----------
    set_aside : Path or None
        Where a damaged file was renamed to by this object.

    Raises
    ------
    LedgerError
        By every method: in use for 10 seconds, disk full, no permission, damaged, or of a newer version. By the
        constructor: no data directory.
    """

    def __init__(self, path: Path | None = None) -> None:
        try:
            self.path = path if path is not None else data_directory() / NAME
        except DirectoryError as error:
            raise LedgerError(str(error)) from error
        self.copy = self.path.with_name(f"{self.path.stem}-copy{self.path.suffix}")
        self.set_aside: Path | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection in one read transaction, None where nothing was ever written."""
        if not self.path.is_file():
            yield None
            return
        with self._translated(), closing(sqlite.connect(self.path, _WAIT, create=False)) as db:
            if _version(db, self.path) == 0:  # another process is just making it
                yield None
                return
            db.execute("BEGIN")
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one write transaction, committed at the end; nothing is written where the body raises."""
        with self._translated():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=_WAIT):
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
                    self._keep_copy(db)

    def stamp(self) -> tuple[str, int]:
        """What changes with every entry: the file's identity and the last entry; ("", 0) where there is none."""
        with self.reading() as db:
            if db is None:
                return "", 0
            name, last = db.execute("SELECT name, (SELECT coalesce(max(id), 0) FROM entry) FROM identity").fetchone()
            return str(name), int(last)

    def _prepared(self) -> sqlite3.Connection:
        """A connection in a write transaction on a file that has our tables."""
        db = sqlite.connect(self.path, _WAIT)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
            db.execute("BEGIN IMMEDIATE")
            if _version(db, self.path) == 0:
                for statement in _SCHEMA:
                    db.execute(statement)
                db.execute("INSERT INTO identity VALUES (?)", (uuid.uuid4().hex,))
                db.execute(f"PRAGMA user_version = {VERSION}")
            sqlite.check(db)
        except BaseException:
            db.close()
            raise
        return db

    def _keep_copy(self, db: sqlite3.Connection) -> None:
        """Bring the copy up, by a file of its own that takes its name whole."""
        draft = self.copy.with_name(f"{self.copy.name}.{uuid.uuid4().hex[:8]}")
        try:
            with closing(sqlite3.connect(draft)) as target:
                target.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
                db.backup(target)
            os.replace(draft, self.copy)
        except (sqlite3.Error, OSError):  # the entry is in the ledger; the copy is one entry behind
            draft.unlink(missing_ok=True)

    def _replace(self) -> None:
        """Rename a damaged file and put the copy in its place."""
        self.set_aside = sqlite.set_aside(self.path, dt.datetime.now(dt.UTC))
        if self.copy.is_file():
            with (
                closing(sqlite.connect(self.copy, _WAIT, create=False)) as kept,
                closing(sqlite.connect(self.path, _WAIT)) as fresh,
            ):
                kept.backup(fresh)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of SQLite and of the system as `LedgerError`."""
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(sqlite.say(self.path, error, _WAIT, _WORDS)) from error
        except Timeout as error:
            raise LedgerError(f"{self.path} is in use by another program for more than {_WAIT:g} seconds") from error
        except OSError as error:
            raise LedgerError(f"{self.path} cannot be used ({error}); what was booked before stays") from error


def _version(db: sqlite3.Connection, path: Path) -> int:
    version = sqlite.version(db)
    if version > VERSION:
        raise LedgerError(sqlite.newer(path, version))
    return version
