"""Ranges give what their cells give one at a time, whatever stands in them, and arrays come back as arrays."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal

import numpy as np
import pytest

from xlalvh.formulas import alvh_book, alvh_greeks, alvh_iv, alvh_price, alvh_years, catalogue
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.registry import Kind

COUNT = 120
ODD = [
    None, "", "  ", "x", "4000", True, False, 0, -1.0, math.nan, math.inf, 10**400, 4000, Decimal("4000.5"),
    Decimal("NaN"), np.float64(4000.0), np.int64(4100), np.bool_(True), dt.date(2023, 5, 19), "#N/A", "#REF!",
    CellError("#N/A", "no quote"), 1j, b"x", "C", " put ", "SPXW", 45107.0, 45107, {},
]  # fmt: skip
RANGES = {
    "right": ["C", "P", "call", "put"],
    "underlying": ["SPX", "VIX"],
    "root": ["SPXW", "VIX"],
    "expiry": [45107.0, 45138.0],
    "now": [45065.5, 45066],
}


def mixed(name: str, usual, seed: int) -> list:
    """Good cells with some odd ones between, of all types or of those whose cells are alike."""
    draw = random.Random(seed)
    odd = ODD if seed % 2 else [None, "", "x", -1.0, math.nan, CellError("#N/A", "no quote")]
    good = RANGES.get(name, [usual, usual])
    return [draw.choice(odd) if draw.random() < 0.2 else draw.choice(good) for _ in range(COUNT)]


def same(found, expected) -> bool:
    if isinstance(expected, float) and not isinstance(expected, bool):
        return type(found) is float and math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-300)
    return type(found) is type(expected) and found == expected


PAIRED = [f for f in catalogue.values() if f.paired and not f.columns]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("entry", PAIRED, ids=lambda f: f.name)
def test_a_range_gives_what_its_cells_give_one_at_a_time(entry, seed) -> None:
    columns = {
        a.name: mixed(a.name, entry.example.get(a.name, a.default), 10 * seed + i)
        for i, a in enumerate(entry.arguments)
        if a.kind in (Kind.NUMBER, Kind.RIGHT, Kind.DATE, Kind.LABEL)
        if not (a.optional or (i % 2 and seed == 1))  # a blank cell alone is an argument left out
    }
    fixed = {k: v for k, v in entry.example.items() if k not in columns}
    found = entry(**fixed, **columns)
    expected = [entry(**fixed, **{k: v[i] for k, v in columns.items()}) for i in range(COUNT)]
    assert [(i, f, e) for i, (f, e) in enumerate(zip(found, expected, strict=True)) if not same(f, e)] == []
    rows = tuple(zip(*[iter(found)] * 10, strict=True))
    block = entry(**fixed, **{k: [v[i : i + 10] for i in range(0, COUNT, 10)] for k, v in columns.items()})
    assert all(same(x, y) for got, row in zip(block, rows, strict=True) for x, y in zip(got, row, strict=True))


def test_the_fault_of_a_row_spoils_its_row_of_a_grid() -> None:
    found = alvh_price("P", 4200.0, ((3900.0, 4000.0),), ((0.12,), (None,), (0.2,)), 0.19)
    assert [[isinstance(x, CellError) for x in row] for row in found] == [[False] * 2, [True] * 2, [False] * 2]
    assert found[1][0].code == "#N/A"
    assert "years" in found[1][1].message
    column_first = alvh_price("P", 4200.0, ((3900.0,), (-1.0,)), ((0.12, 0.2, 0.3),), 0.19)
    assert [[isinstance(x, CellError) for x in row] for row in column_first] == [[False] * 3, [True] * 3]


def test_a_bad_single_cell_spoils_all() -> None:
    found = alvh_price("P", -4200.0, [3900.0, None], 0.12, 0.19)
    assert [(x.code, "forward" in x.message) for x in found] == [("#NUM!", True)] * 2


STRIKES = np.linspace(3800.0, 4600.0, 40)


def test_arrays_are_answered_in_kind() -> None:
    prices = alvh_price("P", 4200.0, STRIKES, 0.12, 0.19)
    assert (prices.shape, prices.dtype) == ((40,), np.dtype(float))
    block = alvh_price("P", 4200.0, STRIKES.reshape(8, 5), 0.12, 0.19)
    assert block.tolist() == prices.reshape(8, 5).tolist()
    table = alvh_greeks("P", 4200.0, STRIKES, 0.12, 0.19, headers=False)
    assert (table.shape, table.dtype) == ((40, 9), np.dtype(float))
    assert alvh_greeks("P", 4200.0, STRIKES, 0.12, 0.19)[1:] == tuple(map(tuple, table.tolist()))
    spoilt = alvh_greeks("P", 4200.0, np.array([4000.0, np.nan]), 0.12, 0.19, headers=False)
    assert spoilt.shape == (2, 9)
    assert all(x.code == "#NUM!" for x in spoilt[1])


@pytest.mark.parametrize("kind", [float, np.float32, int, np.uint8, object])
def test_arrays_of_any_number_type(kind) -> None:
    given = np.array([90.0, 100.0, 110.0]).astype(kind)
    assert alvh_price("C", 100.0, given, 0.5, 0.2).tolist() == list(
        alvh_price("C", 100.0, (90.0, 100.0, 110.0), 0.5, 0.2)
    )


def test_arrays_of_text_and_of_truth_values() -> None:
    found = alvh_price(np.array(["C", "put", "x"]), 100.0, 90.0, 0.5, 0.2)
    assert found[:2].tolist() == [alvh_price("C", 100.0, 90.0, 0.5, 0.2), alvh_price("P", 100.0, 90.0, 0.5, 0.2)]
    assert found[2].code == "#VALUE!"
    assert [x.code for x in alvh_price("C", 100.0, np.array([True, False]), 0.5, 0.2)] == ["#VALUE!"] * 2


def test_what_was_given_is_not_written_to() -> None:
    strikes, prices = STRIKES.copy(), alvh_price("P", 4200.0, STRIKES, 0.12, 0.19)
    strikes[3], kept = np.nan, prices.copy()
    alvh_greeks("P", 4200.0, strikes, 0.12, 0.19)
    alvh_iv("P", prices, 4200.0, STRIKES, 0.12)
    assert np.array_equal(prices, kept)
    assert np.isnan(strikes).nonzero()[0].tolist() == [3]


def test_errors_keep_no_frame_and_so_no_range_alive() -> None:
    found = alvh_price("P", 4200.0, [4000.0, "x"], 0.12, 0.19)
    assert found[1].__traceback__ is None


def test_a_function_without_broadcasting_gets_its_arrays_whole() -> None:
    years = alvh_years([45107.0, None, 45138.0], "SPXW", 45065.5)
    assert years[0] == alvh_years(45107.0, "SPXW", 45065.5)
    assert years[1].code == "#N/A"
    book = alvh_book(("SPX", None), (1.0, 2.0), "C", 4000.0, 0.1, 4200.0, 0.2, headers=False)
    assert book[0][0] == "SPX"
    assert book[1][3].code == "#N/A"
