"""How long the backtest takes: every variant and scenario from 2010-05-24 to 2021-06-11 on two processes.

``python -m tests.benchmarks.backtest [FOLDER]`` with the folder of real market data.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path

from tests.conftest import ROOT
from xlalvh.research import backtest
from xlalvh.research.assemble import assemble

LIMIT = 60.0  # seconds
PROCESSES = 2


def main() -> int:
    """Print seconds; 1 where they are too many, or two runs differ."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("XLALVH_DATA", ROOT.parent / "shared" / "data"))
    days = assemble(folder)[0].between(backtest.FIRST, dt.date(2021, 6, 11))
    taken, ends = [], []
    for _ in range(2):
        start = time.perf_counter()
        result = backtest.run(days, processes=PROCESSES)
        taken.append(time.perf_counter() - start)
        ends.append({(s, v): int(a.profit[-1]) for s, part in result.accounts.items() for v, a in part.items()})
    print(f"{len(ends[0])} runs over {len(days)} days: {taken[0]:.1f} s, again {taken[1]:.1f} s (limit {LIMIT:g} s)")
    return int(max(taken) > LIMIT or ends[0] != ends[1])


if __name__ == "__main__":
    sys.exit(main())
