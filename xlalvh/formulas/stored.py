"""What the formulas read: the stored snapshot, or the sample where a cell asks for it. Never the network.

Reading is cached until the store changes, so that a sheet full of quotes reads a snapshot once. The store is imported
on use: SQLite and the sample would slow the start of the formula process.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from xlalvh.formulas.errors import CellError, not_available
from xlalvh.formulas.registry import Argument, Kind

if TYPE_CHECKING:
    from xlalvh.market.quotes import IndexHistory, Snapshot
    from xlalvh.market.store import Store

SAMPLE = "sample"

REFRESH = Argument(
    "refresh",
    Kind.RANGE,
    'the counter cell that a refresh increments, so that the formula follows; "sample" reads the built-in sample',
    optional=True,
)


class _Read(NamedTuple):
    """What was read of a store that has not changed since."""

    key: tuple[str, str, int]
    snapshot: Snapshot | None
    histories: dict[str, Any]


_last: _Read | None = None


def is_sample(refresh: Any) -> bool:
    """Whether a cell asks for the sample in place of the store."""
    return isinstance(refresh, str) and refresh.strip().lower() == SAMPLE


def snapshot(refresh: Any = None) -> Snapshot:
    """The last stored snapshot.

    Raises
    ------
    CellError
        ``#N/A`` where nothing is stored, or the store cannot be read.
    """
    if is_sample(refresh):
        from xlalvh.market.providers.sample import sample_snapshot

        return sample_snapshot()
    found = _read().snapshot
    if found is None:
        raise not_available('no snapshot is stored yet; press Refresh quotes, or give "sample" as refresh')
    return found


def history(symbol: str, refresh: Any = None) -> tuple[IndexHistory, str]:
    """The last stored history of a symbol, and its source; the same errors."""
    if is_sample(refresh):
        from xlalvh.market.providers.sample import SOURCE, sample_history

        made = sample_history(symbol)
        if made is None:
            raise not_available(f"symbol is {symbol!r}; the sample has histories of SPX, VIX, VX30 and VX60 alone")
        return made, SOURCE
    read = _read()
    if symbol not in read.histories:
        store = _store()
        read.histories[symbol] = _guarded(lambda: store.history(symbol))
    found = read.histories[symbol]
    if found is None:
        known = ", ".join(_guarded(_store().symbols)) or "none"
        raise not_available(f"symbol is {symbol!r}; the store has histories of: {known}. Refresh quotes to get it")
    return found.history, found.source


def now() -> dt.datetime:
    """The present moment by the store's clock; aware, UTC."""
    return _store().clock()


def _store() -> Store:
    from xlalvh.market.store import Store

    return _guarded(Store)


def _read() -> _Read:
    global _last
    store = _store()
    read = _last
    try:
        key = (str(store.path), *_guarded(store.stamp))
        if read is None or read.key != key:
            read = _Read(key, _guarded(store.latest), {})
            _last = read
    except CellError:  # locked or damaged: what was read before stays, and its time says how old it is
        if read is None or read.snapshot is None or read.key[0] != str(store.path):
            raise
    return read


def _guarded(call: Any) -> Any:
    from xlalvh.market.store import StoreError

    try:
        return call()
    except (StoreError, OSError) as error:
        raise not_available(str(error)) from error
