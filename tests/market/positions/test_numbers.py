"""Numbers in US and continental notation: nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market.positions.numbers import continental, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5),
        ("(1,234.50)", -1234.5),
        ("($330.00)", -330.0),
        ("-$2.05", -2.05),
        ("$-2.05", -2.05),
        ("+3", 3.0),
        (".65", 0.65),
        ("−4", -4.0),
        ("12.5%", 12.5),
        ("0", 0.0),
        ("12,345,678", 12345678.0),
    ],
)
def test_us(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("1.234,50", 1234.5), ("12,5", 12.5), ("1 234,5", 1234.5), ("-1’234,5", -1234.5), ("7", 7.0)]
)
def test_continental(text: str, value: float) -> None:
    assert number(text, comma=True) == value


@pytest.mark.parametrize("text", ["", "--", "N/A", " - "])
def test_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["1,2", "1.2.3", "12,5", "1e5", "abc", "(5", "5)", "--5", "1_000", "٣", "$", "inf"])
def test_what_is_no_number_in_the_notation(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number(text)


def test_a_file_keeps_to_one_notation() -> None:
    assert continental(["1.234,5", "12,50"])
    assert not continental(["1,234.5", "12.50"])
    assert not continental(["1,234", "7"])  # ambiguous: US
    assert not continental(["12,50", "12.50"])


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 4)), st.booleans())
def test_what_is_printed_is_read(value: float, comma: bool) -> None:
    text = f"{value:,.4f}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    assert number(text, comma=comma) == pytest.approx(value, abs=1e-9)


@given(st.text(max_size=50), st.booleans())
def test_no_digit_is_made_up(text: str, comma: bool) -> None:
    try:
        value = number(text, comma=comma)
    except ValueError:
        return
    if value is not None:
        kept = "".join(c for c in text if c.isdigit()).strip("0")
        assert f"{abs(value):.20g}".replace(".", "").strip("0")[:10] == kept.lstrip("0")[:10] or "e" in f"{value:.20g}"
