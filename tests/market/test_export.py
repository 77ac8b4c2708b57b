"""What is exported is what was stored, read back by other means."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xlalvh.market.export import export_quotes
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import QuoteError, Snapshot
from xlalvh.market.store import Store

SAMPLE = sample_snapshot()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "q.sqlite3")
    made.put(Snapshot(SAMPLE.vix))
    made.put(replace(SAMPLE, futures=None))
    return made


def test_csv(store: Store, tmp_path: Path) -> None:
    assert SAMPLE.vix is not None
    path = tmp_path / "out.csv"
    count = export_quotes(store, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count == 2 * (2 * len(SAMPLE.vix.chain) + len(SAMPLE.spx.chain))
    chain = SAMPLE.spx.chain
    i = int(np.nonzero((chain.root == "SPXW") & (chain.strike == 6500.0))[0][3])
    wanted = {
        "snapshot": "2", "market_time": "2026-01-14 20:45:00+00:00", "source": SAMPLE.spx.source, "underlying": "SPX",
        "spot": "6912.35", "root": "SPXW", "expiry": str(chain.expiry[i]), "strike": "6500.0", "right": "P",
        "bid": str(chain.put.bid[i]), "ask": str(chain.put.ask[i]), "quality": "",
    }  # fmt: skip
    assert sum(wanted.items() <= row.items() for row in rows) == 1
    missing = [row for row in rows if row["quality"] == "no bid"]
    assert missing
    assert all(row["bid"] == "" for row in missing)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.csv", "q.sqlite3"]


def test_parquet_says_the_same(store: Store, tmp_path: Path) -> None:
    export_quotes(store, tmp_path / "out.csv")
    export_quotes(store, tmp_path / "out.parquet")
    table = pd.read_parquet(tmp_path / "out.parquet")
    told = pd.read_csv(tmp_path / "out.csv", keep_default_na=False, na_values={"bid": [""], "ask": [""]})
    for name in ("snapshot", "root", "strike", "right", "bid", "ask", "quality"):
        assert table[name].equals(told[name]) or (table[name].astype(str) == told[name].astype(str)).all()


def test_what_cannot_be_exported(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(QuoteError, match=r"out.xls; give a name that ends in .csv or .parquet"):
        export_quotes(store, tmp_path / "out.xls")
    kept = tmp_path / "kept.csv"
    kept.write_text("mine")
    with pytest.raises(QuoteError, match="holds no quotes"):
        export_quotes(Store(tmp_path / "none.sqlite3"), kept)
    assert kept.read_text() == "mine"
    with pytest.raises(QuoteError, match="cannot be written"):
        export_quotes(store, tmp_path / "nowhere" / "out.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(QuoteError, match=r'pip install "pyarrow.*or write a .csv'):
        export_quotes(store, tmp_path / "out.parquet")
