"""Areas written into an open book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from xlalvh.hosts.calc.session import CalcBook, CalcError, CalcSession


@pytest.fixture
def book(calc: CalcSession) -> Iterator[CalcBook]:
    opened = calc.open(ROOT / "workbook" / "alvh.ods")
    yield opened
    opened.close()


def test_a_text_of_a_provider_stays_a_text(book: CalcBook) -> None:
    book.refresh({"market_spx_source": [["=1+1"]], "market_vix_source": [["+SUM(1;2)"]]})
    assert book.read("Market", "market_spx_source") == [["=1+1"]]
    assert book.read("Market", "market_vix_source") == [["+SUM(1;2)"]]
    assert book.read("Market", "refresh_count") == [[1.0]]


def test_an_empty_cell_is_emptied(book: CalcBook) -> None:
    book.refresh({"spx_spot": [[None]]})
    assert book.read("Market", "spx_spot") == [[""]]


@pytest.mark.parametrize(("area", "reason"), [("market_warnings", "another size"), ("spx_tabel", "no area spx_tabel")])
def test_what_does_not_fit_is_refused_and_nothing_written(book: CalcBook, area: str, reason: str) -> None:
    before = book.read("Market", "spx_spot")
    with pytest.raises(CalcError, match=reason):
        book.refresh({"spx_spot": [[1.0]], area: [["one"]]})
    assert book.read("Market", "refresh_count") == [[0.0]]
    assert book.read("Market", "spx_spot") == before
