"""What cells send, how arguments pair, and how results go back."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pytest

from xlalvh.formulas import alvh_greeks, alvh_price, cells
from xlalvh.formulas.errors import CellError

K = (3900.0, 4000.0, 4100.0)
OPTION = ("P", 4200.0, 4000.0, 0.12, 0.19, 0.05)


def price(**changes):
    given = dict(zip(("right", "forward", "strike", "years", "vol", "rate"), OPTION, strict=True))
    return alvh_price(**{**given, **changes})


ONE = {k: price(strike=k) for k in (*K, 4200.0)}


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


# Shapes


def test_a_scalar_gives_a_scalar() -> None:
    assert isinstance(price(), float)
    assert price(strike=[[4000.0]]) == ((ONE[4000.0],),)  # one cell as a host's range keeps its shape
    assert price(strike=(4000.0,)) == (ONE[4000.0],)


def test_rows_columns_and_lists_keep_their_shape() -> None:
    values = tuple(ONE[k] for k in K)
    assert price(strike=K) == values
    assert price(strike=(K,)) == (values,)  # a row
    assert price(strike=tuple((k,) for k in K)) == tuple((v,) for v in values)  # a column
    block = ((3900.0, 4000.0), (4100.0, 4200.0))
    assert price(strike=block) == tuple(tuple(ONE[k] for k in row) for row in block)


def test_equal_length_vectors_pair_whatever_their_orientation() -> None:
    """Three strikes and three volatilities give three prices, never nine, in the shape of the first."""
    vols = (0.21, 0.19, 0.17)
    expected = tuple(price(strike=k, vol=v) for k, v in zip(K, vols, strict=True))
    row, column = (K,), tuple((v,) for v in vols)
    assert price(strike=row, vol=column) == (expected,)
    assert price(strike=tuple((k,) for k in K), vol=(vols,)) == tuple((v,) for v in expected)
    assert price(strike=K, vol=column) == expected
    assert price(strike=row, vol=vols) == (expected,)


def test_a_row_and_a_column_of_different_lengths_make_a_grid() -> None:
    years = ((0.05,), (0.12,))
    found = price(strike=(K,), years=years)
    assert found == tuple(tuple(price(strike=k, years=t) for k in K) for (t,) in years)
    assert price(strike=tuple((k,) for k in K), years=((0.05, 0.12),)) == tuple(
        tuple(price(strike=k, years=t) for t in (0.05, 0.12)) for k in K
    )


def test_a_grid_goes_with_a_row_or_column_that_fits_it() -> None:
    block = ((3900.0, 4000.0, 4100.0), (3900.0, 4000.0, 4100.0))
    found = price(strike=block, vol=((0.2,), (0.3,)))
    assert found == tuple(tuple(price(strike=k, vol=v) for k in K) for v in (0.2, 0.3))


def test_a_table_never_makes_a_grid() -> None:
    found = alvh_greeks("P", 4200.0, (K,), ((0.05,), (0.12,)), 0.19)
    assert code(found) == "#VALUE!"
    assert "strike" in found.message
    assert "years" in found.message


@pytest.mark.parametrize("other", [(0.2, 0.3), ((0.2, 0.3),), ((0.2, 0.3), (0.2, 0.3))])
def test_shapes_that_do_not_fit_name_both_arguments(other) -> None:
    found = price(strike=K, vol=other)
    assert code(found) == "#VALUE!"
    assert "strike has 3 cells" in found.message
    assert "vol" in found.message


def test_one_cell_goes_with_everything() -> None:
    assert price(strike=(K,), vol=((0.19,),), right=(("P",),)) == (tuple(ONE[k] for k in K),)


def test_arrays_in_arrays_out() -> None:
    found = price(strike=np.array(K))
    assert isinstance(found, np.ndarray)
    assert found.dtype == float
    assert found.tolist() == [ONE[k] for k in K]
    block = price(strike=np.array([[3900.0, 4000.0], [4100.0, 4200.0]]))
    assert block.shape == (2, 2)
    spoilt = price(strike=np.array([3900.0, -1.0]))
    assert spoilt.dtype == object
    assert code(spoilt[1]) == "#NUM!"


@pytest.mark.parametrize("bad", [(), [[]], ((1.0, 2.0), (3.0,)), np.ones((2, 2, 2)), np.array([])])
def test_empty_ragged_and_three_dimensional_arguments(bad) -> None:
    assert code(price(strike=bad)) == "#VALUE!"


# Single cells


@pytest.mark.parametrize(
    ("cell", "expected", "word"),
    [
        (None, "#N/A", "blank"),
        ("", "#N/A", "blank"),
        ("   ", "#N/A", "blank"),
        ("4000", "#VALUE!", "not a number"),
        ("abc", "#VALUE!", "'abc'"),
        (True, "#VALUE!", "True"),
        (math.nan, "#NUM!", "finite"),
        (math.inf, "#NUM!", "finite"),
        (-1.0, "#NUM!", "-1"),
        (0.0, "#NUM!", "0"),
        ("#N/A", "#N/A", "error"),
        ("#DIV/0!", "#VALUE!", "#DIV/0!"),
        ("#REF!", "#VALUE!", "#REF!"),
        (CellError("#N/A", "no quote"), "#N/A", "no quote"),
        ([1.0], "#VALUE!", "not a number"),
        (10**400, "#NUM!", "finite"),
        (Decimal("sNaN"), "#NUM!", "finite"),
        (1j, "#VALUE!", "not a number"),
    ],
)
def test_one_bad_element_spoils_only_its_own_result(cell, expected, word) -> None:
    """And the message names the argument and what was received."""
    found = price(strike=[3900.0, cell, 4100.0] if not isinstance(cell, list) else [[3900.0], [cell], [4100.0]])
    flat = [item[0] if isinstance(item, tuple) else item for item in found]
    assert (flat[0], flat[2]) == (ONE[3900.0], ONE[4100.0])
    assert code(flat[1]) == expected
    assert "strike" in flat[1].message
    assert word in flat[1].message


def test_two_bad_arguments_report_the_first() -> None:
    found = price(forward=[4200.0, "x", "y"], strike=[None, None, 4000.0])
    assert [code(item) for item in found] == ["#N/A", "#VALUE!", "#VALUE!"]


def test_a_table_keeps_its_width_where_a_row_fails() -> None:
    table = alvh_greeks("P", 4200.0, (4000.0, None), 0.12, 0.19)
    assert [len(row) for row in table] == [9, 9, 9]
    assert all(code(item) == "#N/A" for item in table[2])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (4000, 4000.0),
        (Decimal("4000.5"), 4000.5),
        (np.float64(2.5), 2.5),
        (np.int32(7), 7.0),
        (np.float32(0.5), 0.5),
        (dt.date(2023, 5, 19), 45065.0),
        (dt.datetime(2023, 5, 19, 12), 45065.5),
    ],
)
def test_what_counts_as_a_number(cell, value) -> None:
    assert cells.number(cell, "x") == value
    assert cells.missing_or_number(cell) == value


@pytest.mark.parametrize("word", ["C", "c", "call", "CALL", " Call "])
def test_calls(word) -> None:
    assert cells.right_sign(word, "right") == 1.0


@pytest.mark.parametrize("word", ["P", "p", "put", "Put"])
def test_puts(word) -> None:
    assert cells.right_sign(word, "right") == -1.0


def test_no_other_right() -> None:
    assert [code(price(right=r)) for r in ("X", "", None, 1.0)] == ["#VALUE!", "#N/A", "#N/A", "#VALUE!"]


@pytest.mark.parametrize(
    ("cell", "value"), [(True, True), (False, False), (1, True), (0, False), (1.0, True), (np.bool_(False), False)]
)
def test_truth_values(cell, value) -> None:
    assert cells.flag(cell, "headers") is value


def test_headers_can_be_left_out() -> None:
    with_headers, without = alvh_greeks(*OPTION), alvh_greeks(*OPTION, False)
    assert with_headers[0][:2] == ("price", "delta")
    assert with_headers[1:] == without
    assert alvh_greeks(*OPTION, 0) == without
    assert alvh_greeks(*OPTION, None) == with_headers
    assert code(alvh_greeks(*OPTION, "no")) == "#VALUE!"


def test_what_is_no_number_in_a_vector_is_missing() -> None:
    found = cells.vector(
        [1, "x", None, "", True, CellError("#N/A", "none"), Decimal("2.5"), math.inf, "#REF!"], "quotes"
    )
    assert np.isnan(found).tolist() == [False, True, True, True, True, True, False, True, True]


def test_a_matrix_takes_a_row_as_one_row_and_wants_its_columns() -> None:
    assert cells.matrix([1, 2, 3], "chain", 3).tolist() == [[1.0, 2.0, 3.0]]
    assert cells.matrix([[1, 2, None], [4, 5, 6]], "chain", 3)[1].tolist() == [4.0, 5.0, 6.0]
    with pytest.raises(CellError, match="chain has 2 columns"):
        cells.matrix([[1, 2]], "chain", 3)


# Dates


@pytest.mark.parametrize(
    ("date", "serial"),
    [
        (dt.date(1900, 3, 1), 61.0),
        (dt.date(2000, 1, 1), 36526.0),
        (dt.date(2023, 5, 19), 45065.0),
        (dt.date(9999, 12, 31), 2958465.0),
    ],
)
def test_serials_of_excel(date, serial) -> None:
    assert cells.serial(date) == serial
    assert cells.moment(serial, "expiry").date() == date
    assert cells.moment(date, "expiry") == dt.datetime.combine(date, dt.time())


def test_a_serial_with_a_time() -> None:
    """16:15 is 0.677083333... of a day."""
    assert cells.moment(45065 + 16.25 / 24, "now") == dt.datetime(2023, 5, 19, 16, 15)
    assert cells.serial(dt.datetime(2023, 5, 19, 16, 15)) == pytest.approx(45065.677083333, abs=1e-9)


@pytest.mark.parametrize("cell", [60.0, 0.0, -1.0, 2_958_466.0, 1e300, dt.date(1899, 12, 31), dt.datetime(1850, 1, 1)])
def test_dates_that_excel_does_not_have(cell) -> None:
    with pytest.raises(CellError, match="1900-03-01") as caught:
        cells.moment(cell, "expiry")
    assert caught.value.code == "#NUM!"


def test_the_last_second_of_the_last_day() -> None:
    assert cells.moment(2_958_465.999_999_999, "expiry") == dt.datetime(9999, 12, 31, 23, 59, 59)


def test_the_1904_system_is_1462_days_behind() -> None:
    assert cells.shift_1904(43603.0, into_1900=True) == 45065.0
    assert cells.shift_1904(((45065.0, "x"), (None, True)), into_1900=False) == ((43603.0, "x"), (None, True))


# Back to cells


def test_plain_has_no_numpy_no_nan_no_dates() -> None:
    given = (
        np.float64(1.5),
        np.int64(2),
        np.bool_(True),
        math.nan,
        dt.date(2023, 5, 19),
        "x",
        None,
        np.array([[1.0, np.inf]]),
    )
    found = cells.plain(given)
    assert found[:3] == (1.5, 2.0, True)
    assert [type(item) for item in found[:3]] == [float, float, bool]
    assert code(found[3]) == "#NUM!"
    assert found[4:7] == (45065.0, "x", None)
    assert found[7][0][0] == 1.0
    assert code(found[7][0][1]) == "#NUM!"


@pytest.mark.parametrize(
    "rows",
    [
        ((1.0, "x"), (2.0, math.nan)),
        ((1.0,), (2.0, math.inf)),
        (("head", "er"), (3, 4.0)),
        (("a", None), (True, CellError("#N/A", "none"))),
        [[1.0, 2.0], [math.nan, dt.date(2023, 5, 19)]],
        ((), ()),
        (),
        (np.float64(1.0), (np.float64(2.0), math.nan)),
    ],
)
def test_rows_are_made_plain_cell_by_cell(rows) -> None:
    found = cells.plain(rows)
    expected = tuple(
        tuple(cells.plain(cell) for cell in row) if isinstance(row, (list, tuple)) else cells.plain(row) for row in rows
    )
    assert found == expected
    assert [type(c) for r in found if isinstance(r, tuple) for c in r] == [
        type(c) for r in expected if isinstance(r, tuple) for c in r
    ]
