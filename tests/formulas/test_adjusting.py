"""Adjusting formulas: what is refused, and in which words."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_cash_press, alvh_roll, alvh_spread_hedge, alvh_wing_status, catalogue
from xlalvh.formulas.errors import CellError


def call(formula, **changes):
    return formula(**{**formula.example, **changes})


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


def test_wing_status_of_one_cell_a_row_and_a_bad_cell() -> None:
    assert alvh_wing_status(0.33) == "tested"  # entry at 0.16 if omitted
    assert alvh_wing_status(0.16) == "safe"
    row = alvh_wing_status((0.33, None, "x"), 0.16)
    assert row[0] == "tested"
    assert [code(cell) for cell in row[1:]] == ["#N/A", "#VALUE!"]
    assert code(alvh_wing_status(16.0)) == "#NUM!"  # per cent
    assert "watch" in alvh_wing_status(0.33, 0.16, 0.15, 2.0, 1.5).message


@pytest.mark.parametrize(
    ("formula", "changes", "word"),
    [
        ("ALVH_SPREAD_HEDGE", {"short_delta": 0.5}, "short_delta"),
        ("ALVH_SPREAD_HEDGE", {"future_beta": 0.0}, "future_beta"),
        ("ALVH_SPREAD_HEDGE", {"ratio": 9.0}, "ratio"),
        ("ALVH_SPREAD_HEDGE", {"vol": -0.8}, "vol"),
        ("ALVH_ROLL", {"new_years": 0.05}, "new_years"),
        ("ALVH_ROLL", {"new_strikes": (4450.0, 4400.0, 3875.0, 3825.0)}, "new_strikes"),
        ("ALVH_ROLL", {"new_vols": 0.0}, "new_vols"),
        ("ALVH_CASH_PRESS", {"now": 45000.0}, "last_rebalance"),
        ("ALVH_CASH_PRESS", {"period": -1.0}, "period"),
    ],
)
def test_what_cannot_be_is_said(formula, changes, word) -> None:
    found = call(catalogue[formula], **changes)
    assert code(found) == "#NUM!"
    assert word in found.message


def test_what_is_missing_is_said() -> None:
    assert code(call(alvh_cash_press, history=(None, "x"))) == "#N/A"
    assert code(call(alvh_roll, new_strikes=(3825.0, 3875.0, 4400.0))) == "#VALUE!"


def test_a_spread_that_never_loses_at_expiry_leaves_the_cell_blank() -> None:
    assert call(alvh_spread_hedge, ratio=1.0)[1][-1] == ""
