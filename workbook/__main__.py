"""``python -m workbook`` builds the committed templates from the sample: alvh.xlsx, and where Calc is, alvh.ods.

The Excel file's values come from the embedded engine, so that they are the same wherever it is built.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workbook.run import run_book
from xlalvh.hosts.calc import engine
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.tables import tabulate


def main() -> None:
    """Build both into this folder."""
    tables, here = tabulate(sample_snapshot()), Path(__file__).parent
    print(*run_book(tables, here, "embedded").files)  # takes an older alvh.ods away
    if engine.available():
        with tempfile.TemporaryDirectory() as folder:
            ods = run_book(tables, Path(folder), "calc").files[-1]
            print(shutil.copy(ods, here))


if __name__ == "__main__":
    main()
