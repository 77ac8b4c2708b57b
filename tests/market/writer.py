"""A process that puts snapshots into a store until something ends it: ``writer.py FILE COUNT``, or `main` in a fork.

Fault ``statement``: it kills itself before its so many-th SQL statement. ``bytes``: the system ends it, as by kill
-9, at the write that takes any file beyond so many bytes. ``full``: the same write fails, as on a full disk.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from dataclasses import replace
from pathlib import Path

from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import Snapshot
from xlalvh.market.store import Store, StoreError

REFUSED = 3  # exit code where the store says why it cannot

_SAMPLE = sample_snapshot()


def numbered(i: int) -> Snapshot:
    """The sample with spot and bids of its own."""
    chain = _SAMPLE.spx.chain
    moved = replace(chain, call=replace(chain.call, bid=chain.call.bid + 0.05 * i))
    return replace(_SAMPLE, spx=replace(_SAMPLE.spx, spot=5000.0 + i, chain=moved))


def main(path: Path, count: int, fault: str = "", number: int = 0) -> None:
    """Put so many snapshots, each numbered on from those that are there; print what `put` returned."""
    store, left = Store(path), number
    if fault == "statement":
        connect = store._connect

        def watched(*, create: bool = True):
            def count_down(statement: str) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            db = connect(create=create)
            db.set_trace_callback(count_down)
            return db

        store._connect = watched
    if fault == "bytes":
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if fault in ("bytes", "full"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
    first = len(store.entries())
    for i in range(first, first + count):
        done = store.put(numbered(i))
        if not fault:
            print(done, flush=True)


def forked(path: Path, count: int, fault: str, number: int) -> int:
    """`main` in a fork of this process; its exit code."""

    def target() -> None:
        try:
            main(path, count, fault, number)
        except StoreError:
            os._exit(REFUSED)

    child = multiprocessing.get_context("fork").Process(target=target)
    child.start()
    child.join(60)
    assert child.exitcode is not None
    return child.exitcode


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
