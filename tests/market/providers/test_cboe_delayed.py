"""Delayed quotes: the real sample by hand, real chains against another reading, and wrong files."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.market import delayed
from xlalvh.market import plausible
from xlalvh.market.providers import cboe_delayed
from xlalvh.market.providers.cboe_delayed import read_delayed_quotes
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.text import Document
from xlalvh.market.quotes import ChainSnapshot, Flag, QuoteError

STAMP = "2023-05-15 16:02:00"  # 12:02 New York


@pytest.fixture(scope="module")
def vix(data: Path) -> ChainSnapshot:
    return read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")


def read(raw: bytes, underlying: str = "VIX") -> ChainSnapshot:
    return read_delayed_quotes(Document("x.json", raw), underlying)


def test_the_real_sample(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plausible, "LEAST_QUOTES", 5)  # it was cut to ten contracts
    found = read((data / "samples" / "cboe_delayed_quotes__VIX_2026-09-04_trimmed.json").read_bytes())
    assert found.source == "Cboe delayed quotes"
    assert found.market_time == dt.datetime(2026, 9, 4, 20, 15, tzinfo=dt.UTC)  # stamped 23:44 New York
    assert found.spot == 14.53
    assert ("VIX", dt.date(2026, 10, 21)) in found.chain.expiries()
    row = found.chain.at("VIXW", dt.date(2026, 9, 9))
    assert row.strike.tolist() == [10.5, 14.0, 20.0]
    assert row.call.bid.tolist() == [4.24, 1.45, 0.04]
    assert row.put.ask.tolist()[1:] == [0.01, 4.64]
    assert math.isnan(row.put.bid[1])
    assert row.put.flags[1] & Flag.NO_BID


def test_a_chain_comes_back_as_it_went_out(vix: ChainSnapshot) -> None:
    found = read(delayed.file(vix, STAMP))
    assert found.market_time == dt.datetime(2023, 5, 15, 15, 47, tzinfo=dt.UTC)  # 15 minutes before
    assert (found.spot, len(found.chain), found.notes) == (vix.spot, len(vix.chain), ())
    for name in ("root", "expiry", "strike"):
        assert (getattr(found.chain, name) == getattr(vix.chain, name)).all()
    for side in ("call", "put"):
        for price in ("bid", "ask", "flags"):
            np.testing.assert_array_equal(
                getattr(getattr(found.chain, side), price), getattr(getattr(vix.chain, side), price)
            )


def test_what_is_left_out_is_counted(vix: ChainSnapshot) -> None:
    options = delayed.contracts(vix)
    strange = ["=cmd|' /C calc'!A0", "VIX230230C00018000", "VIX230517X00018000", "VIX２３0517C00018000", "", "VIX" * 9]
    options += [{**options[0], "option": symbol} for symbol in strange]
    options += [{**options[0], "bid": 99.0, "ask": 99.5}, {**options[0], "option": "SPX230519C04000000"}]
    found = read(delayed.file(vix, STAMP, options))
    assert found.notes == (
        "left out: 6 contracts with a symbol that cannot be read",
        "left out: 1 contract with a root that is not VIX's",
        "left out: 1 contract repeating an earlier one",
    )
    assert len(found.chain) == len(vix.chain)
    assert 99.0 not in found.chain.call.bid


def _set(key: str, value: Any) -> Any:
    return lambda file: file["data"].__setitem__(key, value)


def _all(**changes: Any) -> Any:
    return lambda file: [option.update(changes) for option in file["data"]["options"]]


def _rename(file: Any) -> None:
    for option in file["data"]["options"]:
        option["bid_price"] = option.pop("bid")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("options", []), "hold no contract"),
        (_set("options", {}), "Expected `array`"),
        (_set("symbol", "^SPX"), "are of '\\^SPX' instead"),
        (_set("current_price", 0.0), "VIX itself is 0"),
        (_set("current_price", -17.0), "VIX itself is -17"),
        (_set("current_price", None), "Expected `float`"),
        (_set("current_price", 1733.0), "no strikes on both sides"),
        (_set("current_price", 50.0), "put the forward at"),
        (_rename, "missing required field `bid`"),
        (_all(bid=0.0, ask=0.0), "are empty: 0 of"),
        (_all(bid=None, ask=None), "are empty: 0 of"),
        (_all(bid=-1.0, ask=-1.0), "are empty: 0 of"),
        (_all(bid=2.0, ask=1.0), "are empty|are broken"),
        (lambda file: file["data"]["options"][7].update(ask=1e20), "which no option can have"),
        (_all(bid="1.45"), "Expected `float"),
        (_all(bid=math.nan), "malformed"),
        (_all(bid=math.inf), "malformed"),
        (_all(option="SPX230519C04000000"), "hold no contract of VIX"),
        (lambda file: file.__setitem__("timestamp", "May 15"), "have the time 'May 15'"),
        (lambda file: file.__setitem__("timestamp", "2033-05-15 16:02:00"), "all settled"),
        (lambda file: file.__setitem__("timestamp", "9999-12-31 16:02:00"), "calendar"),
        (lambda file: file.pop("data"), "missing required field `data`"),
    ],
)
def test_what_cannot_be_true_is_refused(vix: ChainSnapshot, change: Any, message: str) -> None:
    file = json.loads(delayed.file(vix, STAMP))
    change(file)
    with pytest.raises(QuoteError, match=message) as caught:
        read(json.dumps(file).encode())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"<html>", b"null", b"[]", b"\xff\xfe", b'{"timestamp": "', b"{" * 100_000])
def test_other_files_are_refused(raw: bytes) -> None:
    with pytest.raises(QuoteError, match=cboe_delayed.SOURCE):
        read(raw)


@pytest.mark.parametrize("name", ["SPX_2023-05-19_close.csv", "SPX_2024-01-05_close.csv", "SPX_2022-07-12_1155ET.csv"])
def test_real_chains_are_plausible(data: Path, name: str) -> None:
    snapshot = read_quote_table(data / "spx_chains" / name)
    assert plausible.check(snapshot) is snapshot
