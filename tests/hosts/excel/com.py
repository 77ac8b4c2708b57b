"""xlwings' own server, with the smallest stand-ins for pywin32. Run as a program, it answers calls as JSON lines.

A call is ``[module, function, arguments]``. ``{"error": n}`` is an error cell, which COM makes a whole number of.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

import xlwings

ERROR = -2146828288
MISSING = -2147352572


def hresult(number: int) -> int:
    """What COM makes of an error cell."""
    return ERROR + number


class FakeRange(MagicMock):
    """What xlwings asks of a range of Excel."""


def fake_range(values: Any, formula: str = "", known: dict[str, Any] | None = None) -> FakeRange:
    """A range with raw values and a formula; its sheet evaluates the texts of `known`."""
    found = FakeRange(raw_value=values, formula=formula, max_cells_per_read=None)
    found.sheet.api.Evaluate = (known or {}).__getitem__
    return found


def _unwrap(value: Any) -> Any:
    raise ValueError("no Python object")


def _modules() -> dict[str, Any]:
    win32com = MagicMock()
    win32com.server.util.unwrap = _unwrap  # a mock would keep every call
    parts = {
        "win32com": win32com,
        "win32com.client": win32com.client,
        "win32com.server": win32com.server,
        "win32com.server.dispatcher": win32com.server.dispatcher,
        "win32com.server.policy": win32com.server.policy,
        "win32com.server.util": win32com.server.util,
    }
    return {**parts, **{name: MagicMock() for name in ("pythoncom", "pywintypes", "win32api", "win32event")}}


@contextlib.contextmanager
def stand_ins(is_range: Any = lambda value: False) -> Iterator[Any]:
    """xlwings' ``XLPython`` object, whose ``CallUDF`` reaches our modules with xlwings' real decorators.

    `is_range` says which arguments are ranges of Excel.
    """
    windows = SimpleNamespace(Range=lambda xl: xl or SimpleNamespace(), is_range_instance=is_range)
    ours = ("xlalvh.hosts.excel.server", "xlalvh.hosts.excel.refresh", "xlalvh.hosts.excel.paper", "xlalvh.udfs")
    with (
        patch.dict(sys.modules, _modules()),
        patch.dict(xlwings.engines.engines_by_name, excel=MagicMock()),
        patch.object(xlwings, "_xlwindows", windows, create=True),
    ):
        for name in (*ours, "xlwings.udfs", "xlwings.com_server"):
            sys.modules.pop(name, None)
        udfs = importlib.import_module("xlwings.udfs")
        with patch.multiple(xlwings, func=udfs.xlfunc, arg=udfs.xlarg, ret=udfs.xlret):
            server = importlib.import_module("xlwings.com_server")
            yield server.XLPython()
            server.loop.close()
    for name in ours:
        sys.modules.pop(name, None)


def answer_lines(python: Any) -> None:
    """Answer calls from standard input until it ends."""
    for line in sys.stdin:
        module, function, given = json.loads(line, object_hook=lambda item: hresult(item["error"]))
        answer = python.CallUDF(module, function, tuple(map(_tuples, given)))
        print(json.dumps(answer, allow_nan=False), flush=True)


def main() -> None:
    """Serve as the process of Excel does; an argument is the limit of a call in seconds."""
    from xlalvh.hosts.excel import process

    with stand_ins() as python, patch.object(xlwings, "serve", lambda clsid: answer_lines(python)):
        if len(sys.argv) > 1:
            importlib.import_module("xlalvh.hosts.excel.server").LIMIT = float(sys.argv[1])
        process.serve("{506e67c3-55b5-48c3-a035-eed5deea7d6d}")


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


if __name__ == "__main__":
    main()
