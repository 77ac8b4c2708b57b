"""The cells of the sheet Paper as an order, and what the macros do with them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from workbook import orders
from workbook.book import cells_of
from workbook.run import Run
from xlalvh.hosts import paper
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.store import Store
from xlalvh.research.paper.contracts import PaperError
from xlalvh.research.paper.ledger import Ledger
from xlalvh.research.paper.order import read

Rows = list[list[Any]]


@pytest.fixture
def sheet(sample_run: Run) -> tuple[Rows, Rows]:
    """What the sheet shows for the sample."""
    areas = []
    for name, width in ((paper.ORDER, len(paper.LEG)), (paper.ABOUT, 1)):
        title, area = sample_run.built.names[name]
        values = [sample_run.values[title, cell] for cell in cells_of(area)]
        areas.append([values[i : i + width] for i in range(0, len(values), width)])
    return areas[0], areas[1]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))


def test_the_sheet_shows_the_condor_and_the_ladder_at_the_samples_quotes(sheet: tuple[Rows, Rows]) -> None:
    order = read(paper.order(*sheet))
    assert order.sample
    assert [leg.strategy for leg in order.legs] == ["condor"] * 4 + ["ladder"] * 10
    assert [leg.contracts for leg in order.legs[:4]] == [10.0, -10.0, -10.0, 10.0]
    sample = sample_snapshot()
    for leg in order.legs:
        part = sample.vix if leg.root == "VIX" else sample.spx
        assert part is not None
        chain = part.chain.at(leg.root, leg.expiry)
        quotes = chain.call if leg.right == "C" else chain.put
        at = chain.strike.tolist().index(leg.strike)
        assert (leg.bid, leg.ask) == pytest.approx((quotes.bid[at], quotes.ask[at]), nan_ok=True)


def test_serials_of_both_date_systems_mean_the_same(sheet: tuple[Rows, Rows]) -> None:
    rows, about = sheet
    in_1904 = [[*r[:2], r[2] - 1462 if r[2] else r[2], *r[3:]] for r in rows]
    said = [[about[0][0] - 1462], [about[1][0] - 1462], *about[2:]]
    assert paper.order(in_1904, said, date_1904=True) == paper.order(rows, about)


def _missing_time(rows: Rows, about: Rows) -> None:
    about[0][0] = ""


def _reason(rows: Rows, about: Rows) -> None:
    about[-1][0] = "No p.m. expiry has a smile"


def _text(rows: Rows, about: Rows) -> None:
    rows[1][5] = "ten"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_reason, "nothing can be booked: No p.m. expiry has a smile"),
        (_missing_time, "time of the SPX quotes"),
        (_text, "contracts of a condor P is 'ten'"),
    ],
)
def test_cells_that_are_no_order_say_why(sheet, spoil: Callable[[Rows, Rows], None], said: str) -> None:
    spoil(*sheet)
    done, text = paper.told(lambda: paper.book(*sheet))
    assert not done
    assert said in text


def test_book_and_mark_in_the_samples_ledger(sheet: tuple[Rows, Rows]) -> None:
    assert paper.told(lambda: paper.book(*sheet)) == (
        True,
        "booked to the sample ledger: condor as trade 1, ladder as trade 2",
    )
    done, text = paper.told(lambda: paper.book(*sheet))
    assert not done
    assert "open already as trade 1" in text
    done, text = paper.told(paper.mark)
    assert done
    assert text.startswith("sample: 14 at mid")
    assert Ledger().faults() == []


def test_mark_without_positions_and_without_quotes_says_so(sheet: tuple[Rows, Rows]) -> None:
    assert paper.told(paper.mark) == (True, "nothing is open: there is nothing to mark")


def test_old_quotes_are_never_booked_as_new_ones(sheet: tuple[Rows, Rows]) -> None:
    rows, about = sheet
    about[3][0] = 0.0  # as real quotes of January
    with pytest.raises(PaperError, match="refresh first"):
        paper.book(rows, about)
    assert Ledger().accounts() == []
    assert Store().latest() is None


def test_the_closed_book_shows_the_same_order(sample_run: Run, sheet: tuple[Rows, Rows]) -> None:
    assert orders.of_book(sample_run.files[0]) == read(paper.order(*sheet))
    found = json.loads(paper.order(*sheet))
    assert dt.date.fromisoformat(found["legs"][0]["expiry"]).weekday() < 5
    with pytest.raises(ValueError, match="does not exist"):
        orders.of_book(ROOT / "none.xlsx")
