"""A closed book as it was before its last refresh, kept in the data directory."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from xlalvh.market.directory import data_directory


class UndoError(ValueError):
    """A book that cannot be put back; the message says why and what to do."""


def keeping(book: Path, change: Callable[[], None]) -> None:
    """Change a book, and keep its bytes from before; they are on the disk before the change begins."""
    kept, record = _places(book)
    draft = kept.with_suffix(".draft")
    replace(draft, book.read_bytes())
    change()
    os.replace(draft, kept)
    replace(record, json.dumps({"book": str(book.resolve()), "now": _digest(book)}).encode())


def restore(book: Path) -> None:
    """Put a book back to what it was before its last refresh.

    Raises
    ------
    UndoError
        Where no refresh of it is known, or it was changed since: then what was kept stays.
    """
    kept, record = _places(book)
    try:
        before, now = kept.read_bytes(), json.loads(record.read_bytes())["now"]
    except FileNotFoundError:
        raise UndoError(f"no refresh of {book} is known here; nothing is undone") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UndoError(f"what was kept of {book} cannot be read ({error}); nothing is undone") from error
    if not book.is_file() or _digest(book) != now:
        raise UndoError(
            f"{book} was changed since its last refresh, so nothing is undone; the book from before stands in {kept}: "
            f"copy it to a name that ends in {book.suffix}"
        )
    replace(book, before)
    record.unlink()
    kept.unlink()


def replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            os.chmod(draft, path.stat().st_mode & 0o777)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _places(book: Path) -> tuple[Path, Path]:
    folder = data_directory() / "undo"
    folder.mkdir(exist_ok=True)
    name = hashlib.sha256(str(book.resolve()).encode()).hexdigest()[:24]
    return folder / f"{name}.book", folder / f"{name}.json"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
