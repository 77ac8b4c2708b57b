"""A refresh: quotes of now from the first provider that has good ones, checked, put together, stored.

Whatever goes wrong, the last good quotes stay in the store with their time, and one line says why.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from filelock import FileLock, Timeout

from xlalvh.market import calendar
from xlalvh.market.directory import data_directory
from xlalvh.market.http import Client
from xlalvh.market.providers.order import ordered
from xlalvh.market.providers.provider import NotOfferedError, Provider
from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, QuoteError, Snapshot, plain
from xlalvh.market.review import EARLIER
from xlalvh.market.snapshot import REFUSED, combine
from xlalvh.market.store import KEPT, Store, StoreError

if TYPE_CHECKING:
    from xlalvh.market.settings import Settings

_Timed = ChainSnapshot | FuturesCurve
P = TypeVar("P", bound=ChainSnapshot | FuturesCurve)
Tell = Callable[[str], None]

_AHEAD = dt.timedelta(minutes=5)  # quotes may be so much ahead of this computer's clock
_WAIT = 120.0  # seconds for another refresh to end
_PUBLISHED = dt.timedelta(hours=4)  # after the session daily files have its day
_RETRY = dt.timedelta(hours=1)  # after which failed histories are asked for again
_LEAST_SHARE = 0.9  # of the days that a history had before
_PRUNED_EVERY = dt.timedelta(days=1)  # the file is written anew then
_MARKER = "histories"  # says when the last round was, and what failed in it


class RefreshError(RuntimeError):
    """A refresh that changed nothing; the message is one line with the reason."""


def refresh(store: Store, settings: Settings, tell: Tell) -> Snapshot:
    """Fetch, check and store a snapshot.

    Parameters
    ----------
    store : Store
    settings : Settings
        `order` says who is asked first. A part that nobody gives stays the last good one, and a warning says so; of
        SPX options there must be new ones. The sample serves where it is in `order` and no market data are stored.
    tell : callable
        Gets a line for each step.

    Returns
    -------
    Snapshot
        As it is stored.

    Raises
    ------
    RefreshError
        Where there are no new SPX options, or they cannot be stored.
    """
    try:
        with _alone(tell):
            return asyncio.run(_refresh(store, settings, tell))
    except (QuoteError, OSError) as error:
        raise RefreshError(_line(error)) from error


@contextmanager
def _alone(tell: Tell) -> Iterator[None]:
    """No other refresh runs meanwhile; the lock ends with its process."""
    folder = data_directory()
    lock = FileLock(folder / "refresh.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("another refresh is running: waiting for it")
        try:
            lock.acquire(timeout=_WAIT)
        except Timeout:
            raise QuoteError(f"another refresh is still running after {_WAIT:g} s; end it, then try again") from None
    except OSError as error:
        reason = error.strerror or error
        raise QuoteError(
            f"{folder} cannot be written ({reason}); have XLALVH_HOME name a folder that you may write"
        ) from error
    try:
        yield
    finally:
        lock.release()


async def _refresh(store: Store, settings: Settings, tell: Tell) -> Snapshot:
    now = store.clock()
    earlier = _earlier(store, now, tell)
    async with Client(settings.http, data_directory() / "answers") as client:
        providers = ordered(settings, client, now)
        snapshot = await _snapshot(providers, settings, earlier, now, tell)
        tell("storing")
        store.put(snapshot)
        if store.set_aside is not None:
            tell(f"the store was damaged: it is kept as {store.set_aside.name}, what was whole is taken over")
        if not snapshot.sample:
            await _histories(providers, store, settings, now, tell)
            _prune(store, snapshot, now, tell)
        client.forget_old()
    return snapshot


def _prune(store: Store, snapshot: Snapshot, now: dt.datetime, tell: Tell) -> None:
    """Old snapshots go, about once a day. Age counts to the market's time: a clock that is ahead deletes nothing."""
    kept = KEPT + max(now - snapshot.spx.market_time, dt.timedelta(0))
    try:
        if store.entries()[0].fetched < now - kept - _PRUNED_EVERY:
            tell(f"stored snapshots older than {KEPT.days} days are deleted: {store.prune(kept)}")
    except QuoteError as error:  # the quotes are stored already
        tell(f"old snapshots: {_line(error)}")


def _earlier(store: Store, now: dt.datetime, tell: Tell) -> list[Snapshot]:
    """The last good market data, the newest first; none where the store is damaged: writing repairs it.

    What a provider stamped by a clock that was ahead is left out, or newer quotes would be refused as older.
    """
    try:
        return [s for s in store.recent(EARLIER) if not s.sample and _newest_part(s) <= now + _AHEAD]
    except StoreError as error:
        tell(_line(error))
        return []


def _newest_part(snapshot: Snapshot) -> dt.datetime:
    return max(p.market_time for p in (snapshot.spx, snapshot.vix, snapshot.futures) if p is not None)


