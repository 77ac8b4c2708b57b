"""Each broker's layouts: what is taken, what is not, and why; nothing of a file is left out of the account of it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.market.positions import layouts
from xlalvh.market.positions.files import read_positions
from xlalvh.market.positions.legs import Contract, Leg
from xlalvh.market.positions.reading import Outcome, PositionError, Reading
from xlalvh.market.providers.text import Document

JUNE, VIX_JUNE = dt.date(2023, 6, 30), dt.date(2023, 6, 21)
PUT = Contract("SPXW", JUNE, "P", 3900.0)
VIX_CALL = Contract("VIX", VIX_JUNE, "C", 20.0)
MORNING = Contract("SPX", dt.date(2023, 6, 16), "C", 4300.0)


def read(text: str, name: str = "positions.csv", encoding: str = "utf-8") -> Reading:
    return read_positions(Document(name, text.encode(encoding)))


def reasons(reading: Reading) -> list[str]:
    return [row.reason for row in reading.of(Outcome.NOT_UNDERSTOOD)]


def test_tws() -> None:
    found = read(layouts.TWS)
    assert (found.broker, found.layout) == ("Interactive Brokers", "TWS portfolio export")
    assert found.legs == [Leg(PUT, -10.0, 19.851, ""), Leg(MORNING, -2.0, 15.01, ""), Leg(VIX_CALL, 16.0, 1.912, "")]
    assert len(reasons(found)) == 1
    assert "Advanced contract display" in reasons(found)[0]
    assert [row.text[:2] for row in found.of(Outcome.OTHER)] == ["ES"]
    assert "Market Price" in found.unused


def test_statement() -> None:
    found = read(layouts.STATEMENT)
    assert found.legs == [Leg(PUT, -10.0, 19.851, ""), Leg(VIX_CALL, 16.0, 1.912, "")]
    assert found.accounts == ["U0000001"]
    assert reasons(found) == ["31 JUN 23 is no day"]
    assert "a lot of the summary row" in [row.reason for row in found.of(Outcome.NO_POSITION)]
    assert "Close Price" in found.unused


def test_flex() -> None:
    found = read(layouts.FLEX)
    assert found.legs == [Leg(PUT, -10.0, 19.851, ""), Leg(VIX_CALL, 16.0, 1.912, "")]
    assert found.accounts == ["U0000001", "U0000002"]
    assert reasons(found) == ["the symbol's strike is 400.0, its column says 401.0"]
    assert found.unused == ("MarkPrice",)


def test_schwab() -> None:
    found = read(layouts.SCHWAB)
    assert found.legs == [Leg(PUT, -10.0, 19.851, ""), Leg(VIX_CALL, 16.0, pytest.approx(1.912), "")]
    assert found.accounts == ["Individual ...789"]
    assert len(reasons(found)) == 1
    assert found.unused == ("Description", "Price", "Mkt Val (Market Value)")


def test_thinkorswim() -> None:
    found = read(layouts.THINKORSWIM)
    assert found.broker == "Schwab"
    assert found.legs == [
        Leg(PUT, -10.0, 19.85, "Hedged condors"),
        Leg(MORNING, -2.0, 15.0, "Hedged condors"),
        Leg(VIX_CALL, 16.0, 1.91, ""),
    ]
    assert found.accounts == ["123456789SCHW"]
    assert len(reasons(found)) == 1
    assert "does not say (Weeklys)" in reasons(found)[0]
    assert "closed: 0 contracts" in [row.reason for row in found.of(Outcome.NO_POSITION)]
    assert len(found.of(Outcome.OTHER)) == 3  # the future, its own line, and the option on it


def test_tastytrade() -> None:
    found = read(layouts.TASTYTRADE)
    assert found.legs == [Leg(PUT, -10.0, 19.85, ""), Leg(VIX_CALL, 16.0, pytest.approx(1.912), "")]
    assert found.accounts == ["5WX00001"]
    assert reasons(found) == ["the symbol's strike is 400.0, its column says 405.0"]


def test_semicolons_and_decimal_commas() -> None:
    line = "5WX00001;SPXW  230630P03900000;OPTION;-10;2023-06-30;42;3900;PUT;4191,98;-949;19,85;19.850,00;20,8\n"
    head = layouts.TASTYTRADE.splitlines()[0].replace(",", ";") + "\n"
    assert read(head + line).legs == [Leg(PUT, -10.0, 19.85, "")]


@pytest.mark.parametrize("name", layouts.ALL)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_line_ends(name: str, encoding: str, ending: str) -> None:
    text = layouts.ALL[name]
    assert read(text.replace("\n", ending), encoding=encoding).legs == read(text).legs


@pytest.mark.parametrize("name", layouts.ALL)
def test_every_row_is_accounted_for(name: str) -> None:
    found = read(layouts.ALL[name])
    assert [row.line for row in found.rows] == list(range(1, len(layouts.ALL[name].split("\n")) + 1))
    assert sum(len(found.of(outcome)) for outcome in Outcome) == len(found.rows)
    assert all(row.reason for row in found.rows if row.outcome is not Outcome.TAKEN)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "<html></html>", "{}", "Symbol,Quantity\nSPX,1\n"])
def test_other_files(text: str) -> None:
    with pytest.raises(PositionError, match=r"layout|empty|HTML|JSON"):
        read(text)


def test_missing_file(tmp_path) -> None:
    with pytest.raises(PositionError, match=r"none\.csv"):
        read_positions(tmp_path / "none.csv")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(sorted(layouts.ALL)),
    st.lists(
        st.tuples(st.integers(0, 2000), st.sampled_from(list(',;"\n\0()[]-+$.9aSPX ️')), st.booleans()), max_size=8
    ),
)
def test_damage_neither_crashes_nor_makes_up_numbers(name: str, edits: list[tuple[int, str, bool]]) -> None:
    text = layouts.ALL[name]
    for place, mark, insert in edits:
        at = place % len(text)
        text = text[:at] + mark + text[at + (0 if insert else 1) :]
    try:
        found = read(text)
    except PositionError:
        return
    lines = text.replace("\r", "\n").split("\n")
    for row in found.rows:
        if row.leg is not None:
            digits = re.sub(r"[^0-9]", "", lines[row.line - 1])
            assert f"{row.leg.contract.strike:g}".replace(".", "") in digits
            assert f"{abs(row.leg.quantity):g}" in digits


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(layouts.ALL)), st.binary(max_size=300))
def test_any_bytes_after_a_good_start(name: str, tail: bytes) -> None:
    try:
        read_positions(Document(name, layouts.ALL[name].encode() + tail))
    except PositionError:
        return
