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
_workers = anyio.CapacityLimiter(min(4, max(2, os.cpu_count() or 1)))  # 80 MB each
_running: set[anyio.CancelScope] = set()


async def evaluate(name: str, cells: tuple[Any, ...], asked: Asked) -> list[list[Any]]:
    """Rows of a formula's result, from a worker process.

    Raises
    ------
    TimeoutError
        After `LIMIT` seconds; the process is ended.
    anyio.BrokenWorkerProcess
        Where the process ended by itself.
    """
    async with _workers:
        with anyio.fail_after(LIMIT) as scope:
            _running.add(scope)
            try:
                return await anyio.to_process.run_sync(
                    worker.answer, name, cells, asked, cancellable=True, limiter=anyio.CapacityLimiter(1)
                )
            finally:
                _running.discard(scope)


async def warm() -> None:
    """Start all processes, so that no cell waits for one."""
    async with anyio.create_task_group() as group:
        for _ in range(int(_workers.total_tokens)):
            group.start_soon(evaluate, "ALVH_VERSION", (), Asked())


async def stop() -> None:
    """End the processes that are still at work."""
    for scope in _running:
        scope.cancel()
    with anyio.move_on_after(5):
        while _running:
            await anyio.sleep(0.01)


def _declared(entry: Formula) -> Callable[..., Any]:
    """The function of a formula, with the signature and help that xlwings reads; it runs in a thread of the server."""

    def function(*given: Any, asked: Asked) -> Any:
        return anyio.from_thread.run(evaluate, entry.name, given, asked)

    function.__name__ = function.__qualname__ = entry.name
    function.__doc__ = entry.help
    function.__signature__ = signature(  # type: ignore[attr-defined]
        entry, inspect.Parameter("asked", inspect.Parameter.KEYWORD_ONLY)
    )
    declared: Callable[..., Any] = server.func(function)
    for argument in entry.arguments:
        # xlwings' own converter looks for a browser's Python at every cell: 4 seconds for 100,000.
        declared = server.arg(argument.name, "raw", doc=argument_help(argument))(declared)
    return declared


globals().update({name: _declared(entry) for name, entry in catalogue.items()})
