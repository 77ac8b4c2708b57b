"""What is said of tables that ALVH_PRESETS cannot read."""

from __future__ import annotations

from typing import Any

import pytest

from xlalvh.formulas import alvh_presets, catalogue

EXAMPLE = dict(catalogue["ALVH_PRESETS"].example)
NAME = EXAMPLE["presets"][0][0]


def _changed(name: str, row: int, column: int, value: Any) -> Any:
    """A table of the example with one other cell."""
    rows = [list(cells) for cells in EXAMPLE[name]]
    rows[row][column] = value
    return tuple(tuple(cells) for cells in rows)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"presets": EXAMPLE["presets"][:2]}, "2 rows; give front, mid and back"),
        ({"presets": _changed("presets", 0, 6, "weeks")}, "'weeks'; it must be one of: months, days"),
        ({"presets": _changed("presets", 0, 7, "taste")}, "'taste'; it must be one of: band"),
        ({"presets": _changed("presets", 1, 8, 1.5)}, f"({NAME}, mid) needs a delta from 0 to 1"),
        ({"presets": _changed("presets", 2, 12, -1.0)}, f"({NAME}, back) needs a delta"),
        ({"presets": _changed("presets", 2, 12, None)}, "contracts or share) is blank"),
        ({"expiries": EXAMPLE["expiries"][0][:5]}, "expiries has 5 columns; give 11"),
        ({"smiles": EXAMPLE["smiles"][:2]}, "smiles has 2 rows and expiries 3"),
        ({"quotes": ((1.0, 2.0),)}, "quotes has 2 columns; give 7"),
        ({"condor": (10.0, -1650.0, None, 37_100.0, 640.0)}, "condor has 4 numbers in 5 cells"),
        ({"condor": (10.0, -1650.0, 0.0, 37_100.0, 640.0)}, "credit and maximum loss must be above 0"),
        ({"band": (1.5, 0.6, 1.2)}, "the target must lie from lowest to highest"),
        ({"own_expiries": (45098.0,), "own_futures": (20.0, 21.0)}, "give equal lengths"),
    ],
)
def test_what_cannot_be_read(changes: dict[str, Any], said: str) -> None:
    assert said in alvh_presets(**{**EXAMPLE, **changes}).message


def test_no_expiry_leaves_blanks_and_a_note() -> None:
    row = alvh_presets(**{**EXAMPLE, "expiries": _changed("expiries", 1, 0, "VIXW")})[1]
    assert row[:2] == (NAME, "band")
    assert set(row[2:-1]) == {""}
    assert "no monthly VIX expiry" in row[-1]


def test_your_own_future_moves_the_forward_and_leaves_the_asks() -> None:
    own = alvh_presets(**EXAMPLE, own_expiries=(45098.0,), own_futures=(21.0,))[1]
    quoted = alvh_presets(**EXAMPLE)[1]
    assert own[4] > quoted[4] or own[2] != quoted[2]
    assert own[-1] == "2 of 5 rungs priced by the model: no ask"


def test_blank_futures_of_your_own_change_nothing() -> None:
    assert alvh_presets(**EXAMPLE, own_expiries=(45098.0, 45126.0), own_futures=(None, None)) == alvh_presets(**EXAMPLE)
