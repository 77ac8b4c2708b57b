"""The stock add-in: its functions are what xlwings' own "Import Functions" writes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
import xlwings
from oletools import olevba

from tests.hosts.excel.test_package import VERSIONS, validate
from xlalvh.hosts.excel import stock


def imported(udfs: Any) -> str:
    """What xlwings imports into a workbook with the name of the add-in."""
    book, found = MagicMock(), []
    book.Name, book.Application.Version = stock.ADDIN, "16.0"
    book.VBProject.VBComponents.Import.side_effect = lambda path: found.append(Path(path).read_text())
    with patch.object(xlwings._xlwindows, "Book", MagicMock(), create=True), patch.object(udfs, "__pro__", False):
        udfs.import_udfs(stock.MODULE, book)
    return found[0]


def test_functions_are_xlwings_own_text(python: Any) -> None:
    from xlwings import udfs

    assert stock.functions() == imported(udfs)


def test_addin_holds_them_and_is_valid(python: Any, tmp_path: Path) -> None:
    path = tmp_path / stock.ADDIN
    stock.build_addin(path)
    found = {name: source for _, _, name, source in olevba.VBA_Parser(str(path)).extract_macros()}
    assert found["xlwings_udfs.bas"].replace("\r\n", "\n") == stock.functions()
    assert set(found) == {"ThisWorkbook.cls", "Sheet1.cls", "xlwings_udfs.bas", "xlwings.bas"}
    for version in VERSIONS:
        done = validate(path, version)
        assert done.returncode == 0, done.stdout[-2000:]


def test_without_pywin32_it_says_so() -> None:
    with (
        patch.dict(sys.modules, {"xlwings.udfs": None}),
        pytest.raises(stock.NeedsWindowsError, match="only on Windows"),
    ):
        stock.functions()
