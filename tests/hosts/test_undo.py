"""A closed book's way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.hosts import undo


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(b"before")
    return path


def test_it_goes_back_once(book: Path) -> None:
    undo.keeping(book, lambda: undo.replace(book, b"after"))
    assert book.read_bytes() == b"after"
    undo.restore(book)
    assert book.read_bytes() == b"before"
    with pytest.raises(undo.UndoError, match="no refresh of"):
        undo.restore(book)


def test_a_change_that_fails_leaves_the_way_back_of_the_one_before(book: Path) -> None:
    undo.keeping(book, lambda: undo.replace(book, b"after"))

    def fails() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        undo.keeping(book, fails)
    assert book.read_bytes() == b"after"
    undo.restore(book)
    assert book.read_bytes() == b"before"


def test_what_was_kept_and_cannot_be_read_is_said(book: Path, home: Path) -> None:
    undo.keeping(book, lambda: undo.replace(book, b"after"))
    for record in (home / "undo").glob("*.json"):
        record.write_text("{")
    with pytest.raises(undo.UndoError, match="cannot be read"):
        undo.restore(book)
    assert book.read_bytes() == b"after"


def test_a_file_is_written_whole_and_keeps_its_mode(book: Path) -> None:
    book.chmod(0o640)
    undo.replace(book, b"new")
    assert (book.read_bytes(), book.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [path.name for path in book.parent.iterdir()] == [book.name]
