"""The imported positions that are kept: `positions.json` in the data directory, an account a set.

An import replaces the set of its broker's account, so that importing twice doubles nothing. What stood before the last
import is kept and can be put back. Several processes may read and import at once.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from xlalvh.market.directory import data_directory
from xlalvh.market.positions.legs import Contract, Leg
from xlalvh.market.positions.reading import Outcome, PositionError, Reading

NAME = "positions.json"
_VERSION = 1
_PATIENCE = 10.0  # seconds for another process's import


class Held(msgspec.Struct, frozen=True):
    """One leg as it is kept."""

    root: str
    expiry: dt.date
    right: str
    strike: float
    quantity: float
    entry: float | None = None
    group: str = ""

    def leg(self) -> Leg:
        return Leg(Contract(self.root, self.expiry, self.right, self.strike), self.quantity, self.entry, self.group)


class Account(msgspec.Struct, frozen=True):
    """The legs of one account of a broker, as one file had them."""

    broker: str
    account: str  # empty where neither the file nor the trader named one
    file: str
    imported: dt.datetime  # aware, UTC
    legs: tuple[Held, ...]
    not_understood: tuple[str, ...] = ()  # rows, each with its line and the reason


class _File(msgspec.Struct, frozen=True):
    """What the file holds."""

    accounts: tuple[Account, ...] = ()
    before: tuple[Account, ...] = ()  # what stood before the last import
    version: int = _VERSION


class Ledger:
    """The kept positions of a data directory; `data_directory()` if omitted."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or data_directory()) / NAME

    def stamp(self) -> tuple[int, int]:
        """Changes with the file."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def accounts(self) -> tuple[Account, ...]:
        """What is kept, in order of import.

        Raises
        ------
        PositionError
            Where the file cannot be read.
        """
        return self._read().accounts

    def keep(
        self, readings: Sequence[tuple[str, Reading]], now: dt.datetime, account: str | None = None
    ) -> tuple[list[Account], list[Account]]:
        """Keep what was read of files, each with its name, in place of what its accounts had.

        Parameters
        ----------
        readings : sequence of (file name, Reading)
        now : datetime
            The moment of the import, aware.
        account : str, optional
            Names the account of files that name none.

        Returns
        -------
        kept, replaced : lists of Account

        Raises
        ------
        PositionError
            For one account in two of the files, for a file without an account whose broker has several here, and where
            the ledger cannot be read or written. Nothing is changed then.
        """
        new: list[Account] = []
        for name, reading in readings:
            for found in _by_account(name, reading, now, account):
                if any(_same(found, other) for other in new):
                    raise PositionError(f"two of the files have positions of {_title(found)}; import one of them")
                new.append(found)
        with self._locked():
            old = self._read().accounts
            for one in new:
                named = [other for other in old if other.broker == one.broker and other.account]
                if not one.account and named:
                    raise PositionError(
                        f"{one.file} names no account, and positions of {', '.join(map(_title, named))} are kept: say "
                        "with --account whose they are, or they would count twice"
                    )
            replaced = [other for other in old if any(_same(one, other) for one in new)]
            stay = [other for other in old if other not in replaced]
            self._write(_File((*stay, *new), old))
        return new, replaced

    def restore(self) -> tuple[Account, ...]:
        """Put back what stood before the last import, and keep what stands now in its place: a second call undoes it.

        Raises
        ------
        PositionError
        """
        with self._locked():
            held = self._read()
            self._write(_File(held.before, held.accounts))
        return held.before

    def _read(self) -> _File:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return _File()
        except OSError as error:
            raise PositionError(f"{self.path}: {error.strerror or error}; close what holds it, try again") from error
        try:
            found = msgspec.json.decode(raw, type=_File)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise PositionError(
                f"{self.path} is damaged ({error}); move it away and import your positions again"
            ) from error
        if found.version != _VERSION:
            raise PositionError(f"{self.path} was written by a later version of xlalvh; update this one")
        return found

    def _write(self, content: _File) -> None:
        draft = self.path.with_suffix(".new")
        try:
            with draft.open("wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(content), indent=1))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            raise PositionError(
                f"{self.path} cannot be written ({error.strerror or error}); nothing was imported"
            ) from error

    def _locked(self) -> _Lock:
        return _Lock(self.path.with_suffix(".lock"))


class _Lock:
    """One import at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path)

    def __enter__(self) -> None:
        try:
            self._lock.acquire(timeout=_PATIENCE)
        except (Timeout, OSError) as error:
            raise PositionError(f"another import holds {self._lock.lock_file}; wait for it, then try again") from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _by_account(file: str, reading: Reading, now: dt.datetime, given: str | None) -> list[Account]:
    found = []
    for name in reading.accounts:
        rows = [row for row in reading.rows if row.account == name]
        legs = tuple(Held(*row.leg.contract, *row.leg[1:]) for row in rows if row.leg is not None)
        broken = tuple(
            f"line {row.line}: {row.text} ({row.reason})" for row in rows if row.outcome is Outcome.NOT_UNDERSTOOD
        )
        found.append(Account(reading.broker, name or given or "", file, now, legs, broken))
    return found


def _same(new: Account, old: Account) -> bool:
    """Whether a set takes the place of another: brokers print an account in full or as its last digits."""
    if new.broker != old.broker:
        return False
    if not old.account or new.account == old.account:
        return True
    ours, theirs = ("".join(re.findall(r"\d", text)) for text in (new.account, old.account))
    masked = "..." in new.account or "..." in old.account or "*" in new.account or "*" in old.account
    return bool(ours and theirs) and (ours == theirs or (masked and (ours.endswith(theirs) or theirs.endswith(ours))))


def _title(account: Account) -> str:
    return f"{account.broker} {account.account or '(no account named)'}"
