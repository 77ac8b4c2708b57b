"""What Calc's menu asks the helper for: a refresh in a process of its own, then the areas to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from xlalvh.hosts.refreshing import Job, Status

_job: Job | None = None


def do(what: str, argument: Any = None) -> Any:
    """The answer to ``{"do": what, "with": argument}``: a JSON value.

    ``start`` starts a refresh, ``poll`` says how it goes as (done, step, error), ``cancel`` ends it, ``block`` gives
    the areas of the last quotes, ``failed`` those that say why there are no new ones.
    """
    return _DEEDS[what](argument)


def _start(_: Any) -> None:
    global _job
    if _job is None or _job.poll().done:
        _job = Job.start()


def _poll(_: Any) -> Status:
    return _job.poll() if _job is not None else Status(True, "", "no refresh was started")


def _cancel(_: Any) -> None:
    if _job is not None:
        _job.cancel()


def _block(date_1904: bool) -> Any:
    from xlalvh.hosts.block import block
    from xlalvh.market.store import Store
    from xlalvh.market.tables import tabulate

    snapshot = Store().latest()
    if snapshot is None:
        raise ValueError("the store holds no quotes")
    return block(tabulate(snapshot), date_1904=date_1904)


def _failed(given: tuple[str, bool]) -> Any:
    from xlalvh.hosts.block import failure

    reason, date_1904 = given
    return failure(reason, dt.datetime.now(dt.UTC), date_1904=date_1904)


_DEEDS: dict[str, Callable[[Any], Any]] = {
    "start": _start,
    "poll": _poll,
    "cancel": _cancel,
    "block": _block,
    "failed": _failed,
}
