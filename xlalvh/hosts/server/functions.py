"""The catalogue as xlwings Server's custom functions. Importing this needs a key of xlwings PRO.

A formula is evaluated in a worker process, so that no call holds up another; one that takes too long is ended.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any

import anyio
from xlwings import server

from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import Formula
from xlalvh.hosts.declared import argument_help, signature
from xlalvh.hosts.server import worker
from xlalvh.hosts.server.worker import Asked

LIMIT = 30.0  # seconds for a call once it runs, as in Excel for Windows

server.register_injectable_typehint(Asked)
_workers = anyio.CapacityLimiter(max(2, os.cpu_count() or 1))


def _declared(entry: Formula) -> Callable[..., Any]:
    """The function of a formula, with the signature and help that xlwings reads."""

    async def function(*given: Any, asked: Asked) -> Any:
        async with _workers:
            with anyio.fail_after(LIMIT):
                return await anyio.to_process.run_sync(
                    worker.answer, entry.name, given, asked, cancellable=True, limiter=anyio.CapacityLimiter(1)
                )

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.help
    function.__signature__ = signature(  # type: ignore[attr-defined]
        entry, inspect.Parameter("asked", inspect.Parameter.KEYWORD_ONLY)
    )
    declared: Callable[..., Any] = server.func(function)
    for argument in entry.arguments:
        # Two dimensions keep a row apart from a column; errors arrive as their text, not as blanks.
        declared = server.arg(argument.name, ndim=2, err_to_str=True, doc=argument_help(argument))(declared)
    return declared


globals().update({name: _declared(entry) for name, entry in catalogue.items()})
