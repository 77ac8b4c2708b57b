"""Explanations of cells, on a small book held in a dict."""

from __future__ import annotations

from typing import Any

import pytest

from xlalvh.formulas.errors import CellError
from xlalvh.formulas.explain import NO_FAILURE, explain, references
from xlalvh.formulas.registry import Argument, Formula, Kind, catalogue

DIV = CellError("#DIV/0!", "the cell holds #DIV/0!")
BOOK: dict[str, Any] = {
    "A1": 4200.0,
    "$C$4": -5.0,
    "rate": 0.05,
    "B1": DIV,
    "D1": None,
    "Smile!$C$4:$C$6": ((4000.0,), (-5.0,), ("x",)),
    "'My sheet'!C4:C6": ((4000.0,), (4100.0,), (DIV,)),
    "strikes": ((3900.0, "x"),),
    "A1#": 4000.0,
}


def why(formula: str) -> str | CellError:
    return explain(formula, BOOK.__getitem__)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ('=ALVH_PRICE("P",A1,$C$4,0.1,0.2,rate)', "#NUM! ALVH_PRICE: strike is -5 (from $C$4); it must be above 0"),
        ('=ALVH_PRICE("P",A1,-7,0.1,0.2)', "#NUM! ALVH_PRICE: strike is -7; it must be above 0"),
        ('=ALVH_PRICE("P",A1,D1,0.1,0.2)', "#N/A ALVH_PRICE: strike is blank (from D1); enter a number"),
        ('=ALVH_PRICE("Q",A1,$C$4,0.1,0.2)', "#VALUE! ALVH_PRICE: right is 'Q'; enter \"C\""),
        ('=ALVH_PRICE("P",A1,"ATM",0.1,0.2)', "#VALUE! ALVH_PRICE: strike is 'ATM', which is not a number"),
        # The cell of a range, with its sheet.
        ('=ALVH_PRICE("P",A1,Smile!$C$4:$C$6,0.1,0.2)', "#NUM! ALVH_PRICE: strike is -5 (from Smile!C5);"),
        ('=ALVH_GREEKS("P",A1,Smile!$C$4:$C$6,0.1,0.2)', "#NUM! ALVH_GREEKS: strike is -5 (from Smile!C5);"),
        ('=ALVH_PRICE("P",A1,strikes,0.1,0.2)', "strike is 'x' (from row 1, column 2 of strikes), which is not"),
        # An error in a cell: which cell to look at.
        ('=ALVH_PRICE("P",B1,4000,0.1,0.2)', "#DIV/0! ALVH_PRICE: forward (from B1): received an error"),
        ('=ALVH_PRICE("P",B1,4000,0.1,0.2)', "look at B1 first"),
        ("=ALVH_PRICE(\"P\",A1,'My sheet'!C4:C6,0.1,0.2)", "look at 'My sheet'!C6 first"),
        # Expressions inside arguments.
        ('=ALVH_PRICE("P",A1,-A1*2,0.1,0.2)', "strike is -8400 (from -A1*2);"),
        ('=ALVH_PRICE("P",A1,IF(D1="",-7,D1+2),0.1,0.2)', 'strike is -7 (from IF(D1="",-7,D1+2));'),
        ('=ALVH_PRICE("P",A1,INDEX(Smile!$C$4:$C$6,2),0.1,0.2)', "strike is -5 (from INDEX(Smile!$C$4:$C$6,2));"),
        ('=ALVH_PRICE("P",A1,IFERROR(B1,-3),0.1,0.2)', "strike is -3 (from IFERROR(B1,-3));"),
        # The inner call is told, not what its failure does further out.
        ('=ALVH_PRICE("P",A1,A1*ALVH_DELTA("P",A1,$C$4,0.1,0.2),0.1,0.2)', "#NUM! ALVH_DELTA: strike is -5"),
        # Names as Excel's add-ins, new Excels and Calc's files write them.
        ('=[1]!ALVH_PRICE("P",A1,$C$4,0.1,0.2)', "#NUM! ALVH_PRICE: strike is -5 (from $C$4)"),
        ('=@ALVH_PRICE("P",A1,$C$4,0.1,0.2)', "#NUM! ALVH_PRICE: strike is -5 (from $C$4)"),
        ('{=ORG.XLALVH.ALVH.ALVH_PRICE("P",A1,$C$4,0.1,0.2)}', "#NUM! ALVH_PRICE: strike is -5 (from $C$4)"),
        ('=ALVH_PRICE("P",A1#,-1*A1#,0.1,0.2)', "strike is -4000 (from -1*A1#)"),
        ("=ALVH_NOPE(A1)", "#VALUE! ALVH_NOPE: there is no formula ALVH_NOPE"),
        ('=ALVH_PRICE("P",A1)', "#N/A ALVH_PRICE: strike is blank; enter a number"),
        ('=ALVH_PRICE("P",{4000,4100},{1,2,3},1,1)', "#VALUE! ALVH_PRICE: forward has 1 x 2 cells"),
        # Failures outside our formulas.
        ('=ALVH_PRICE("P",A1,A1,0.1,0.2)/0', "#DIV/0! comes from the functions around the ALVH_ formula"),
        ('=B1+ALVH_PRICE("P",A1,A1,0.1,0.2)', "look at B1 first"),
        ('=IFERROR(ALVH_PRICE("P",A1,$C$4,0.1,0.2),0)', "no failure in the cell, but inside it: #NUM! ALVH_PRICE"),
        ('=AGGREGATE(9,6,A1)+ALVH_PRICE("P",A1,A1,0.1,0.2)', "no failure before this: only the spreadsheet"),
        ("=A1*2", "no ALVH_ formula"),
    ],
)
def test_the_first_failure_is_told(formula: str, told: str) -> None:
    answer = why(formula)
    assert isinstance(answer, str)
    assert told in answer


