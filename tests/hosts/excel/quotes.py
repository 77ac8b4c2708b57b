"""xlwings' server as in `com`, with a stand-in for the network and the store: what a refresh brings is the sample, with
an SPX level that rises by 1 each time. Run with a folder: a file ``fail`` in it is the reason of a failure, a file
``slow`` lets the fetch last, a minute or the seconds that stand in it. The process that fetches, `Job`, and all else
are real.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.hosts.excel import com

_LEVELS = itertools.count(5000)
EVIL = "=1+1"  # a text that must not become a formula


def fetch(folder: Path) -> subprocess.Popen[str]:
    """A process that says what ``xlalvh refresh --progress`` says."""
    fail = folder / "fail"
    end = {"error": fail.read_text()} if fail.exists() else {"done": True}
    code = "import sys, time; print(sys.argv[1], flush=True); time.sleep(float(sys.argv[2])); print(sys.argv[3])"
    slow = folder / "slow"
    lasts = (slow.read_text() or "60") if slow.exists() else "0.5"
    given = [json.dumps({"text": "SPX options"}), lasts, json.dumps(end)]
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code, *given], stdin=pipe, stdout=pipe, text=True)


def tables() -> Any:
    from xlalvh.market.providers.sample import sample_snapshot
    from xlalvh.market.tables import tabulate

    return dataclasses.replace(tabulate(sample_snapshot()), spx_spot=float(next(_LEVELS)), spx_source=EVIL)


def main() -> None:
    with com.stand_ins() as python:
        from xlalvh.hosts.excel import refresh
        from xlalvh.hosts.refreshing import Job

        refresh.Job.start = lambda: Job(fetch(Path(sys.argv[1])))
        refresh.latest_tables = tables
        com.answer_lines(python)


if __name__ == "__main__":
    main()
