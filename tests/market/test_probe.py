"""What the doctor hears of providers that are there, refuse, are not installed, or fall silent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.market.conftest import VIX, Market
from tests.market.loopback import silent
from xlalvh.market import probe as probing
from xlalvh.market.probe import probe
from xlalvh.market.settings import Files, Ib


def test_each_provider_says_why_it_is_out_of_reach(market: Market, tmp_path: Path) -> None:
    order = ("cboe", "sample", "fred", "files", "ib")
    found = probe(msgspec.structs.replace(market.settings, order=order, ib=Ib(port=1)))
    assert list(found) == ["cboe", "fred", "files", "ib"]
    assert found["cboe"] == ""
    assert found["fred"] == "127.0.0.1, graph: the server answers 404 Not Found"
    assert "[files]" in found["files"]
    assert found["ib"]  # ib_async keeps the event loop of its first use, so its words depend on the tests before
    files = Files(spx=str(tmp_path), vix=str(tmp_path / "gone"))
    assert (
        str(tmp_path / "gone")
        in probe(msgspec.structs.replace(market.settings, order=("files",), files=files))["files"]
    )


def test_a_silent_server_is_not_waited_for(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "_LIMIT", 0.3)
    market.server.routes[VIX] = silent
    assert probe(market.settings)["cboe"] == "no answer within 0.3 s"


def test_yahoo_is_asked_for_its_expiries(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    import yfinance

    options: Any = ("2026-01-21",)
    monkeypatch.setattr(yfinance, "Ticker", lambda name: SimpleNamespace(options=options))
    settings = msgspec.structs.replace(market.settings, order=("yahoo",))
    assert probe(settings) == {"yahoo": ""}
    options = ()
    assert probe(settings) == {"yahoo": "Yahoo answers without VIX options"}
