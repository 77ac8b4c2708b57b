"""What every SQLite file in the data directory shares: how it is opened, what its errors mean, how a damaged one is set
aside. Each file's own module says what is in it and what takes a damaged one's place.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from pathlib import Path
from typing import NamedTuple


class Words(NamedTuple):
    """What a file's error messages say of its content."""

    mended: str  # what happens to a damaged file
    undone: str  # what a full disk leaves undone
    kept: str  # what is safe


def connect(path: Path, wait: float, *, create: bool = True) -> sqlite3.Connection:
    """A connection whose transactions are begun by hand; it waits so many seconds for another process."""
    address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)


def version(db: sqlite3.Connection) -> int:
    """The version that the file was made with; 0 where it has no tables yet."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def newer(path: Path, found: int) -> str:
    """What to say of a file of a version above ours."""
    return f"{path} was written by a newer xlalvh (version {found}); upgrade xlalvh"


def check(db: sqlite3.Connection) -> None:
    """Walk the tables.

    Raises
    ------
    sqlite3.DatabaseError
        Where they cannot be walked; `is_damage` knows it.
    """
    if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("database disk image is malformed")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken."""
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB") or "malformed" in str(error)


def set_aside(path: Path, now: dt.datetime) -> Path:
    """Rename a file with what SQLite keeps beside it; its new name."""
    target = path.with_name(f"{path.stem}-damaged-{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}{path.suffix}")
    for tail in ("", "-wal", "-shm"):
        part = path.with_name(path.name + tail)
        if part.exists():
            part.rename(target.with_name(target.name + tail))
    return target


def say(path: Path, error: sqlite3.Error, wait: float, words: Words) -> str:
    """An error in words that name the file, what happened and the remedy."""
    name = getattr(error, "sqlite_errorname", "")
    if is_damage(error):
        return f"{path} is damaged ({error}); {words.mended}"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is in use by another program for more than {wait:g} seconds; close it or try again"
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return f"{path}: {words.undone} ({error}); free space on its disk. {words.kept[0].upper()}{words.kept[1:]}"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return f"{path} cannot be opened for writing ({error}); check the folder's permissions or set XLALVH_HOME"
    return f"{path}: {error}; {words.kept}"
