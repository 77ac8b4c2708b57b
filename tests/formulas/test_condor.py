"""Condor formulas: the shapes that volatilities take, what is refused, and books with a leg that fails."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_book, alvh_condor, alvh_condor_strikes, alvh_second_engine, alvh_smile_fit
from xlalvh.formulas.errors import CellError

LEGS = (3875.0, 3925.0, 4375.0, 4425.0)
COMMON = (4210.0, 0.12)


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


def test_one_volatility_is_the_same_as_four_equal_ones() -> None:
    assert alvh_condor(LEGS, *COMMON, 0.17, 0.05, 10, None, False)[0][0] == pytest.approx(
        alvh_condor(LEGS, *COMMON, (0.17,) * 4, 0.05, 10, None, False)[0][0], rel=1e-14
    )


def test_a_smiles_row_or_its_first_five_cells_price_the_legs() -> None:
    strikes = (3900.0, 4000.0, 4100.0, 4200.0, 4300.0, 4400.0)
    row = alvh_smile_fit(strikes, (0.2095, 0.1905, 0.1714, 0.1532, 0.1381, 0.1296), *COMMON, None, False)
    whole = alvh_condor(LEGS, *COMMON, row, 0.05)
    assert whole == alvh_condor(LEGS, *COMMON, row[0][:5], 0.05)
    assert isinstance(whole[1][0], float)


def test_legs_in_a_row_or_a_column() -> None:
    assert alvh_condor((LEGS,), *COMMON, 0.17) == alvh_condor(tuple((k,) for k in LEGS), *COMMON, 0.17)


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        (LEGS[:3], "#VALUE!"),
        ((*LEGS[:3], None), "#VALUE!"),
        ((*LEGS[:3], "x"), "#VALUE!"),
        (LEGS[::-1], "#NUM!"),
        ((3875.0, 3925.0, 3925.0, 4425.0), "#NUM!"),
        ((-10.0, 3925.0, 4375.0, 4425.0), "#NUM!"),
    ],
)
def test_legs_that_are_no_condor(legs, expected) -> None:
    for answer in (alvh_condor(legs, *COMMON, 0.17), alvh_second_engine(legs, *COMMON, 0.17)):
        assert code(answer) == expected
        assert "strikes" in answer.message


@pytest.mark.parametrize(
    ("vols", "expected"),
    [
        ((0.2, 0.2, 0.2), "#VALUE!"),
        (0.0, "#NUM!"),
        (-0.2, "#NUM!"),
        ("x", "#VALUE!"),
        (None, "#N/A"),
        ((0.2, None, 0.2, 0.2), "#N/A"),
        ((0.002, 0.02, -1.6, 0.045, 0.06), "#NUM!"),
    ],
)
def test_volatilities_that_are_none(vols, expected) -> None:
    found = alvh_condor(LEGS, *COMMON, vols)
    assert code(found) == expected
    assert "vols" in found.message


def test_premiums_with_a_gap_are_refused() -> None:
    assert code(alvh_condor(LEGS, *COMMON, 0.17, 0.05, 1, (20.0, 25.0, None, 12.0))) == "#VALUE!"


def test_a_condor_that_cannot_lose_has_no_return_on_risk_and_keeps_the_rest() -> None:
    row = alvh_condor(LEGS, *COMMON, 0.17, 0.05, 1, (0.0, 50.0, 0.0, 0.0), False)[0]
    assert row[0] == 50.0
    assert code(row[-1]) == "#NUM!"


def test_strikes_that_do_not_exist() -> None:
    assert code(alvh_condor_strikes(20.0, 0.1, 0.8, 0.16, 0.16, 50.0)) == "#NUM!"  # the long put would lie below 0
    assert code(alvh_condor_strikes(4210.0, 0.12, 0.16, 0.16, 0.999, 50.0, 0.05)) == "#NUM!"
    overlap = alvh_condor_strikes(4210.0, 0.12, 0.16, 0.6, 0.6, 50.0)
    assert code(overlap) == "#NUM!"
    assert "overlap" in overlap.message


def test_the_tested_side_by_name() -> None:
    by_put = alvh_second_engine(LEGS, *COMMON, 0.17, "put", 0.05)
    assert by_put[1][0] == "call"
    assert alvh_second_engine(LEGS, *COMMON, 0.17, "C", 0.05)[1][0] == "put"
    assert code(alvh_second_engine(LEGS, *COMMON, 0.17, "both", 0.05)) == "#VALUE!"


BOOK = {
    "underlying": ("SPX", "SPX", "VIX"),
    "quantity": (-10, 10, 4),
    "right": ("P", "P", "C"),
    "strike": (3925, 3875, 22),
    "years": (0.12, 0.12, 0.08),
    "forward": (4210, 4210, 19.5),
    "vol": (0.206, 0.215, 0.85),
    "rate": 0.05,
}
VALUE, DELTA, GAMMA, THETA = 3, 4, 5, 7


def test_a_leg_that_fails_spoils_its_own_row_and_the_sums_that_need_it() -> None:
    book = alvh_book(**{**BOOK, "strike": (3925, 3875, None)})
    legs, (spx, vix, total) = book[1:4], book[4:]
    assert all(code(item) == "#N/A" for item in legs[2])
    assert [row[0] for row in (spx, vix, total)] == ["SPX total", "VIX total", "Total"]
    assert spx[VALUE] == pytest.approx(legs[0][VALUE] + legs[1][VALUE])
    assert code(vix[DELTA]) == "#N/A"
    assert code(total[VALUE]) == "#N/A"
    assert "leg 3" in total[VALUE].message
    assert total[DELTA] == ""


def test_a_greek_that_fails_spoils_only_its_own_sums() -> None:
    """At the money at expiry gamma is unbounded; value and delta are not."""
    book = alvh_book(**{**BOOK, "years": (0.12, 0.12, 0.0), "forward": (4210, 4210, 22)})
    vix, total = book[5], book[6]
    assert (vix[VALUE], vix[DELTA]) == (0.0, pytest.approx(200.0))
    assert code(vix[GAMMA]) == "#N/A"
    assert isinstance(total[VALUE], float)
    assert code(total[THETA]) == "#N/A"


def test_names_group_whatever_their_case_and_xsp_counts_apart() -> None:
    book = alvh_book(**{**BOOK, "underlying": ("spx", " SPX ", "XSP")}, headers=False)
    assert [row[0] for row in book[3:]] == ["SPX total", "XSP total", "Total"]


def test_a_multiplier_a_leg() -> None:
    book = alvh_book(**BOOK, multiplier=(100, 100, 1000), headers=False)
    assert book[2][VALUE] == pytest.approx(10.0 * alvh_book(**BOOK, headers=False)[2][VALUE])
