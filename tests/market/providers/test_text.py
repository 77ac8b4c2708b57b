"""Cells of files in any encoding, numbers and dates out of cells."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest

from xlalvh.market.providers.text import count, date, number, read_rows, shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("à, b\r\n\r\n,,\n1,2".encode(encoding))
    assert read_rows(path, "none") == [["à", "b"], [], [], ["1", "2"]]


def test_an_unclosed_quote_spoils_its_line_only(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('"a, b",c\n"d,e\nf,g')
    assert read_rows(path, "none") == [["a, b", "c"], ["d,e"], ["f", "g"]]


def test_text_after_a_closing_quote_is_joined_to_no_number(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('"2".5,1\n"2,5",1')
    assert read_rows(path, "none") == [[], ["2,5", "1"]]


def test_cells() -> None:
    assert number("-1.5") == -1.5
    assert all(
        math.isnan(number(cell)) for cell in ("", "#N/A", "nan", "inf", "1e999", "1,5", "1_000", "１", "\x1e2.5")
    )
    assert date("2020-03-18") == date("03/18/2020") == dt.date(2020, 3, 18)
    assert date("18/03/2020") is date("2020-3-18") is date("") is None
    assert (count(1, "row"), count(12_345, "row")) == ("1 row", "12,345 rows")
    assert shown(["x" * 70]) == f"'{'x' * 57}...'"
