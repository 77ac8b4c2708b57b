"""Parsers under mutated real files: nothing but QuoteError, no long wait, and no number that the text does not hold.

A seeded run of XLALVH_FUZZ inputs a format, 200 if not set. What is accepted is held against the mutated text itself,
read again in the slowest way: a price must stand where its contract stands.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.market import delayed
from xlalvh.market import plausible
from xlalvh.market.providers.cboe_delayed import read_delayed_quotes
from xlalvh.market.providers.cboe_index import read_index_history
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.text import Document
from xlalvh.market.providers.vx_futures import read_futures
from xlalvh.market.quotes import ChainSnapshot, QuoteError

RUNS = int(os.environ.get("XLALVH_FUZZ", "200"))
SLOW = 20.0  # seconds for one small file: a date line in no language makes dateparser load all of them, once

_TOKENS = [
    b"NaN", b"nan", b"Infinity", b"-inf", b"1e999", b"-1", b"0", b"-0.0", b"1e-320", b"null", b"true", b"", b'""', b'"',
    b"1_000", b"0x1F", b"1,5", b"1.2.3", b"99999999999999999999", b"\xef\xbc\x91", b"=1+1", b"{}", b"[]", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b",", b",,", b";", b"\\u0000", b"<html>", b"12/31/9999",
]  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_DECIMAL = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*", re.ASCII)


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four things done to them."""
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.randrange(len(raw) + 1) for _ in range(2))
        end = min(end, at + rng.choice((1, 1, 8, 80, 800)))
        kind = rng.randrange(8)
        if kind == 0:
            raw = raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
        elif kind == 1:
            raw = raw[:at] + raw[end:]
        elif kind == 2:
            raw = raw[:end] + raw[at:end] + raw[end:]
        elif kind == 3:
            other = rng.randrange(len(raw) + 1)
            raw = raw[:other] + raw[at:end] + raw[other:]
        elif kind == 4:
            raw = raw[:at] + rng.choice(_TOKENS) + raw[at:]
        elif kind in (5, 6):
            numbers = [m.span() for m in _NUMBER.finditer(raw)]
            if numbers:
                low, high = rng.choice(numbers)
                raw = raw[:low] + rng.choice(_TOKENS) + raw[high:]
        else:
            raw = raw[: rng.randrange(len(raw) // 2, len(raw) + 1)]
        if not raw:
            return b" "
    return raw


def prices(snapshot: ChainSnapshot) -> Iterator[tuple[str, float]]:
    """Every price that was accepted, with its contract's symbol."""
    chain = snapshot.chain
    for i in range(len(chain)):
        day = chain.expiry[i].astype(dt.date)
        for right, quotes in (("C", chain.call), ("P", chain.put)):
            symbol = f"{chain.root[i]}{day:%y%m%d}{right}{round(chain.strike[i] * 1000):08d}"
            for price in (quotes.bid[i], quotes.ask[i]):
                if np.isfinite(price):
                    yield symbol, float(price)


def decimals(text: str) -> set[float]:
    """The plain decimal numbers among comma-separated cells."""
    return {float(cell) for cell in re.split(r'[,"\n\r:]', text) if _DECIMAL.fullmatch(cell)}


def texts(raw: bytes) -> list[str]:
    """What the bytes may mean."""
    found = [raw.decode("utf-8", errors="replace"), raw.decode("cp1252", errors="replace")]
    return [*found, raw.decode("utf-16", errors="replace")] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else found


def check_delayed(raw: bytes) -> bool:
    found = read_delayed_quotes(Document("x.json", raw), "VIX")
    file = json.loads(raw)
    assert found.spot == file["data"]["current_price"] > 0.0
    stands: dict[str, set[float]] = {}
    for option in file["data"]["options"]:
        stands.setdefault(option["option"], set()).update(
            float(price) for price in (option["bid"], option["ask"]) if price is not None
        )
    for symbol, price in prices(found):
        assert price > 0.0
        assert price in stands[symbol]
    return True


def check_table(raw: bytes) -> bool:
    found = read_quote_table(_file(raw), dt.datetime(2023, 5, 15, 11, 32) if b"Date:" not in raw else None)
    lines = [line for text in texts(raw) for line in re.split(r"[\r\n]", text)]
    assert any(found.spot in decimals(line) for line in lines)
    stands: dict[str, set[float]] = {}
    for line in lines:
        for symbol in re.findall(r"[A-Z]+\d{6}[CP]\d{8}", line):
            stands.setdefault(symbol, set()).update(decimals(line))
    for symbol, price in prices(found):
        assert price > 0.0
        assert price in stands[symbol]
    return True


def check_history(raw: bytes) -> bool:
    found = read_index_history(Document("VIX_History.csv", raw))
    numbers = set().union(*(decimals(text) for text in texts(raw)))
    for column in (found.close, found.open, found.high, found.low):
        if column is not None:
            assert {float(v) for v in column if np.isfinite(v)} <= numbers
    assert np.isfinite(found.close).all()
    assert (found.dates[1:] > found.dates[:-1]).all()
    return True


def check_futures(raw: bytes) -> bool:
    found = read_futures([Document("VX_2020-03-18.csv", raw)])
    numbers = set().union(*(decimals(text) for text in texts(raw)))
    assert {f.price for f in found.futures} <= numbers | {n * 0.1 for n in numbers}
    assert all(f.price > 0.0 for f in found.futures)
    return True


def _file(raw: bytes) -> Document:
    return Document("vix_quotedata.csv", raw)


@pytest.fixture(scope="module")
def seeds(data: Path) -> dict[str, bytes]:
    """Real files, cut so that a run has many of them."""
    table = (data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv").read_bytes()
    lines = table.splitlines(keepends=True)
    vix = read_quote_table(Document("VIX.csv", table))
    near = vix.chain.take((vix.chain.strike > 16) & (vix.chain.strike < 19))
    return {
        "delayed": delayed.file(type(vix)("", vix.market_time, vix.spot, near), "2023-05-15 16:02:00"),
        "table": b"".join(lines[:4] + lines[4::9]),
        "history": (data / "indices" / "cboe_VIX_History.csv").read_bytes()[:4000],
        "futures": (data / "samples" / "VX_2020-03-18.csv").read_bytes()[:4000],
    }


CHECKS: dict[str, Callable[[bytes], bool]] = {
    "delayed": check_delayed,
    "table": check_table,
    "history": check_history,
    "futures": check_futures,
}


def survived(check: Callable[[bytes], bool], raw: bytes) -> bool:
    """Whether the input was accepted; anything but QuoteError is the test's failure."""
    started = time.perf_counter()
    try:
        accepted = check(raw)
    except QuoteError:
        accepted = False
    assert time.perf_counter() - started < SLOW
    return accepted


@pytest.mark.parametrize("name", CHECKS)
def test_mutated_real_files(seeds: dict[str, bytes], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plausible, "LEAST_QUOTES", 1)  # accept as much as can be, the oracle judges
    monkeypatch.setattr(plausible, "LEAST_SHARE", 0.0)
    rng = random.Random(f"{name} 20261121")
    others = list(seeds.values())
    assert survived(CHECKS[name], seeds[name])
    accepted = 0
    for i in range(RUNS):
        raw = seeds[name]
        if i % 20 == 19:  # part of another format
            at, other = rng.randrange(len(raw)), rng.choice(others)
            raw = raw[:at] + other[rng.randrange(len(other)) :]
        raw = mutated(raw, rng)
        try:
            accepted += survived(CHECKS[name], raw)
        except Exception as error:
            raise AssertionError(f"input {i} of {name}: {repr(error)[:300]}\n{raw[:300]!r}") from error
    print(f"{name}: {RUNS:,} inputs, {accepted:,} accepted, {RUNS - accepted:,} refused")
    assert 0 < accepted < RUNS


@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_any_bytes(name: str, raw: bytes) -> None:
    assert not survived(CHECKS[name], raw)
