"""``xlalvh paper`` from the shell: a life of a position on real quotes, and what it refuses."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from tests.research.paper.desks import order
from xlalvh.cli import app
from xlalvh.market.store import Store


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))


def ask(*words: object, fails: bool = False, text: str | None = None) -> Any:
    """What a command says: its JSON where it gives some, else its lines."""
    done = CliRunner().invoke(app, ["paper", *map(str, words)], input=text)
    assert (done.exit_code != 0) == fails, done.output
    return json.loads(done.stdout) if "--json" in words else done.output


def booked(data: Path) -> list[object]:
    """A condor by JSON at the real quotes of 2023-05-19, and the words that give these quotes."""
    quotes = data / "spx_chains" / "SPX_2023-05-19_close.csv"
    from xlalvh.market.providers.cboe_quote_table import read_quote_table

    chain = read_quote_table(quotes).chain.at("SPXW", dt.date(2023, 7, 7))
    legs = order().only("condor")
    for leg in legs.legs:
        at = chain.strike.tolist().index(leg.strike)
        side = chain.call if leg.right == "C" else chain.put
        leg.bid, leg.ask = float(side.bid[at]), float(side.ask[at])
    found = ask("book", "--order", "-", "--replay", "--json", text=msgspec.json.encode(legs).decode())
    assert found["trades"] == {"condor": 1}
    assert found["account"] == "replay"
    return ["--quotes", quotes, "--replay"]


def test_a_life(data: Path, tmp_path: Path) -> None:
    quotes = booked(data)
    said = ask("mark", *quotes, "--json")
    assert said["entry"] is None  # booked at these quotes' mids
    assert said["marks"] == {"mid": 4}
    assert ask("close", 1, "--wing", "put", *quotes, "--json")["entry"] == 2
    shown = ask("show", "--json")["accounts"]["replay"]
    assert [p["right"] for p in shown["positions"]] == ["C", "C"]
    assert shown["balance"]["balances"]
    assert ask("expire", "SPXW:2023-07-07=4398.95", "--account", "replay", "--json") == {
        "entries": [3],
        "unsettled": [],
    }
    shown = ask("show", "--json")["accounts"]["replay"]
    assert shown["positions"] == []
    assert shown["days"][-1]["pnl_dollars"] == pytest.approx(shown["balance"]["cash_dollars"])
    assert "ledger balances: yes" in ask("show")
    file = tmp_path / "fills.csv"
    ask("export", file, "--account", "replay")
    rows = list(csv.DictReader(file.open()))
    assert len(rows) == 8
    cash = -sum(float(r["contracts"]) * 100 * float(r["price_points"]) + float(r["costs_dollars"]) for r in rows)
    assert cash == pytest.approx(shown["balance"]["cash_dollars"])


def test_old_quotes_are_refused_without_replay(data: Path) -> None:
    legs = msgspec.json.encode(order()).decode()
    assert "refresh first" in ask("book", "--order", "-", text=legs, fails=True)
    assert ask("show") == "the ledger is empty: book a position with xlalvh paper book\n"


def test_adjust_and_a_second_booking(data: Path) -> None:
    quotes = booked(data)
    legs = msgspec.json.encode(order().only("condor")).decode()
    assert "open already as trade 1" in ask("book", "--order", "-", "--replay", text=legs, fails=True)
    ask("adjust", 1, *quotes, "--", "2xSPXW230707P03900000", "-2xSPXW230707P03800000")
    held = {p["strike"]: p["contracts"] for p in ask("show", "--json")["accounts"]["replay"]["positions"]}
    assert held == {3800.0: -2, 3900.0: 12, 3950.0: -10, 4350.0: -10, 4400.0: 10}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "7"), "trade 7 is not open"),
        (("adjust", "1", "VIX"), "is no leg"),
        (("expire", "VIX=13"), "is no settlement"),
        (("expire", "VIX:2023-06-21=13.5"), "holds no VIX of 2023-06-21"),
        (("book", "none.xlsx"), "does not exist"),
        (("book", "--order", "none.json"), "cannot be read"),
        (("book", "a.xlsx", "--order", "b.json"), "not two of them"),
        (("mark", "--vix-quotes", "x.csv"), "needs --quotes"),
    ],
)
def test_what_is_refused_says_why(words: tuple[str, ...], said: str) -> None:
    assert said in " ".join(ask(*words, fails=True).split())


def test_expiry_takes_the_stored_close_of_spx(data: Path) -> None:
    import numpy as np

    from xlalvh.market.quotes import IndexHistory

    booked(data)
    days = np.array(["2023-07-06", "2023-07-07"], dtype="datetime64[D]")
    Store().put_history(IndexHistory("SPX", days, np.array([4411.59, 4398.95])), "cboe")
    assert ask("expire", "--account", "replay", "--json") == {"entries": [2], "unsettled": []}
    shown = ask("show", "--json")["accounts"]["replay"]
    assert shown["positions"] == []
