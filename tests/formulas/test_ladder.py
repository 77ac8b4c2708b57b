"""Ladder formulas: omitted arguments, rows that have no strike, and the ladder fed back."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_ladder, alvh_ladder_response, alvh_tenor_beta, catalogue
from xlalvh.formulas.errors import CellError

EXAMPLE = dict(catalogue["ALVH_LADDER"].example)
STRIKE, PREMIUM, EXPOSURE = 2, 3, 9


def ladder(**changes):
    return alvh_ladder(**{**EXAMPLE, **changes})


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


def test_the_seeds_deltas_and_allocation_are_the_defaults() -> None:
    assert ladder(deltas=None, allocation=None) == ladder()


def test_inputs_in_rows_or_columns() -> None:
    column = {name: tuple((x,) for x in EXAMPLE[name]) for name in ("years", "futures", "vols", "allocation")}
    assert ladder(**column) == ladder()


def test_listed_strikes_for_all_layers_or_a_row_a_layer() -> None:
    listed = (18.0, 20.0, 22.0, 25.0, 30.0)
    assert {row[STRIKE] for row in ladder(step=listed)[1:]} <= set(listed)
    rows = ((19.0, 21.0, None), (23.0, 27.0, 31.0), (26.0, None, None))
    found = [row[STRIKE] for row in ladder(step=rows)[1:]]
    assert set(found[:4]) <= {19.0, 21.0}
    assert set(found[4:8]) <= {23.0, 27.0, 31.0}
    assert set(found[8:]) == {26.0}


def test_own_beta_params() -> None:
    one = ladder(beta_params=(1.0, 0.0, 0.0), headers=False)
    assert one[0][EXPOSURE] == pytest.approx(100.0 * one[0][5])


def test_a_rung_without_a_strike_fails_alone() -> None:
    found = ladder(deltas=((0.9999,), (0.4,), (0.4,)), rate=0.05, headers=False)
    assert found[0][:2] == ("front", 4.0)
    assert code(found[0][STRIKE]) == "#NUM!"
    assert code(found[0][EXPOSURE]) == "#NUM!"
    assert isinstance(found[1][PREMIUM], float)


@pytest.mark.parametrize(
    ("changes", "expected", "word"),
    [
        ({"years": (0.1, 0.2)}, "#VALUE!", "years"),
        ({"years": (0.1, 0.2, None)}, "#VALUE!", "years"),
        ({"futures": (20.0, -1.0, 22.0)}, "#NUM!", "futures"),
        ({"vols": (0.8, 0.7)}, "#VALUE!", "vols"),
        ({"vols": (0.8, None, 0.6)}, "#N/A", "vols (mid)"),
        ({"deltas": ((0.5,), (0.4,))}, "#VALUE!", "deltas"),
        ({"deltas": ((0.5,), (1.4,), (0.3,))}, "#NUM!", "deltas (mid)"),
        ({"deltas": ((0.5,), (None,), (0.3,))}, "#VALUE!", "mid"),
        ({"units": 0.0}, "#NUM!", "units"),
        ({"units": None}, "#N/A", "units"),
        ({"beta_params": (1.0, 2.0)}, "#VALUE!", "beta_params"),
        ({"allocation": (4.0, -1.0, 2.0)}, "#NUM!", "allocation"),
    ],
)
def test_what_is_refused(changes, expected, word) -> None:
    found = ladder(**changes)
    assert code(found) == expected
    assert word in found.message


def test_the_response_takes_what_the_ladder_gave_with_or_without_header() -> None:
    with_header = alvh_ladder_response(ladder(), 17.0, (15.0, 25.0), 5.0, 0.05)
    assert with_header == alvh_ladder_response(ladder(headers=False), 17.0, (15.0, 25.0), 5.0, 0.05)
    assert with_header[0] == ("vix", "front", "mid", "back", "total")
    up = with_header[2]
    assert up[4] == pytest.approx(sum(up[1:4]))
    assert up[4] > 0.0


def test_a_level_that_takes_a_future_below_0_fails_alone() -> None:
    rows = alvh_ladder_response(ladder(), 60.0, (50.0, 1.0), headers=False)
    assert isinstance(rows[0][4], float)
    assert rows[1][0] == 1.0
    assert code(rows[1][4]) == "#NUM!"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((), "#VALUE!"),
        (("front", 1.0), "#VALUE!"),
        (ladder()[:1], "#VALUE!"),
        ((("top", *ladder()[1][1:]),), "#VALUE!"),
        (((*ladder()[1][:-1], None),), "#N/A"),
    ],
)
def test_what_is_no_ladder(rows, expected) -> None:
    assert code(alvh_ladder_response(rows, 17.0, (20.0,))) == expected


def test_levels_must_be_numbers_above_0() -> None:
    assert code(alvh_ladder_response(ladder(), 17.0, (20.0, None))) == "#NUM!"


def test_tenor_beta_by_element() -> None:
    found = alvh_tenor_beta((0.0, None, -1.0), (0.2, 0.4, 2.0))
    assert found[0] == pytest.approx(0.6)
    assert [code(item) for item in found[1:]] == ["#N/A", "#NUM!"]


def test_a_layer_may_have_no_contracts() -> None:
    """A condor too small for a preset's share of its maximum loss buys none there."""
    found = ladder(allocation=(4.0, 0.0, 2.0), headers=False)
    assert [row[1] for row in found if row[0] == "mid"] == [0.0] * 4
    assert all(row[EXPOSURE] == 0.0 for row in found if row[0] == "mid")
