"""A closed .ods book; what a refreshed one shows is compared in tests/cli/test_refresh.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.hosts.calc import closed
from xlalvh.hosts.calc.session import CalcError, CalcSession
from xlalvh.market.tables import MarketTables


def test_a_book_without_the_areas_is_as_it_was(calc: CalcSession, sample_tables: MarketTables, tmp_path: Path) -> None:
    path = tmp_path / "other.ods"
    book = calc.open()
    book.write("Sheet1", "A1", "mine")
    book.store_ods(path)
    book.close()
    before = path.read_bytes()
    with pytest.raises(CalcError, match="bring it up with xlalvh upgrade"):
        closed.write(path, sample_tables)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["other.ods"]
