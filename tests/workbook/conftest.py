"""Books that several tests look at, computed once by the embedded engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.run import Run, run_book
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.snapshot import combine
from xlalvh.market.tables import MarketTables, tabulate


@pytest.fixture(scope="session")
def may_tables(data: Path) -> MarketTables:
    """SPX of 2023-05-19 with VIX of 2023-05-15."""
    spx = read_quote_table(data / "spx_chains" / "SPX_2023-05-19_close.csv")
    vix = read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
    return tabulate(combine(spx, vix))


@pytest.fixture(scope="session")
def may_run(may_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_book(may_tables, tmp_path_factory.mktemp("may"), "embedded")