async def _snapshot(
    providers: dict[str, Provider], settings: Settings, earlier: list[Snapshot], now: dt.datetime, tell: Tell
) -> Snapshot:
    """A snapshot of new parts; the last good ones, and a warning, where there is no new one."""
    last = earlier[0] if earlier else None
    (spx, why_spx), (vix, why_vix), (futures, why_futures) = await asyncio.gather(
        _first("SPX options", providers, lambda p: p.chain("SPX"), last.spx if last else None, now, tell),
        _first("VIX options", providers, lambda p: p.chain("VIX"), last.vix if last else None, now, tell),
        _first("VX futures", providers, lambda p: p.futures(), last.futures if last else None, now, tell),
    )
    if spx is None:
        if last is None and "sample" in settings.order:
            from xlalvh.market.providers.sample import sample_snapshot  # brings SciPy

            tell("no provider gives SPX options: the sample is taken")
            return sample_snapshot()
        why = why_spx or f"nobody in the settings' order ({', '.join(settings.order)}) has SPX options"
        raise QuoteError(why if last is None else f"{why}; the quotes of {_time(last.spx)} stay")
    vix = _beside(spx, vix or (last.vix if last else None))
    futures = _beside(spx, futures or (last.futures if last else None))
    found = combine(spx, vix, futures, earlier)
    told = [
        f"{what} {f'are from {part.source}' if part is not None else 'are missing'}: {why}"
        for what, part, why in (
            ("SPX options", spx, why_spx), ("VIX options", vix, why_vix), ("VX futures", futures, why_futures)
        )
        if why
    ]  # fmt: skip
    return replace(found, warnings=(*found.warnings, *told))


async def _first(
    what: str,
    providers: dict[str, Provider],
    ask: Callable[[Provider], Awaitable[P]],
    before: P | None,
    now: dt.datetime,
    tell: Tell,
) -> tuple[P | None, str]:
    """What the first provider gives that has it, and why those before it did not."""
    reasons = []
    for name, provider in providers.items():
        try:
            found = await ask(provider)
            _in_time(what, found, before, now)
        except NotOfferedError:
            continue
        except QuoteError as error:
            reasons.append(_line(error))
            tell(f"{what}: {name}: {reasons[-1]}")
        except Exception as error:  # a fault in one provider must not keep the others from being asked
            reasons.append(f"{name}: {type(error).__name__}: {_line(error)}")
            tell(f"{what}: {reasons[-1]}")
        else:
            tell(f"{what}: {name}")
            return found, "; ".join(reasons)
    return None, "; ".join(reasons)


def _in_time(what: str, found: _Timed, before: _Timed | None, now: dt.datetime) -> None:
    """Raise where a part's time is ahead of the clock, or before that of the last good one."""
    if found.market_time > now + _AHEAD:
        raise QuoteError(
            f"{found.source}: the {what} are of {_time(found)}, ahead of this computer's clock, {now:%Y-%m-%d %H:%M} "
            "UTC: set the clock"
        )
    if before is not None and found.market_time < before.market_time:
        raise QuoteError(
            f"{found.source}: the {what} of {_time(found)} are older than the last good ones, of {_time(before)}"
        )


def _beside(spx: ChainSnapshot, part: P | None) -> P | None:
    """A part, where its time is near enough to stand beside SPX."""
    return part if part is not None and abs(part.market_time - spx.market_time) <= REFUSED else None


async def _histories(
    providers: dict[str, Provider], store: Store, settings: Settings, now: dt.datetime, tell: Tell
) -> None:
    """Daily histories, once after each session; one that fails is said, and asked for again an hour later."""
    marker = data_directory() / _MARKER
    try:
        lost = not store.symbols()
        if not _due(marker, now, settings.histories if lost else ()):
            return
        failed = [symbol for symbol in settings.histories if not await _history(symbol, providers, store, tell)]
        marker.write_text(" ".join([now.isoformat(), *failed]), encoding="ascii")
    except (QuoteError, OSError) as error:  # the quotes are stored already
        tell(f"histories: {_line(error)}")


def _due(marker: Path, now: dt.datetime, lost: Iterable[str]) -> bool:
    """Whether a session's files came out since the last round, or an hour has passed since a round that failed, or
    what that round brought is lost with its store."""
    try:
        when, *failed = marker.read_text(encoding="ascii").split(" ")
        since = dt.datetime.fromisoformat(when)
    except (FileNotFoundError, ValueError):
        return True
    if set(lost) - set(failed):
        return True
    if since > now or (failed and now - since > _RETRY):  # the clock jumped, or some are to be tried again
        return True
    return calendar.last_settled(now - _PUBLISHED) > calendar.last_settled(since - _PUBLISHED)


async def _history(symbol: str, providers: dict[str, Provider], store: Store, tell: Tell) -> bool:
    """Whether a history was fetched and stored."""
    before = store.history(symbol)
    least = _LEAST_SHARE * len(before.history.dates) if before is not None else 0.0
    for name, provider in providers.items():
        try:
            found = await provider.history(symbol)
            if len(found.dates) < least:
                raise QuoteError(f"only {len(found.dates):,} days, fewer than are stored")
        except NotOfferedError:
            continue
        except QuoteError as error:
            tell(f"history of {symbol}: {name}: {_line(error)}")
        else:
            store.put_history(found, name)
            tell(f"history of {symbol}: {name}")
            return True
    return False


def _time(part: _Timed) -> str:
    return f"{calendar.to_new_york(part.market_time):%Y-%m-%d %H:%M} New York"


def _line(error: BaseException) -> str:
    """An error in one line."""
    return plain(str(error)) or type(error).__name__
