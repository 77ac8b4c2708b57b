"""ALVH_EDGE: what is refused, in which words, and what blanks mean."""

from __future__ import annotations

import math

import pytest

from xlalvh.formulas import alvh_edge
from xlalvh.formulas.errors import CellError
from xlalvh.strategy import rules


def call(**changes):
    return alvh_edge(**{**alvh_edge.example, **changes})


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


def test_a_row_an_action() -> None:
    header, *rows = call()
    assert header == alvh_edge.columns
    assert [row[0] for row in rows] == ["hold", "leg out", "layer"]
    assert call(headers=False) == tuple(rows)


def test_blanks_are_what_is_left_out() -> None:
    assert call(entry=("", None, "", "")) == call()
    assert call(wing=None, law="") == call(wing="", law="real-world")
    assert call(trigger=(0.15, 2.0), costs=[r.value for r in rules.between(rules.COSTS)]) == call()
    hedge = alvh_edge.example["hedge"]
    assert call(hedge=(("contracts", "strike", "vol"), *hedge, ("", None, ""))) == call()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"vix": 4.0}, "above 5"),
        ({"years": 1.5}, "years"),
        ({"future_years": 3.0}, "future_years"),
        ({"paths": 10.0}, "paths"),
        ({"paths": 1500.5}, "paths"),
        ({"paths": 1e7}, "paths"),
        ({"seed": -1.0}, "seed"),
        ({"hedge": ((12.0, -21.0, 0.85),)}, "hedge"),
        ({"hedge": ((12.0, 21.0, 85000.0),)}, "hedge"),
        ({"strikes": (4450.0, 4500.0, 3900.0, 3950.0)}, "strikes"),
        ({"entry": (9.0, -4210.0, 0.1, 15.0)}, "entry (forward)"),
        ({"entry": (9.0, 4210.0, 0.1, 3.0)}, "above 5"),
        ({"trigger": (2.0, 2.0)}, "wing_trigger"),
        ({"trigger": (0.15, "")}, "wing_multiple"),
        ({"costs": (-1.0, *[r.value for r in rules.between(rules.COSTS)][1:])}, "cost_spx_far"),
        ({"simulation": (0.09, 0.7, 2.0)}, "sim_vix_level"),
        ({"simulation": (0.09, math.nan, 18.0)}, "sim_realised_ratio"),
    ],
)
def test_what_cannot_be_is_said(changes, word) -> None:
    found = call(**changes)
    assert code(found) == "#NUM!"
    assert word in found.message


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"hedge": ((12.0, 21.0),)}, "hedge has 2 columns"),
        ({"hedge": (("", "", ""),)}, "hedge has 0 rows"),
        ({"hedge": ((12.0, "x", 0.85),)}, "hedge (strike of row 1)"),
        ({"law": "law"}, "risk-neutral"),
        ({"wing": "both"}, "put"),
        ({"entry": (9.0, 4210.0)}, "entry has 2 cells"),
        ({"entry": (9.0, 4210.0, "", 15.0)}, "all three"),
        ({"trigger": (0.15, 2.0, 0.75)}, "3 cells"),
    ],
)
def test_wrong_shapes_and_words(changes, word) -> None:
    found = call(**changes)
    assert isinstance(found, CellError)
    assert word in found.message


def test_no_test_on_any_path_is_not_available() -> None:
    found = call(trigger=(1.0, 2.0))
    assert code(found) == "#N/A"
    assert "raise paths" in found.message


def test_an_edge_within_its_error_gives_no_share_of_it() -> None:
    """The credit at which nothing is left: EV0 falls by 1,000 dollars a point for ten condors."""
    ev0 = call(entry=(10.0, "", "", ""))[1][12]
    found = call(entry=(10.0 - ev0 / 1000.0, "", "", ""))
    for row in found[1:]:
        assert [code(cell) for cell in (*row[4:6], *row[8:10])] == ["#N/A"] * 4
        assert "two standard errors" in row[4].message
        assert all(isinstance(cell, float) for cell in (*row[1:4], *row[6:8], *row[10:]))


def test_today_as_the_tested_state() -> None:
    found = call(forward=4020.0, years=0.06, vix=25.0, entry=(9.0, 4210.0, 0.10, 15.0))
    assert all(row[-1] == 1.0 for row in found[1:])
    assert found[2][2] == pytest.approx(0.0, abs=1e-9)  # leaving now is certain
