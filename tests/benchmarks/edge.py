"""ALVH_EDGE at full size: 100,000 paths of 45 sessions, and as a live cell.

    python -m tests.benchmarks.edge

Limit: 2 s on two cores for 100,000 paths. Wall time and time of all threads, medians of the rounds.
"""

from __future__ import annotations

import os
import time
from statistics import median

from xlalvh.formulas import alvh_edge

LIMIT, ROUNDS = 2.0, 5
SIZES = {
    "100,000 paths, 45 sessions": 100_000.0,
    "20,000 paths, the default": 20_000.0,
    "8,000 paths, the sheet": 8000.0,
}


def measure(paths: float, law: str) -> tuple[float, float]:
    """Seconds of the wall and of the processor."""
    given = {**alvh_edge.example, "years": 45 / 252, "paths": paths, "law": law}
    alvh_edge(**given)
    wall, processor = [], []
    for _ in range(ROUNDS):
        started, before = time.perf_counter(), time.process_time()
        alvh_edge(**given)
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - before)
    return median(wall), median(processor)


def main() -> int:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{os.cpu_count()} cores, load {load:.1f} before")
    full = 0.0
    for title, paths in SIZES.items():
        for law in ("real-world", "risk-neutral"):
            wall, processor = measure(paths, law)
            print(f"{title}, {law}: {wall:.2f} s, all threads {processor:.2f} s")
            if paths == 100_000.0 and law == "real-world":
                full = wall
    print(f"{full:.2f} s of {LIMIT:g}: {'holds' if full < LIMIT else 'FAILS (is the machine idle?)'}")
    return 0 if full < LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
