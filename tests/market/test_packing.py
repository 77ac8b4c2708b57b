"""What goes in comes out, bit for bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market.packing import pack, unpack

cents = st.one_of(st.integers(0, 10_000_000).map(lambda n: n / 100.0), st.just(float("nan")))


@given(st.lists(cents))
def test_prices(prices: list[float]) -> None:
    column = np.array(prices, dtype=float)
    np.testing.assert_array_equal(unpack(pack({"a": column}))["a"], column)


@given(st.lists(st.floats()))
def test_any_number(numbers: list[float]) -> None:
    column = np.array(numbers, dtype=float)
    np.testing.assert_array_equal(unpack(pack({"a": column, "b": column[:1]}))["a"], column)


def test_text_dates_and_flags() -> None:
    columns = {
        "root": np.array(["SPX", "SPXW"]),
        "day": np.array(["2026-01-16", "2026-02-20"], dtype="datetime64[D]"),
        "flags": np.array([0, 17], dtype=np.int32),
    }
    found = unpack(pack(columns))
    assert list(found) == list(columns)
    for name, column in columns.items():
        assert found[name].dtype == column.dtype
        assert found[name].tolist() == column.tolist()


def test_equal_columns_give_equal_bytes_and_decimals_few() -> None:
    column = np.round(np.linspace(0.05, 900.0, 5000) / 0.05) * 0.05
    column = np.round(column, 2)
    assert pack({"a": column}) == pack({"a": column.copy()})
    assert len(pack({"a": column})) < column.nbytes / 4
