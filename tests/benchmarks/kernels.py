"""The kernels against their peers: a process a library, rounds interleaved so that drift of the machine hits all."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import environment
from tests.benchmarks.report import Times

TASKS = {"price": "Price", "greeks": "Price and five Greeks", "iv": "Implied volatility"}
COUNTS = (1, 100, 10_000, 1_000_000)
ROUNDS = 7
FEW_ROUNDS = 3  # of a million options
SECONDS = 0.05  # of a measurement
OURS = "xlalvh"


def measure() -> dict[tuple[str, int], Times]:
    """Seconds by task and count, then by peer, one a round; or why there are none. The C loops are called by ctypes."""
    sample = str(environment.sample())
    current = environment.python("current", environment.CURRENT)
    old = environment.python("old", environment.OLD)
    here = Path(sys.executable)
    plain = str(environment.compiled("limit"))
    vector = str(environment.compiled("limit_vector", "-ffast-math", "-fopenmp-simd"))
    found: dict[tuple[str, int], Times] = {(task, count): {} for task in TASKS for count in COUNTS}
    with ExitStack() as stack:
        peers = {
            name: stack.enter_context(Worker(python, name, sample, *more))
            for name, python, *more in (
                (OURS, here),
                ("C loop", here, plain),
                ("C loop, vector maths", here, vector),
                ("numba", current),
                ("Let's Be Rational, compiled", old),
                ("SciPy, naive", current),
                ("fast-vollib", current),
                ("py_vollib_vectorized", old),
                ("QuantLib loop", here),
                ("vollib loop", current),
            )
        }
        for number in range(ROUNDS):
            print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
            for (task, count), times in found.items():
                if count == COUNTS[-1] and number >= FEW_ROUNDS:
                    continue
                for name, worker in peers.items():
                    if isinstance(times.get(name), str):
                        continue
                    answer = worker.ask(task, count, SECONDS)
                    if isinstance(answer, str):
                        times[name] = answer
                    else:
                        times.setdefault(name, []).append(answer)
    return found


class Worker:
    """A library's process."""

    def __init__(self, python: Path, *words: str) -> None:
        script = str(Path(__file__).with_name("worker.py"))
        self.process = subprocess.Popen(
            [str(python), script, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, task: str, count: int, seconds: float) -> float | str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([task, count, seconds]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else "its process ended"
