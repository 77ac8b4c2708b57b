"""A call that never ends, as a formula process may meet one in a library."""

from __future__ import annotations

import time
from typing import Any

import xlwings

from xlalvh.hosts.excel.server import guarded


@xlwings.func
@xlwings.ret("raw")
def forever() -> list[list[Any]]:
    return guarded(lambda: time.sleep(600))
