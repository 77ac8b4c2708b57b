"""The formulas in a running Calc."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from xlalvh.formulas import CellError, alvh_greeks, alvh_price, catalogue
from xlalvh.hosts.calc import idl
from xlalvh.hosts.calc.session import CalcBook, CalcSession

SHEET = "Sheet1"


@pytest.fixture
def book(calc: CalcSession) -> Iterator[CalcBook]:
    opened = calc.open()
    yield opened
    opened.close()


def show(book: CalcBook, formula: str) -> object:
    """What a cell with this formula shows: a value, or the code of an error."""
    book.write(SHEET, "Z99", formula)
    [[value]] = book.read(SHEET, "Z99")
    return value.code if isinstance(value, CellError) else value


def test_every_formula_binds_on_entry(book: CalcBook) -> None:
    names = list(catalogue)
    book.write_formulas(SHEET, f"A1:A{len(names)}", [[f"={name}()"] for name in names])
    bound = [row[0] for row in book.formulas(SHEET, f"A1:A{len(names)}")]
    assert bound == [f"={idl.programmatic(name)}()" for name in names]


def test_the_wizard_explains_every_formula(calc: CalcSession) -> None:
    for name, entry in catalogue.items():
        shown = calc.function_help(name)
        assert shown is not None
        assert entry.help in shown["help"]
        assert [a["name"] for a in shown["arguments"]] == [a.name for a in entry.arguments]
        assert all(
            told["help"].startswith(argument.help)
            for told, argument in zip(shown["arguments"], entry.arguments, strict=True)
        )


def test_numbers_are_those_of_python_to_the_last_bit(book: CalcBook) -> None:
    random = np.random.default_rng(7)
    inputs = np.column_stack([random.uniform(3000, 5000, (50, 2)), random.uniform(0.01, 1, 50)])
    for i, row in enumerate(inputs.tolist(), 1):
        for column, value in zip("ABC", row, strict=True):
            book.write(SHEET, f"{column}{i}", value)
    book.write_formulas(SHEET, "D1:D50", [[f'=ALVH_PRICE("P";A{i};B{i};C{i};0.2;0.05)'] for i in range(1, 51)])
    expected = [alvh_price("P", *row, 0.2, 0.05) for row in inputs.tolist()]
    assert [row[0] for row in book.read(SHEET, "D1:D50")] == expected


@pytest.mark.parametrize(
    ("strike", "code", "number"), [("-5", "#NUM!", 6), ('"x"', "#VALUE!", 3), ('" "', "#N/A", 7), ("0", "#NUM!", 6)]
)
def test_failures_are_real_errors(book: CalcBook, strike: str, code: str, number: int) -> None:
    book.write(SHEET, "A1", f'=ALVH_PRICE("P";4200;{strike};0.1;0.2)')
    assert show(book, "=A1") == code
    assert show(book, '=IFERROR(A1;"caught")') == "caught"
    assert show(book, "=ISNUMBER(A1)") == 0
    assert show(book, "=ERROR.TYPE(A1)") == number
    assert show(book, f'=IFERROR(ALVH_PRICE("P";4200;{strike};0.1;0.2);"caught")') == "caught"


def test_an_omitted_argument_is_missing_or_takes_its_default(book: CalcBook) -> None:
    assert show(book, '=ALVH_PRICE("P";4200;;0.1;0.2)') == "#N/A"
    # Intrinsic value at expiry: a rate of 0 is the default.
    assert show(book, '=ALVH_PRICE("P";90;100;0;0.2)') == 10
    assert show(book, '=ALVH_PRICE("P";90;100;0;0.2;)') == 10


def test_a_blank_cell_arrives_as_zero(book: CalcBook) -> None:
    assert show(book, '=ALVH_PRICE("P";4200;A1;0.1;0.2)') == "#NUM!"  # Calc's own way; a blank in a range is #N/A


def test_results_go_on_in_scalar_formulas(book: CalcBook) -> None:
    assert show(book, '=ALVH_PRICE("P";90;100;0;0.2)*2+1') == 21
    assert show(book, '=IF(ALVH_PRICE("P";90;100;0;0.2)>9;"dear";"cheap")') == "dear"
    assert show(book, '=ROUND(ALVH_PRICE("P";90.123;100;0;0.2);1)') == 9.9
    assert show(book, '=INDEX(ALVH_GREEKS("P";90;100;0.1;0.2);1;2)') == "delta"
    assert str(show(book, '="v: "&ALVH_VERSION()')).startswith("v: xlalvh")


def test_one_bad_element_keeps_the_others(book: CalcBook) -> None:
    for i, strike in enumerate([100.0, -1.0, "x", None, 105.0], 1):
        book.write(SHEET, f"A{i}", strike)
    book.write_array(SHEET, "B1:B5", '=ALVH_PRICE("P";90;A1:A5;0;0.2)')
    shown = [row[0] for row in book.read(SHEET, "B1:B5")]
    assert [v.code if isinstance(v, CellError) else v for v in shown] == [10, "#NUM!", "#VALUE!", "#N/A", 15]


def test_tables_have_their_headers(book: CalcBook) -> None:
    book.write_array(SHEET, "A1:I2", '=ALVH_GREEKS("P";4200;4000;0.12;0.19;0.05)')
    assert book.read(SHEET, "A1:I2") == [list(row) for row in alvh_greeks("P", 4200, 4000, 0.12, 0.19, 0.05)]


def test_explain(book: CalcBook) -> None:
    book.write(SHEET, "A1", 4200)
    book.write(SHEET, "A2", -5)
    book.write(SHEET, "A3", "=1/0")
    book.write(SHEET, "B1", '=ALVH_PRICE("P";A1;$A$2;0.1;0.2)')
    book.write(SHEET, "B2", '=ALVH_PRICE("P";A1;A3;0.1;0.2)')
    book.write(SHEET, "B3", '=IFERROR(ALVH_PRICE("P";A1;INDEX(A1:A3;2);0.1;0.2);"-")')
    book.write(SHEET, "B4", '=ALVH_PRICE("P";A1;A9;0.1;0.2)')
    book.write_array(SHEET, "C1:C2", '=ALVH_PRICE("P";A1;A1:A2;0.1;0.2)')
    assert str(show(book, "=ALVH_EXPLAIN(B1)")).startswith("#NUM! ALVH_PRICE: strike is -5 (from $A$2); it must be")
    assert "strike (from A3): received an error (the cell holds #DIV/0!); look at A3" in str(
        show(book, "=ALVH_EXPLAIN(B2)")
    )
    assert "no failure in the cell, but inside it: #NUM! ALVH_PRICE: strike is -5" in str(
        show(book, "=ALVH_EXPLAIN(B3)")
    )
    assert "strike is blank (from A9)" in str(show(book, "=ALVH_EXPLAIN(B4)"))
    assert "strike is -5 (from A2)" in str(show(book, "=ALVH_EXPLAIN(C1)"))
    book.write(SHEET, "A2", 4000)
    assert show(book, "=ALVH_EXPLAIN(B1)") == "no failure"
    assert show(book, "=ALVH_EXPLAIN(A1)") == "#VALUE!"
    assert show(book, "=ALVH_EXPLAIN(A1:A2)") == "#VALUE!"


def test_explain_follows_other_sheets_and_names(calc: CalcSession, tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    with xlsxwriter.Workbook(path) as made:
        first, other = made.add_worksheet(SHEET), made.add_worksheet("My sheet")
        made.define_name("bad_strike", "='My sheet'!$B$2")
        made.define_name("years", "=0.1")
        other.write("B2", -7)
        price = idl.programmatic("ALVH_PRICE")
        first.write_formula("A1", f'={price}("P",4200,bad_strike,years,0.2)')
        first.write_formula("A2", f"={price}(\"P\",4200,'My sheet'!$B$2,years,0.2)")
        first.write_formula("A3", f'={price}("P",4200,4000,years,0.2)')
        for row in (1, 2, 3):
            first.write_formula(f"B{row}", f"={idl.programmatic('ALVH_EXPLAIN')}(A{row})")
    book = calc.open(path)
    book.recalculate()
    told = [row[0] for row in book.read(SHEET, "B1:B3")]
    book.close()
    assert "strike is -7 (from bad_strike)" in told[0]
    assert "strike is -7 (from 'My sheet'!$B$2)" in told[1]
    assert told[2] == "no failure"


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_follow_the_documents_system(calc: CalcSession, tmp_path: Path, date_1904: bool) -> None:
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": date_1904}) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write_formula("A1", f"={idl.programmatic('ALVH_SPX_EXPIRY')}(2023,6)")
        sheet.write_formula("A2", '=TEXT(A1,"YYYY-MM-DD")')
        sheet.write_formula("A3", f'={idl.programmatic("ALVH_YEARS")}(DATE(2023,6,16),"SPXW",DATE(2023,6,15)+16/24)')
    book = calc.open(path)
    book.recalculate()
    [[_], [day], [years]] = book.read(SHEET, "A1:A3")
    book.close()
    assert day == "2023-06-16"  # the third Friday
    assert years == pytest.approx(1 / 365, rel=1e-6)  # one day to 16:00


def test_2000_cells_recalculate_well_under_a_second(book: CalcBook) -> None:
    rows = [[f'=ALVH_PRICE("P";A$1;{3000 + i};0.12;0.19;0.05)'] for i in range(2000)]
    book.write(SHEET, "A1", 4200)
    book.write_formulas(SHEET, "B1:B2000", rows)
    best = min(book.recalculate() for _ in range(3))
    print(f"2,000 single-cell formulas: {best * 1000:.0f} ms")
    assert best < 0.9


def test_a_killed_helper_is_started_again(calc: CalcSession, book: CalcBook) -> None:
    book.write(SHEET, "A1", '=ALVH_PRICE("P";90;100;0;0.2)')
    [helper] = helpers(calc)
    os.kill(helper, signal.SIGKILL)
    time.sleep(0.1)
    book.recalculate()
    assert book.read(SHEET, "A1") == [[10.0]]
    assert helpers(calc) != [helper]


def helpers(calc: CalcSession) -> list[int]:
    """Process ids of the helpers that this Calc started."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            ours = os.getpgid(int(place.name)) == calc.group
            if ours and b"xlalvh.hosts.calc.helper" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found
