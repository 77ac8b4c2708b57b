"""Risk formulas: the book's table as cells give it, smiles as the Market sheet has them, and what is refused."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_breakevens, alvh_margin, alvh_pnl_grid, alvh_smile_fit, alvh_stress
from xlalvh.formulas.books import COLUMNS, EXAMPLE, read_book
from xlalvh.formulas.errors import CellError

GRID = ((-0.05, 0.0), (0.0, 5.0))
BLANK = (None,) * 8


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


def test_header_blank_rows_roots_and_right_in_any_case() -> None:
    names = {"SPX": "spxw", "VIX": " VIXW "}
    rows = [(names[r[0]], r[1], "call" if r[2] == "C" else "put", *r[3:]) for r in EXAMPLE]
    typed = (COLUMNS, *rows[:2], BLANK, ("",) * 8, *rows[2:], BLANK)
    assert alvh_pnl_grid(typed, *GRID, 7, 17) == alvh_pnl_grid(EXAMPLE, *GRID, 7, 17)
    assert read_book(typed).underlying.tolist() == ["SPX"] * 4 + ["VIX"] * 3


def test_a_blank_rate_is_0() -> None:
    without = tuple((*row[:7], None) for row in EXAMPLE)
    assert alvh_margin(without) == alvh_margin(tuple((*row[:7], 0.0) for row in EXAMPLE))


@pytest.mark.parametrize(
    ("column", "cell", "expected", "word"),
    [
        (0, "SPY", "#VALUE!", "SPY"),
        (0, None, "#N/A", "underlying of leg 2"),
        (1, "ten", "#VALUE!", "quantity of leg 2"),
        (2, "X", "#VALUE!", "right of leg 2"),
        (3, -3925.0, "#NUM!", "leg 2: strike"),
        (4, None, "#N/A", "years of leg 2"),
        (5, 0.0, "#NUM!", "leg 2: forward"),
        (6, 0.0, "#NUM!", "vol of leg 2"),
        (6, CellError("#N/A", "no quote"), "#N/A", "vol of leg 2"),
        (7, 5.0, "#NUM!", "leg 2: rate"),
    ],
)
def test_a_cell_that_does_not_serve_is_named(column, cell, expected, word) -> None:
    book = [list(row) for row in EXAMPLE]
    book[1][column] = cell
    for found in (
        alvh_pnl_grid(book, *GRID, 0, 17),
        alvh_breakevens(book, None, 17),
        alvh_stress(book, None, 17),
        alvh_margin(book),
    ):
        assert code(found) == expected
        assert word in found.message


def test_a_book_of_another_width_or_without_legs() -> None:
    assert code(alvh_margin(tuple(row[:7] for row in EXAMPLE))) == "#VALUE!"
    assert code(alvh_margin((COLUMNS, BLANK))) == "#VALUE!"


def test_the_level_of_vix_comes_from_the_cell_or_from_the_smiles() -> None:
    found = alvh_pnl_grid(EXAMPLE, *GRID)
    assert code(found) == "#N/A"
    assert "vix" in found.message
    assert code(alvh_breakevens(EXAMPLE)) == "#N/A"


def smiles() -> tuple[tuple[float, ...], tuple]:
    """Two fitted expiries as Market has them, an expired one and blank rows below."""
    strikes = (3900.0, 4000.0, 4100.0, 4200.0, 4300.0, 4400.0)
    vols = (0.2095, 0.1905, 0.1714, 0.1532, 0.1381, 0.1296)
    rows = [alvh_smile_fit(strikes, vols, 4210.0, years, None, False)[0] for years in (0.06, 0.12)]
    blank, zeros = (None,) * len(rows[0]), (0.0,) * len(rows[0])
    return (0.0, 0.06, 0.09, 0.12, None), (blank, rows[0], zeros, rows[1], blank)


def test_smiles_of_the_market_sheet() -> None:
    years, rows = smiles()
    with_smiles = alvh_pnl_grid(EXAMPLE, *GRID, 7, None, years, rows)
    own = alvh_pnl_grid(EXAMPLE, *GRID, 7, 17)
    for a, b in zip(with_smiles[0], own[0], strict=True):
        assert a != b
        assert a == pytest.approx(b, abs=6_000.0)  # of two million dollars of wings: the same book, near the same VIX
    assert alvh_stress(EXAMPLE, "2018-02-05", None, years, rows)[1][0] == "2018-02-05"
    assert alvh_breakevens(EXAMPLE, None, None, years, rows)[1][0] == "today"


def test_smiles_that_do_not_serve() -> None:
    years, rows = smiles()
    assert code(alvh_pnl_grid(EXAMPLE, *GRID, 0, 17, years)) == "#VALUE!"
    assert code(alvh_pnl_grid(EXAMPLE, *GRID, 0, 17, years[:3], rows)) == "#VALUE!"
    assert code(alvh_pnl_grid(EXAMPLE, *GRID, 0, 17, (0.0, None), (rows[0], rows[0]))) == "#N/A"
    only = alvh_pnl_grid(EXAMPLE, *GRID, 0, 17, (0.06,), (rows[1],))
    assert code(only) == "#N/A"
    assert "30 days" in only.message
    other = tuple((*row[:4], 0.3, *row[5:]) if row[0] == "SPX" else row for row in EXAMPLE)
    missing = alvh_pnl_grid(other, *GRID, 0, 17, years, rows)
    assert code(missing) == "#N/A"
    assert "109.5 days" in missing.message


def test_shocks_that_do_not_serve() -> None:
    assert code(alvh_pnl_grid(EXAMPLE, (-0.05, None), (0.0,), 0, 17)) == "#VALUE!"
    assert code(alvh_pnl_grid(EXAMPLE, (-5.0,), (0.0,), 0, 17)) == "#NUM!"  # per cent
    grid = alvh_pnl_grid(EXAMPLE, (0.0,), (-20.0, 0.0), 0, 17)
    assert code(grid[0][0]) == "#NUM!"
    assert grid[0][1] == 0.0


def test_one_scenario_or_all() -> None:
    every = alvh_stress(EXAMPLE, None, 17)
    assert len(every) == 10
    assert alvh_stress(EXAMPLE, "All", 17) == every
    assert alvh_stress(EXAMPLE, "2024-08-05", 17, headers=False)[0] in every
    assert code(alvh_stress(EXAMPLE, "1987-10-19", 17)) == "#VALUE!"


def test_a_book_of_vix_alone() -> None:
    hedge = EXAMPLE[4:]
    assert alvh_pnl_grid(hedge, (0.0,), (0.0, 5.0))[0][1] > 0.0  # futures need only the change
    found = alvh_breakevens(hedge, None, 17)
    assert code(found) == "#N/A"
    assert "no SPX" in found.message


@pytest.mark.parametrize(
    "bad", [(0.4, 0.146, 0.582, 5.75), (0.4, None, 0.582, 5.75, 0.8), (9.0, 0.146, 0.582, 5.75, 99.0)]
)
def test_rules_that_do_not_serve(bad) -> None:
    found = alvh_pnl_grid(EXAMPLE, *GRID, 0, 17, None, None, bad)
    assert code(found) == "#NUM!"
    assert "rules" in found.message


def test_a_path_is_the_grids_diagonal() -> None:
    spx, vix = (-0.1, -0.05, 0.02), (12.0, 5.0, -1.0)
    grid = alvh_pnl_grid(EXAMPLE, spx, vix, 7, 17)
    found = alvh_pnl_grid(EXAMPLE, spx, vix, 7, 17, path=True)
    assert [row[0] for row in found] == pytest.approx([grid[i][i] for i in range(3)], abs=1e-6)
    assert code(alvh_pnl_grid(EXAMPLE, spx, vix[:2], 7, 17, path=True)) == "#VALUE!"


def test_rows_fill_up_and_never_cut() -> None:
    whole = alvh_margin(EXAMPLE, headers=False)
    assert alvh_margin(EXAMPLE, headers=False, rows=8) == (*whole, *((("",) * 5,) * (8 - len(whole))))
    short = alvh_breakevens(EXAMPLE, None, 17, rows=1)
    assert code(short) == "#NUM!"
    assert "rows" in short.message
