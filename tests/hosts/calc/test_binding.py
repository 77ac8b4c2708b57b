"""Excel files opened in Calc: plain names get bound, and nothing else changes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from xlalvh.hosts.calc import idl
from xlalvh.hosts.calc.session import CalcSession

SHEET = "Book"
PRICE = 'ALVH_PRICE("P",$A$1,{strike},0,0.2)'


@pytest.mark.parametrize("name", ["ALVH_PRICE", idl.programmatic("ALVH_PRICE")])
@pytest.mark.parametrize("protected", [False, True])
def test_names_bind_on_load(calc: CalcSession, tmp_path: Path, name: str, protected: bool) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write("A1", 90)
        for row in range(20):
            sheet.write_formula(row, 1, f'={name}("P",$A$1,{100 + row},0,0.2)', None, 10 + row)
            sheet.write_formula(row, 2, f"=B{row + 1}*2", None, 20 + 2 * row)
        sheet.write_array_formula("D1:D2", f'{{={name}("P",$A$1,{{100;101}},0,0.2)}}', None, 10)
        sheet.write("D2", 11)
        sheet.write_array_formula("B21:B22", f'{{={name}("P",$A$1,{{100;101}},0,0.2)}}', None, 10)
        sheet.write("B22", 11)
        if protected:
            sheet.protect()
    book = calc.open(path)
    try:
        texts = book.formulas(SHEET, "A1:D22")
        assert all(idl.PREFIX in texts[row][1] for row in range(22))
        assert texts[0][2] == "=B1*2"
        assert texts[0][3] == texts[1][3] == f'{{={idl.PREFIX}ALVH_PRICE("P";$A$1;{{100|101}};0;0.2)}}'
        assert book.modified() is False
        assert [row[:3] for row in book.read(SHEET, "B1:D2")] == [[10, 20, 10], [11, 22, 11]]
        book.write(SHEET, "A1", 80)
        assert [row[:3] for row in book.read(SHEET, "B1:D2")] == [[20, 40, 20], [21, 42, 21]]
        assert book.read(SHEET, "B22") == [[21]]
        book.store_ods(tmp_path / "book.ods")
        content = zipfile.ZipFile(tmp_path / "book.ods").read("content.xml").decode()
        assert ('table:protected="true"' in content) is protected
    finally:
        book.close()


def test_2000_formulas_bind_in_blocks(calc: CalcSession, tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet(SHEET)
        for row in range(2000):
            sheet.write_formula(row, 0, f'=ALVH_PRICE("P",90,{100 + row},0,0.2)', None, 10 + row)
    book = calc.open(path)
    try:
        assert all(idl.PREFIX in row[0] for row in book.formulas(SHEET, "A1:A2000"))
        assert book.read(SHEET, "A2000") == [[2009]]
    finally:
        book.close()


@pytest.mark.parametrize(("counted", "shown"), [(1, 20), (0, 99)])
def test_results_older_than_the_quotes_are_computed(
    calc: CalcSession, tmp_path: Path, counted: int, shown: float
) -> None:
    """As a refresh of the closed file leaves them: the count on Market went up, what it gave elsewhere did not."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path, {"calc_on_load": False}) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write("A1", 10)
        sheet.write_formula("B1", "=A1*2", None, 99)
        sheet.write("A2", counted)
        sheet.write_formula("B2", "=A2", None, 0)
        made.define_name("refresh_count", f"={SHEET}!$A$2")
        made.define_name("refresh_shown", f"={SHEET}!$B$2")
    book = calc.open(path)
    assert book.read(SHEET, "B1:B2") == [[shown], [counted]]
    assert book.modified() is False
    book.close()
