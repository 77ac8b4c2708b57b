"""The process that Excel starts: xlwings' server, which ends when Excel does."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

from xlalvh.hosts.excel.lean import OPTIONAL, without


def serve(clsid: str) -> None:
    """Answer Excel until it ends.

    xlwings' library puts this process into a job that Windows ends together with Excel, and COM tells it when the last
    object is let go of. Where neither happens, the end of the process that started this one is noticed here.

    Parameters
    ----------
    clsid : str
        The identifier under which xlwings' library looks for this process.
    """
    end_with_parent()
    with without(*OPTIONAL):
        import xlwings

    start: Callable[[str], None] = getattr(xlwings, "serve")  # noqa: B009 - without pywin32 its type is another
    start(clsid)


def end_with_parent() -> None:
    """Have this process end, whatever it does, once its parent has."""
    threading.Thread(target=_wait_and_end, args=(os.getppid(),), daemon=True).start()


def _wait_and_end(parent: int) -> None:
    if sys.platform == "win32":
        import win32api
        import win32con
        import win32event

        try:
            handle = win32api.OpenProcess(win32con.SYNCHRONIZE, False, parent)
        except win32api.error:
            os._exit(0)  # it is gone already
        win32event.WaitForSingleObject(handle, win32event.INFINITE)
    else:
        while os.getppid() == parent:
            time.sleep(0.5)
    os._exit(0)
