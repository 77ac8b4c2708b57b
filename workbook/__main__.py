"""``python -m workbook`` builds the committed templates from the sample: alvh.xlsx, alvh.xlsm, where Calc is alvh.ods.

The Excel files' values come from the embedded engine, so that they are the same wherever they are built.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from workbook.build import build
from workbook.run import run_book
from xlalvh.hosts.calc import engine
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.tables import tabulate


def main() -> None:
    """Build both into this folder."""
    tables, here = tabulate(sample_snapshot()), Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XLALVH_HOME"] = folder  # nothing that the builder has measured, traded or fetched gets in
        run = run_book(tables, here, "embedded")  # takes an older alvh.ods away
        print(*run.files, build(here / "alvh.xlsm", tables, run.values).path)
        if engine.available():
            ods = run_book(tables, Path(folder) / "calc", "calc").files[-1]
            print(shutil.copy(ods, here))


if __name__ == "__main__":
    main()
