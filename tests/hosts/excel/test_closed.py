"""A closed Excel book refreshed: one part changes."""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from tests.conftest import ROOT
from xlalvh.hosts.block import block
from xlalvh.hosts.excel.closed import ClosedBook
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.snapshot import combine
from xlalvh.market.tables import tabulate


@pytest.mark.parametrize("name", ["alvh.xlsx", "alvh.xlsm"])
def test_every_part_but_market_keeps_its_bytes(name: str, data: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "workbook" / name, tmp_path))
    before = {n: ZipFile(path).read(n) for n in ZipFile(path).namelist()}
    tables = tabulate(combine(read_quote_table(data / "spx_chains" / "SPX_2023-05-19_close.csv")))
    book = ClosedBook(path)
    book.write(block(tables))
    book.package.save(path)
    after = {n: ZipFile(path).read(n) for n in ZipFile(path).namelist()}
    assert list(after) == list(before)
    changed = [n for n in before if before[n] != after[n]]
    assert changed == ["xl/worksheets/sheet2.xml"]
    assert b'<sheetCalcPr fullCalcOnLoad="1"/><sheetProtection' in after[changed[0]]
    market = openpyxl.load_workbook(path)["Market"]
    names = openpyxl.load_workbook(path).defined_names
    cell = market[names["spx_spot"].attr_text.rpartition("!")[2].replace("$", "")]
    assert cell.value == pytest.approx(4191.98)
    assert market[names["refresh_count"].attr_text.rpartition("!")[2].replace("$", "")].value == 1
