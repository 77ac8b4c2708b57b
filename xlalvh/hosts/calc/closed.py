"""A refresh written into a closed .ods file by a Calc of our own, which computes it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xlalvh.hosts.block import block
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.undo import replace
from xlalvh.market.tables import MarketTables


def write(path: Path, tables: MarketTables) -> None:
    """Put the tables into the book at `path`.

    Raises
    ------
    CalcError, ProgramMissingError
        Where Calc is missing or refuses; the file is as it was.
    """
    with CalcSession() as calc, tempfile.TemporaryDirectory() as folder:
        book = calc.open(path)
        book.refresh({name: list(rows) for name, rows in block(tables, date_1904=book.date_1904()).items()})
        book.recalculate()
        draft = Path(folder) / path.name
        book.store_ods(draft)
        book.close()
        replace(path, draft.read_bytes())
