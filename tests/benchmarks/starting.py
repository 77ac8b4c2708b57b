"""What an import costs, in fresh processes, and how soon the first result follows."""

from __future__ import annotations

import compileall
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks import environment
from tests.benchmarks.report import Times

ROUNDS = 9
NUMPY = "numpy"
OURS = "xlalvh.formulas"

_FIRST = """
import time, sys
from xlalvh.formulas import registry
entry = registry.catalogue[sys.argv[1]]
given = [entry.example.get(a.name) for a in entry.arguments]
start = time.perf_counter()
registry.call(entry.name, given)
print(time.perf_counter() - start)
"""
_LEAN = "from xlalvh.hosts.excel.lean import OPTIONAL, without\nwith without(*OPTIONAL): import xlwings"


def measure() -> tuple[Times, Times]:
    """Seconds of each import beyond Python's own start, and of each formula's first call; one a round."""
    compileall.compile_dir(environment.ROOT / "xlalvh", quiet=2)  # as an installer leaves every package
    here = Path(sys.executable)
    current = environment.python("current", environment.CURRENT)
    old = environment.python("old", environment.OLD)
    imports = {
        NUMPY: (here, "import numpy"),
        OURS: (here, "import xlalvh.formulas"),
        "xlwings, without pandas": (here, _LEAN),
        "xlwings": (here, "import xlwings"),
        "scipy.stats": (here, "import scipy.stats"),
        "QuantLib": (here, "import QuantLib"),
        "numba": (current, "import numba"),
        "fast-vollib": (current, "import fast_vollib"),
        "py_vollib_vectorized": (old, "import py_vollib_vectorized"),
    }
    started: Times = {}
    first: Times = {}
    for number in range(-1, ROUNDS):  # the first round fills the file cache
        bare = {python: _seconds(python, "pass") for python in (here, current, old)}
        for name, (python, code) in imports.items():
            taken = _seconds(python, code) - bare[python]
            if number >= 0:
                started.setdefault(name, []).append(taken)  # type: ignore[union-attr]
        for name in ("ALVH_PRICE", "ALVH_GREEKS", "ALVH_IV", "ALVH_YEARS"):
            shown = subprocess.run([str(here), "-c", _FIRST, name], check=True, capture_output=True, text=True).stdout
            if number >= 0:
                first.setdefault(name, []).append(float(shown))  # type: ignore[union-attr]
    return started, first


def _seconds(python: Path, code: str) -> float:
    start = time.perf_counter()
    subprocess.run([str(python), "-c", code], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
