"""A process that kills itself in the middle of writing."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from typing import Any


def killed_at(n: int, work: Callable[[], Any]) -> None:
    """Do `work`, killed before its nth statement to a database, opening for writing or renaming."""
    count = 0

    def step(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == n:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "os.rename" or (event == "open" and isinstance(args[1], str) and args[1][:1] in "wax"):
            step()

    connect = sqlite3.connect

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(step)
        return connection

    sqlite3.connect = traced
    sys.addaudithook(hook)
    work()