@pytest.mark.parametrize(
    "formula",
    [
        '=ALVH_PRICE("P",A1,4000,0.1,0.2,rate)',
        '=ALVH_PRICE("P",A1,{4000,4100},0.1,0.2,)',
        '=SUM(ALVH_GREEKS("P",A1,4000,0.1,0.2,rate,FALSE))',
        '=IF(ALVH_PRICE("P",A1,4000,0.1,0.2)>1,"dear","cheap")',
    ],
)
def test_a_cell_that_works(formula: str) -> None:
    assert why(formula) == NO_FAILURE


@pytest.mark.parametrize("text", ["", "5", "a text"])
def test_a_cell_without_a_formula(text: str) -> None:
    answer = why(text)
    assert isinstance(answer, CellError)
    assert answer.code == "#VALUE!"
    assert "give the cell of an ALVH_ formula" in answer.message


def test_dates_of_the_1904_system(monkeypatch: pytest.MonkeyPatch) -> None:
    day = Argument("day", Kind.MOMENT, "a day")
    entry = Formula("ALVH_DAY", "Test", "", (day,), "", "", {}, function=lambda day: day.year)
    monkeypatch.setitem(catalogue, entry.name, entry)
    # Serial 1 is 1904-01-02 in the one system, and before the first day taken in the other.
    assert "#NUM! ALVH_DAY: day is 1; enter a date between 1900-03-01" in str(why("=ALVH_DAY(1)"))
    assert explain("=ALVH_DAY(1)", BOOK.__getitem__, date_1904=True) == NO_FAILURE


def test_each_cell_is_looked_up_once() -> None:
    asked: list[str] = []

    def resolve(reference: str) -> Any:
        asked.append(reference)
        return 4200.0

    explain('=ALVH_PRICE("P",A1,A1*0.9,A2,0.2)', resolve)
    assert asked == ["A1", "A2"]


def test_references_in_order_each_once() -> None:
    formula = "=IFERROR(ALVH_PRICE(\"A9\",'My sheet'!$A$1:B2,rate*C4,C4,Table1[vol]),D5)"
    assert references(formula) == ["'My sheet'!$A$1:B2", "rate", "C4", "Table1[vol]", "D5"]
