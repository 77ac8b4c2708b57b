"""Driving Calc: books, files, processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.formulas import CellError
from xlalvh.hosts.calc import idl
from xlalvh.hosts.calc.session import CalcError, CalcSession


def test_an_ods_file_keeps_the_names_and_binds(calc: CalcSession, tmp_path: Path) -> None:
    book = calc.open()
    book.write("Sheet1", "A1", '=ALVH_PRICE("P";90;100;0;0.2)')
    book.store_ods(tmp_path / "book.ods")
    book.close()
    again = calc.open(tmp_path / "book.ods")
    assert again.formulas("Sheet1", "A1") == [[f'={idl.PREFIX}ALVH_PRICE("P";90;100;0;0.2)']]
    again.recalculate()
    assert again.read("Sheet1", "A1") == [[10.0]]
    again.close()


def test_values_and_errors_of_every_kind(calc: CalcSession) -> None:
    book = calc.open()
    for cell, value in {"A1": 1.5, "B1": "text", "C1": None, "A2": "=1/0", "B2": "=NA()", "C2": "=A1*2"}.items():
        book.write("Sheet1", cell, value)
    first, second = book.read("Sheet1", "A1:C2")
    assert first == [1.5, "text", ""]
    assert [v.code if isinstance(v, CellError) else v for v in second] == ["#DIV/0!", "#N/A", 3.0]
    assert book.sheets() == ["Sheet1"]
    book.close()


def test_a_pdf_is_printed(calc: CalcSession, tmp_path: Path) -> None:
    book = calc.open()
    book.write("Sheet1", "A1", "a page")
    book.export_pdf(tmp_path / "book.pdf")
    book.close()
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")


def test_a_refused_command_says_which_and_leaves_the_session_usable(calc: CalcSession) -> None:
    book = calc.open()
    with pytest.raises(CalcError, match=r"read: .*NoSuchElementException"):
        book.read("No sheet", "A1")
    assert book.read("Sheet1", "A1") == [[""]]
    book.close()


def test_a_session_outside_with_is_refused() -> None:
    with pytest.raises(CalcError, match="with statement"):
        CalcSession().open()
