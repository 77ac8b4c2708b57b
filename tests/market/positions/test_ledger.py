"""The kept positions: an account's set replaces itself, nothing doubles, and the last import can be undone."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.market.positions import layouts
from xlalvh.market.positions.files import read_positions
from xlalvh.market.positions.ledger import NAME, Ledger
from xlalvh.market.positions.reading import PositionError, Reading
from xlalvh.market.providers.text import Document

NOW = dt.datetime(2023, 5, 19, 20, 30, tzinfo=dt.UTC)


def reading(name: str, text: str = "") -> tuple[str, Reading]:
    return name, read_positions(Document(name, (text or layouts.ALL[name]).encode()))


def legs(ledger: Ledger) -> int:
    return sum(len(one.legs) for one in ledger.accounts())


def test_twice_is_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep([reading("tasty.csv")], NOW)
    kept, replaced = ledger.keep([reading("tasty.csv")], NOW)
    assert (len(kept), len(replaced), legs(ledger)) == (1, 1, 2)
    assert [one.account for one in ledger.accounts()] == ["5WX00001"]
    assert len(ledger.accounts()[0].not_understood) == 1


def test_accounts_stand_beside_each_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep([reading("tasty.csv"), reading("flex.csv")], NOW)
    assert [one.account for one in ledger.accounts()] == ["5WX00001", "U0000001", "U0000002"]
    ledger.keep([reading("flex.csv", layouts.FLEX.replace('"16"', '"17"'))], NOW)
    assert {held.quantity for one in ledger.accounts() for held in one.legs} == {-10.0, 16.0, 17.0}


def test_two_files_of_one_account(tmp_path: Path) -> None:
    """Schwab's website shows the last digits of the account that thinkorswim shows in full."""
    ledger = Ledger(tmp_path)
    with pytest.raises(PositionError, match="two of the files"):
        ledger.keep([reading("tos.csv"), reading("schwab.csv")], NOW)
    ledger.keep([reading("tos.csv")], NOW)
    ledger.keep([reading("schwab.csv")], NOW)
    assert [one.account for one in ledger.accounts()] == ["Individual ...789"]


def test_a_file_without_an_account(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep([reading("tws.csv")], NOW)
    ledger.keep([reading("statement.csv")], NOW)  # takes the place of what came without an account
    assert [one.account for one in ledger.accounts()] == ["U0000001"]
    with pytest.raises(PositionError, match="--account"):
        ledger.keep([reading("tws.csv")], NOW)
    ledger.keep([reading("tws.csv")], NOW, "U0000001")
    assert [(one.account, one.file) for one in ledger.accounts()] == [("U0000001", "tws.csv")]


def test_an_emptied_account(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep([reading("tos.csv")], NOW)
    ledger.keep([reading("tos.csv", "\n".join(layouts.THINKORSWIM.split("\n")[:4]) + "\n")], NOW)
    assert legs(ledger) == 0


def test_restore_and_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep([reading("tasty.csv")], NOW)
    ledger.keep([reading("flex.csv")], NOW)
    assert [one.broker for one in ledger.restore()] == ["tastytrade"]
    assert [one.broker for one in ledger.accounts()] == ["tastytrade"]
    assert len(ledger.restore()) == 3


def test_damage_is_told_and_not_overwritten(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.path.write_bytes(b"{half")
    for call in (ledger.accounts, ledger.restore, lambda: ledger.keep([reading("tasty.csv")], NOW)):
        with pytest.raises(PositionError, match="damaged"):
            call()
    assert (tmp_path / NAME).read_bytes() == b"{half"


def test_several_imports_at_once(tmp_path: Path) -> None:
    def one(i: int) -> None:
        Ledger(tmp_path).keep([reading("tasty.csv", layouts.TASTYTRADE.replace("5WX00001", f"5WX0000{i}"))], NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(1, 9)))
    assert len(Ledger(tmp_path).accounts()) == 8
