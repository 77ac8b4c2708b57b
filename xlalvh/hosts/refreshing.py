"""A refresh in a process of its own, so that the host's answers formulas meanwhile.

The process is ``xlalvh refresh --progress``: a line of JSON for each step, ``{"text": ...}``, and one at the end,
``{"done": true}`` or ``{"error": ...}``. It writes the store and nothing else, and ends when its standard input closes,
that is with the process that started it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlalvh.market.tables import MarketTables


class Status(NamedTuple):
    """How a refresh goes."""

    done: bool
    text: str  # the step under way, or the last one
    error: str  # one line; empty while it runs and where it went well


class Job:
    """One refresh; `start` it, `poll` it until it is done. Its methods never wait for quotes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._status = Status(False, "fetching quotes", "")
        self._finished = False  # the process has said how it ended
        threading.Thread(target=self._follow, daemon=True).start()

    @classmethod
    def start(cls) -> Job:
        """Start the process.

        Raises
        ------
        OSError
            Where the system starts no process.
        """
        process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-m", "xlalvh", "refresh", "--progress"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return cls(process)

    def poll(self) -> Status:
        """How it goes now."""
        with self._lock:
            return self._status

    def cancel(self) -> None:
        """End the process; what the store holds stays. A refresh that is done stays done."""
        self._set(done=True, error="cancelled")
        self._process.kill()

    def _follow(self) -> None:
        last = ""
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._process.stdin, self._process.stdout as lines:
            for line in lines:
                said = _object(line)
                if said is None:
                    last = line.strip() or last  # of a library, or of a crash
                elif "error" in said:
                    self._finished = True
                    self._set(done=True, error=str(said["error"]))
                elif said.get("done"):
                    self._finished = True
                else:
                    self._set(text=str(said.get("text", "")))
            code = self._process.wait()
        if self._finished and code == 0:
            self._set(done=True)
        else:
            self._set(done=True, error=f"the refresh ended without a word (exit code {code}) {last}".strip())

    def _set(self, *, done: bool = False, text: str | None = None, error: str = "") -> None:
        with self._lock:
            if not self._status.done:
                self._status = Status(done, self._status.text if text is None else text, error)


def latest_tables() -> MarketTables:
    """The tables of the quotes stored last: what a job that is done has brought.

    Raises
    ------
    QuoteError
        Where the store holds none.
    """
    from xlalvh.market import histories
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.store import Store
    from xlalvh.market.tables import tabulate

    store = Store()
    snapshot = store.latest()
    if snapshot is None:
        raise QuoteError("the store holds no quotes: refresh first")
    return tabulate(snapshot, histories.of_store(store))


def _object(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
