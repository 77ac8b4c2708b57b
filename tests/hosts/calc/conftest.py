"""A book of real quotes that several tests look at, open in the one Calc of the run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.calc.test_template import Live
from workbook.build import build
from xlalvh.hosts.calc import engine
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.snapshot import combine
from xlalvh.market.tables import tabulate

SPX = "spx_chains/SPX_2023-05-19_close.csv"
VIX = "vix_chains/VIX_2023-05-15_1147ET_cboe_quotedata.csv"


@pytest.fixture(scope="session")
def may(calc: CalcSession, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """SPX of 2023-05-19 with VIX of 2023-05-15. A test that writes puts back what stood there."""
    path = tmp_path_factory.mktemp("may") / "alvh.xlsx"
    tables = tabulate(combine(read_quote_table(data / SPX), read_quote_table(data / VIX)))
    built = build(path, tables, spell=engine.spell)
    book = calc.open(path)
    book.recalculate()
    yield Live(built, book)
    book.close()
