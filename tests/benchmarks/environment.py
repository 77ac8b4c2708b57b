"""What the benchmarks need, made under build/benchmarks: environments of the peers, the C loops, a sample."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from xlalvh.numerics import black76

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "benchmarks"

CURRENT = ("fast-vollib", "numba", "scipy", "vollib")
OLD = (
    "numpy==1.26.*",
    "numba==0.59.*",
    "py_vollib==1.0.1",
    "py_lets_be_rational==1.0.1",
    "py_vollib_vectorized",
    "setuptools",
)
_COUNT = 1_000_000


def python(name: str, packages: tuple[str, ...]) -> Path:
    """The Python of an environment with these packages, from the package index."""
    home = FOLDER / name
    found = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = home / "packages.txt"
    if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
        print(f"making the environment {home} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(found), "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.write_text("\n".join(packages))
    return found


def compiled(name: str, *options: str) -> Path:
    """The C loops, built by gcc for this machine."""
    library = FOLDER / f"{name}.so"
    source = Path(__file__).with_name("limit.c")
    subprocess.run(
        ["gcc", "-O3", "-march=native", *options, "-shared", "-fPIC", "-o", str(library), str(source), "-lmvec", "-lm"],
        check=True,
    )
    return library


def sample() -> Path:
    """A million options of mixed expiries, calls and puts, within 2.5 standard deviations of their forwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "sample.npz"
    draw = np.random.default_rng(20231117)
    forward = draw.uniform(3800.0, 4800.0, _COUNT)
    years = draw.choice([1, 7, 14, 30, 45, 60, 90, 180, 365, 730], _COUNT) / 365.0
    vol, rate = draw.uniform(0.08, 0.8, _COUNT), draw.uniform(0.0, 0.06, _COUNT)
    strike = forward * np.exp(vol * np.sqrt(years) * draw.uniform(-2.5, 2.5, _COUNT))
    right = np.where(draw.random(_COUNT) < 0.5, 1.0, -1.0)
    found = black76.main_greeks(right, forward, strike, years, vol, rate)
    np.savez(
        path, right=right, price=found.price, forward=forward, strike=strike, years=years, vol=vol, rate=rate,
        greeks=np.array(found),
    )  # fmt: skip
    return path
