"""Faults, each made for real. In each: one line says why, the last good quotes stay, and the next refresh works."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import trustme

from tests.killing import killed_at
from tests.market import loopback
from tests.market.conftest import SPX, Market
from tests.market.loopback import answer, serving
from xlalvh.market import store as storing
from xlalvh.market.quotes import Snapshot
from xlalvh.market.refresh import RefreshError
from xlalvh.market.store import Store

Fault = Callable[[Market], Any]


def _address(market: Market, address: str) -> None:
    market.settings = msgspec.structs.replace(
        market.settings, cboe=msgspec.structs.replace(market.settings.cboe, quotes=address)
    )


@contextmanager
def refused(market: Market) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    before = market.settings
    _address(market, f"http://127.0.0.1:{port}/quotes")
    yield
    market.settings = before


@contextmanager
def unknown_name(market: Market) -> Iterator[None]:
    before = market.settings
    _address(market, "https://cboe.invalid/quotes")
    yield
    market.settings = before


@contextmanager
def untrusted(market: Market) -> Iterator[None]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    before = market.settings
    with serving(context) as server:
        server.routes.update(market.server.routes)
        _address(market, f"{server.address}/quotes")
        yield
    market.settings = before


def served(reply: loopback.Reply, wait: float = 0.0) -> Fault:
    """The SPX file answered so."""

    @contextmanager
    def fault(market: Market) -> Iterator[None]:
        before = market.server.routes[SPX]
        market.server.routes[SPX] = reply
        yield
        market.server.routes[SPX] = before
        time.sleep(wait)

    return fault


def cut(make: Callable[[bytes], loopback.Reply]) -> Fault:
    """The SPX file spoilt by a function of its bytes."""

    @contextmanager
    def fault(market: Market) -> Iterator[None]:
        before = market.server.routes[SPX]
        market.server.routes[SPX] = make(_body(market))
        yield
        market.server.routes[SPX] = before

    return fault


def changed(change: Callable[[dict[str, Any]], Any]) -> Fault:
    """The SPX file with its data changed."""

    def spoil(body: bytes) -> loopback.Reply:
        file = json.loads(body)
        change(file["data"])
        return answer(json.dumps(file).encode())

    return cut(spoil)


def _body(market: Market) -> bytes:
    """The SPX file as the server has it."""
    from tests.market import delayed

    return delayed.file(market.spx, f"{market.now:%Y-%m-%d %H:%M:%S}")


def _quotes(**prices: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: [option.update(prices) for option in data["options"]] and None


def _rename(data: dict[str, Any]) -> None:
    for option in data["options"]:
        option["bid_price"] = option.pop("bid")


@contextmanager
def clock_back(market: Market) -> Iterator[None]:
    market.later(hours=-3)
    yield
    market.later(hours=3)


@contextmanager
def disk_full(market: Market) -> Iterator[None]:
    resource = pytest.importorskip("resource", reason="limits of Unix")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # SIGXFSZ is ignored by Python
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(market: Market) -> Iterator[None]:
    other = sqlite3.connect(market.store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    waited, storing._WAIT = storing._WAIT, 0.2
    try:
        yield
    finally:
        storing._WAIT = waited
        other.close()


def redirecting(connection: socket.socket, request: dict[str, str]) -> None:
    connection.sendall(loopback.head("302 Found", Location=SPX, Content_Length="0"))


FAULTS: dict[str, tuple[Fault, str]] = {
    "refused connection": (refused, "connection is refused"),
    "DNS failure": (unknown_name, r"cannot be resolved \(DNS\)"),
    "TLS failure": (untrusted, "no secure connection: .*certificate"),
    "timeout in the header": (served(loopback.silent), "fell silent"),
    "timeout in the body": (served(loopback.silent_in_the_body), "fell silent"),
    "slow drip": (served(loopback.dripping), "no whole answer within 3 s"),
    "403": (served(answer(b"no", "403 Forbidden")), "403 Forbidden"),
    "404": (served(answer(b"", "404 Not Found")), "404 Not Found"),
    "429 with Retry-After": (served(answer(b"", "429 Too Many Requests", Retry_After="1"), 1.1), "429 .* asked not to"),
    "500": (served(answer(b"", "500 Internal Server Error")), "500 Internal"),
    "redirect loop": (served(redirecting), "in circles"),
    "truncated gzip": (cut(lambda body: loopback.zipped(body, cut=100)), "ends early"),
    "broken gzip": (served(answer(b"not gzip", Content_Encoding="gzip")), "compression is broken"),
    "connection cut in the body": (cut(loopback.short), "ended before the answer"),
    "truncated JSON": (cut(lambda body: answer(body[:-100])), "truncated"),
    "HTML instead of JSON": (served(answer(b"<!DOCTYPE html><html></html>")), "web page"),
    "wrong schema": (changed(lambda data: data.update(options={"a": 1})), "Expected `array`"),
    "a renamed field": (changed(_rename), "missing required field `bid`"),
    "zero contracts": (changed(lambda data: data.update(options=[])), "no contract"),
    "all quotes zero": (changed(_quotes(bid=0.0, ask=0.0)), "are empty"),
    "NaN": (changed(_quotes(bid=float("nan"))), "malformed"),
    "negative numbers": (changed(_quotes(bid=-1.0, ask=-1.0)), "are empty"),
    "a level of 0": (changed(lambda data: data.update(current_price=0)), "is 0, not above 0"),
    "a level of another index": (changed(lambda data: data.update(current_price=4800)), "both sides|put the forward"),
    "a body beyond the limit": (served(loopback.endless), "larger than 20 MB"),
    "a clock that jumps back": (clock_back, "ahead of this computer's clock"),
    "disk full": (disk_full, "free space|No space|too large"),
    "database locked": (locked, "in use by another program"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(market: Market, name: str) -> None:
    fault, reason = FAULTS[name]
    market.refresh()
    good = market.store.latest()
    market.later(minutes=5)
    market.serve(4180.0)
    started = time.monotonic()
    with fault(market), pytest.raises(RefreshError, match=reason) as caught:
        market.refresh()
    assert time.monotonic() - started < 8.0
    said = str(caught.value)
    assert said.isprintable()
    assert len(said) < 400
    kept = market.store.latest()
    assert _same(kept, good)
    assert (market.now - kept.spx.market_time).total_seconds() == 20 * 60
    market.refresh()
    assert market.store.latest().spx.spot == 4180.0
    assert _same(market.store.recent(2)[1], good)


def _same(one: Snapshot | None, other: Snapshot | None) -> bool:
    assert one is not None
    assert other is not None
    return (one.spx.spot, one.spx.market_time, one.spx.chain.call.bid.tobytes()) == (
        other.spx.spot,
        other.spx.market_time,
        other.spx.chain.call.bid.tobytes(),
    )


def test_a_clock_that_jumps_ahead_changes_the_age_alone(market: Market) -> None:
    market.refresh()
    market.later(minutes=5)
    market.serve(4180.0)
    market.later(days=40)
    market.refresh()
    market.later(days=-40)
    market.later(minutes=5)
    market.serve(4190.0)
    market.refresh()
    assert [s.spx.spot for s in market.store.recent(3)] == [4190.0, 4180.0, market.spx.spot]


def test_quotes_stamped_by_a_clock_that_was_ahead_do_not_block_those_of_now(market: Market) -> None:
    market.later(days=3)
    market.serve(4180.0)
    market.refresh()
    market.later(days=-3)
    market.serve(4190.0)
    market.refresh()
    assert [s.spx.spot for s in market.store.recent(2)] == [4190.0, 4180.0]


@pytest.mark.parametrize("where", [0.0, 0.3, 0.9])
def test_a_damaged_database_is_set_aside_and_the_refresh_works(market: Market, where: float) -> None:
    market.refresh()
    raw = bytearray(market.store.path.read_bytes())
    at = int(where * len(raw))
    raw[at : at + 2000] = b"\xaa" * min(2000, len(raw) - at)
    market.store.path.write_bytes(raw)
    market.later(minutes=5)
    market.serve(4180.0)
    market.refresh()
    assert Store(market.store.path).latest().spx.spot == 4180.0
    assert market.store.set_aside is None or market.store.set_aside.read_bytes() == bytes(raw)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
def test_kill_at_every_write(market: Market) -> None:
    """A child is killed before its nth statement to the database, opening for writing or renaming, for every n."""
    market.refresh()
    spots = [market.spx.spot]
    killed = 0
    for n in range(1, 500):
        market.later(minutes=1)
        market.serve(4000.0 + n)
        status = _forked(lambda n=n: killed_at(n, market.refresh))
        found = Store(market.store.path).latest()
        assert found.spx.spot in (spots[-1], 4000.0 + n)
        assert len(found.spx.chain) == len(market.spx.chain)
        spots.append(found.spx.spot)
        if os.WIFEXITED(status):
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        killed += 1
    assert killed > 20
    assert os.WEXITSTATUS(status) == 0
    market.refresh()
    print(f"killed at {killed} points")


@needs_fork
def test_two_refreshes_at_once(market: Market) -> None:
    children = [threading.Thread(target=lambda: results.append(_forked(market.refresh))) for _ in range(2)]
    results: list[int] = []
    for child in children:
        child.start()
    for child in children:
        child.join(30.0)
    assert [os.WEXITSTATUS(status) for status in results] == [0, 0]
    assert [s.spx.spot for s in market.store.recent(3)] == [market.spx.spot] * 2


def _forked(work: Callable[[], Any]) -> int:
    """Do it in a child process; the status that it ends with."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]
