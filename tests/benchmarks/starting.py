"""What an import costs, in fresh processes, and how soon the first result follows."""

from __future__ import annotations

import compileall
import subprocess
import sys
from pathlib import Path

from tests.benchmarks import environment
from tests.benchmarks.report import Times

ROUNDS = 15
NUMPY = "numpy"
OURS = "xlalvh.formulas"
WITHOUT_NUMPY = ("QuantLib",)
FIRST = ("ALVH_PRICE", "ALVH_GREEKS", "ALVH_IV", "ALVH_YEARS")

_FIRST = """
import time, sys
from xlalvh.formulas import registry
entry = registry.catalogue[sys.argv[1]]
given = [entry.example.get(a.name) for a in entry.arguments]
start = time.perf_counter()
registry.call(entry.name, given)
print(time.perf_counter() - start)
"""
_IMPORT = """
import sys, time
start = time.perf_counter()
import numpy
between = time.perf_counter()
exec(sys.argv[1])
print(between - start, time.perf_counter() - between)
"""
_LEAN = "from xlalvh.hosts.excel.lean import OPTIONAL, without\nwith without(*OPTIONAL): import xlwings"


def measure() -> tuple[Times, Times, Times]:
    """Seconds of each import, of NumPy's alone in the same process, and of each formula's first call; one a round."""
    compileall.compile_dir(environment.ROOT / "xlalvh", quiet=2)  # as an installer leaves every package
    here = Path(sys.executable)
    current = environment.python("current", environment.CURRENT)
    old = environment.python("old", environment.OLD)
    imports = {
        NUMPY: (here, "pass"),
        OURS: (here, "import xlalvh.formulas"),
        "xlwings, without pandas": (here, _LEAN),
        "xlwings": (here, "import xlwings"),
        "scipy.stats": (here, "import scipy.stats"),
        "QuantLib": (here, "import QuantLib"),
        "numba": (current, "import numba"),
        "fast-vollib": (current, "import fast_vollib"),
        "py_vollib_vectorized": (old, "import py_vollib_vectorized"),
    }
    started: dict[str, list[float]] = {name: [] for name in imports}
    numpys: dict[str, list[float]] = {name: [] for name in imports}
    first: dict[str, list[float]] = {name: [] for name in FIRST}
    for number in range(-1, ROUNDS):  # the first round fills the file cache
        for name, (python, code) in imports.items():
            numpy, rest = _seconds(python, _IMPORT, code)
            if number >= 0:
                numpys[name].append(numpy)
                started[name].append(rest if name in WITHOUT_NUMPY else numpy + rest)
        for name in FIRST:
            (taken,) = _seconds(here, _FIRST, name)
            if number >= 0:
                first[name].append(taken)
    return {**started}, {**numpys}, {**first}


def _seconds(python: Path, script: str, argument: str) -> list[float]:
    command = [str(python), "-c", script, argument]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(word) for word in shown.split()]
