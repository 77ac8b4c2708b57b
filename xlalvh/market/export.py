"""Stored option quotes as one long table, a quote a row, for other programs: CSV or Parquet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xlalvh.market import extra, quality
from xlalvh.market.quotes import ChainSnapshot, QuoteError
from xlalvh.market.store import Entry, Store

if TYPE_CHECKING:
    import pandas as pd

Write = Callable[["pd.DataFrame"], None]


def export_quotes(store: Store, path: Path) -> int:
    """Write every option quote of the store; how many. A file that is there is replaced once all is written.

    Columns: snapshot, market_time and fetched (UTC), source, underlying, spot, root, expiry, strike, right (C or P),
    bid and ask (points, empty where missing), quality (empty for a good quote).

    Raises
    ------
    QuoteError
        For a name that ends neither in .csv nor in .parquet, without pyarrow, for an empty store, and where the file
        cannot be written.
    """
    writers = {".csv": _csv, ".parquet": _parquet}
    if path.suffix.lower() not in writers:
        raise QuoteError(f"the file is {path.name}; give a name that ends in {' or '.join(writers)}")
    part = path.with_name(f"{path.name}.part")
    rows = 0
    try:
        with writers[path.suffix.lower()](part) as write:
            for entry, snapshot in store.snapshots():
                for chain in (snapshot.spx, snapshot.vix):
                    if chain is not None:
                        table = _table(entry, chain)
                        write(table)
                        rows += len(table)
        if not rows:
            raise QuoteError(f"{store.path} holds no quotes; refresh them first")
        os.replace(part, path)
    except OSError as error:
        raise QuoteError(f"{path} cannot be written ({error}); free space or give another name") from error
    finally:
        part.unlink(missing_ok=True)
    return rows


def _table(entry: Entry, snapshot: ChainSnapshot) -> pd.DataFrame:
    import pandas as pd

    chain = snapshot.chain
    both = (chain.call, chain.put)
    said = {flags: quality.labels(flags) for side in both for flags in set(side.flags.tolist())}
    return pd.DataFrame(
        {
            "snapshot": entry.number,
            "market_time": pd.Timestamp(snapshot.market_time),
            "fetched": pd.Timestamp(entry.fetched),
            "source": snapshot.source,
            "underlying": chain.underlying,
            "spot": snapshot.spot,
            "root": np.tile(chain.root, 2),
            "expiry": np.tile(chain.expiry.astype("datetime64[s]"), 2),
            "strike": np.tile(chain.strike, 2),
            "right": np.repeat(["C", "P"], len(chain)),
            "bid": np.concatenate([side.bid for side in both]),
            "ask": np.concatenate([side.ask for side in both]),
            "quality": [said[flags] for side in both for flags in side.flags.tolist()],
        }
    )


@contextmanager
def _csv(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        first = True

        def write(table: pd.DataFrame) -> None:
            nonlocal first
            table.to_csv(file, index=False, header=first)
            first = False

        yield write


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise QuoteError(f"Parquet needs a package: {extra.command('pyarrow>=17')}; or write a .csv") from None
    writer: Any = None

    def write(table: pd.DataFrame) -> None:
        nonlocal writer
        batch = pa.Table.from_pandas(table, preserve_index=False)
        if writer is None:
            writer = pq.ParquetWriter(path, batch.schema)
        writer.write_table(batch)

    try:
        yield write
    finally:
        if writer is not None:
            writer.close()
