"""Option symbols in every form that a broker writes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market.positions.legs import Contract
from xlalvh.market.positions.symbols import option, ours

PUT = Contract("SPXW", dt.date(2023, 6, 30), "P", 4200.0)


@pytest.mark.parametrize(
    "text",
    [
        "SPXW  230630P04200000",
        "SPXW230630P04200000",
        ".SPXW230630P4200",
        "SPXW 30JUN23 4200 P",
        "SPXW 30JUN23 4200.0 P",
        "SPXW 06/30/2023 4200.00 P",
        "spxw 6/30/23 4200 Put",
    ],
)
def test_forms(text: str) -> None:
    assert option(text) == PUT


@pytest.mark.parametrize(
    ("text", "root", "strike"),
    [
        ("SPX 16JUN23 4200 C", "SPX", 4200.0),
        ("SPX 23JUN23 4200 C", "SPXW", 4200.0),  # no monthly expiry
        ("SPX 14APR22 4200 C", "SPX", 4200.0),  # the Thursday before Good Friday
        ("VIX   230621C00022500", "VIX", 22.5),
        ("VIX 230628C00022500", "VIXW", 22.5),
        (".VIXW230607C19", "VIXW", 19.0),
        ("XSP 06/30/2023 420.00 P", "XSP", 420.0),
    ],
)
def test_roots(text: str, root: str, strike: float) -> None:
    found = option(text)
    assert found is not None
    assert (found.root, found.strike) == (root, strike)


@pytest.mark.parametrize("text", ["SPY 16JUN23 420 P", "SPXU 16JUN23 10 C", "", "SPX", "VIXY  230630P00010000"])
def test_others(text: str) -> None:
    assert option(text) is None
    assert ours(text) is (text == "SPX")


@pytest.mark.parametrize("text", ["SPXW 31FEB23 4200 P", "SPXW  231399P04200000", "SPX 16JUN23 0 P"])
def test_broken(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|strike"):
        option(text)


@given(st.dates(dt.date(2005, 1, 3), dt.date(2039, 12, 31)), st.integers(1, 9_999_999), st.sampled_from("CP"))
def test_osi_comes_back(day: dt.date, thousandths: int, right: str) -> None:
    found = option(f"SPXW  {day:%y%m%d}{right}{thousandths:08d}")
    assert found == Contract("SPXW", day, right, thousandths / 1000.0)


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    try:
        found = option(text)
    except ValueError:
        return
    assert found is None or f"{found.strike:.0f}".rstrip("0") in text.replace(",", "") or found.strike % 1 != 0
