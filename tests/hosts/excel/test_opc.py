"""Packages: what is not changed stays as it is, and a file is replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pytest

from tests.conftest import ROOT
from xlalvh.hosts.excel.opc import Package, PackageError, refuse_open

TEMPLATE = ROOT / "workbook" / "alvh.xlsx"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Path(shutil.copy(TEMPLATE, tmp_path / "book.xlsx"))


def _compressed(path: Path) -> dict[str, bytes]:
    """The compressed bytes of every entry, by the sizes that the central directory has."""
    found = {}
    data = path.read_bytes()
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            at = entry.header_offset
            start = (
                at
                + 30
                + int.from_bytes(data[at + 26 : at + 28], "little")
                + int.from_bytes(data[at + 28 : at + 30], "little")
            )
            found[entry.filename] = data[start : start + entry.compress_size]
    return found


def test_one_part_changes_and_no_other_byte(book: Path) -> None:
    before = _compressed(book)
    package = Package(book)
    core = package.read("docProps/core.xml").replace(b"xlalvh", b"XLALVH")
    package.write("docProps/core.xml", core)
    package.save(book)
    after = _compressed(book)
    assert list(after) == list(before)
    assert [name for name in before if before[name] != after[name]] == ["docProps/core.xml"]
    with ZipFile(book) as archive:
        assert archive.testzip() is None
        assert archive.read("docProps/core.xml") == core
    assert openpyxl.load_workbook(book, read_only=True).properties.title.startswith("XLALVH")


def test_entries_written_as_a_stream_are_copied_too(book: Path, tmp_path: Path) -> None:
    """Their sizes stand after the data."""
    streamed = tmp_path / "streamed.xlsx"
    with ZipFile(book) as old, streamed.open("wb") as out:

        class Pipe:
            """Nothing to seek in."""

            def write(self, data: bytes) -> int:
                return out.write(data)

            def flush(self) -> None:
                out.flush()

        with ZipFile(Pipe(), "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name), ZIP_STORED if name.endswith(".rels") else None)
    package = Package(streamed)
    package.save(tmp_path / "again.xlsx")
    with ZipFile(tmp_path / "again.xlsx") as archive, ZipFile(book) as old:
        assert archive.testzip() is None
        assert {n: archive.read(n) for n in archive.namelist()} == {n: old.read(n) for n in old.namelist()}


def test_a_part_comes_and_goes_with_its_type_and_its_way(book: Path) -> None:
    package = Package(book)
    kept = package.relationships("xl/workbook.xml")
    assert {r.kind for r in kept} == {"worksheet", "theme", "styles", "sharedStrings"}
    assert kept[0].target == "xl/worksheets/sheet1.xml"
    package.write("xl/extra.xml", b"<extra/>", "application/extra+xml")
    package.set_relationships("xl/workbook.xml", kept)
    package.remove("xl/charts/chart1.xml")
    package.save(book)
    again = Package(book)
    assert again.content_type("xl/extra.xml") == "application/extra+xml"
    assert again.content_type("xl/sharedStrings.xml") == package.content_type("xl/sharedStrings.xml")
    assert again.content_type("xl/charts/chart1.xml") == "application/xml"
    assert "xl/charts/chart1.xml" not in again
    assert again.relationships("xl/workbook.xml") == kept


def test_a_failed_write_leaves_the_book(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = book.read_bytes()
    package = Package(book)
    package.write("docProps/core.xml", b"<other/>")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        package.save(book)
    assert book.read_bytes() == before
    assert list(book.parent.iterdir()) == [book]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted.*without a password"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"", "damaged"),
    ],
)
def test_what_is_no_package_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(PackageError, match=says):
        Package(path)


def test_damage_inside_is_found(book: Path) -> None:
    with ZipFile(book) as archive:
        entry = archive.getinfo("xl/worksheets/sheet2.xml")
    data = bytearray(book.read_bytes())
    data[entry.header_offset + 5000] ^= 0xFF
    book.write_bytes(data)
    with pytest.raises(PackageError, match="damaged"):
        Package(book)


def test_a_missing_file_and_a_zip_that_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot be read"):
        Package(tmp_path / "none.xlsx")
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(PackageError, match="lacks its part"):
        Package(tmp_path / "other.zip")


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_an_open_book_is_refused(lock: str, book: Path) -> None:
    refuse_open(book)
    book.with_name(lock).touch()
    with pytest.raises(PackageError, match="open in another program"):
        refuse_open(book)


def test_a_book_changed_meanwhile_is_left(book: Path) -> None:
    package = Package(book)
    package.write("docProps/core.xml", b"<other/>")
    with ZipFile(book, "a") as archive:
        archive.writestr("later.txt", "typed since")
    before = book.read_bytes()
    with pytest.raises(PackageError, match="changed by another program"):
        package.save(book)
    assert book.read_bytes() == before
