"""What Calc's menu asks the helper for: a refresh in its own process, the areas to write, the doctor's findings."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from xlalvh.hosts.refreshing import Job, Status, latest_tables

_job: Job | None = None
_examination: Future[str] | None = None  # the doctor's report to be


def do(what: str, argument: Any = None) -> Any:
    """The answer to ``{"do": what, "with": argument}``: a JSON value.

    ``start`` starts a refresh, ``poll`` says how it goes as (done, step, error), ``cancel`` ends it, ``block`` gives
    the areas of the last quotes, ``failed`` those that say why there are no new ones. ``doctor`` gives what the doctor
    found, and null until then. ``paper_book`` books the areas of the sheet Paper, ``paper_mark`` marks what is open:
    whether it was done, and what to tell.
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

    return block(latest_tables(), date_1904=date_1904)


def _failed(given: tuple[str, bool]) -> Any:
    from xlalvh.hosts.block import failure

    reason, date_1904 = given
    return failure(reason, dt.datetime.now(dt.UTC), date_1904=date_1904)


def _doctor(_: Any) -> str | None:
    global _examination
    if _examination is None:
        _examination = ThreadPoolExecutor(1).submit(_report)
    if not _examination.done():
        return None
    done, _examination = _examination, None
    return _findings(json.loads(done.result())["checks"])


def _report() -> str:
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-m", "xlalvh", "doctor", "--json"],
        stdin=subprocess.DEVNULL,  # ours are the pipe to Calc
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ).stdout


def _findings(checks: list[dict[str, str]]) -> str:
    bad = [c for c in checks if c["state"] in ("fault", "warning")]
    lines = [f"{c['state']}: {c['link']}: {c['found']}\nRemedy: {c['remedy']}" for c in bad]
    return "\n\n".join([f"The doctor looked at {len(checks)} links; {len(bad)} need attention.", *lines])


def _paper_book(given: tuple[Any, Any, bool]) -> tuple[bool, str]:
    from xlalvh.hosts import paper

    rows, about, date_1904 = given
    return paper.told(lambda: paper.book(rows, about, date_1904=date_1904))


def _paper_mark(_: Any) -> tuple[bool, str]:
    from xlalvh.hosts import paper

    return paper.told(paper.mark)


_DEEDS: dict[str, Callable[[Any], Any]] = {
    "start": _start,
    "poll": _poll,
    "cancel": _cancel,
    "block": _block,
    "failed": _failed,
    "doctor": _doctor,
    "paper_book": _paper_book,
    "paper_mark": _paper_mark,
}
