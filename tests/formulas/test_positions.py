"""A mixed book through the formulas as the sheet calls them: condors, ladders, XSP, weeklies, what is not priced."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest

from tests.formulas.plain import black
from tests.market.positions import layouts
from xlalvh.formulas import (
    CellError,
    alvh_breakevens,
    alvh_by_group,
    alvh_margin,
    alvh_mark,
    alvh_net,
    alvh_pnl_grid,
    alvh_positions,
    alvh_stack,
    alvh_stress,
    alvh_ticket,
)
from xlalvh.formulas.marking import Marked
from xlalvh.hosts.block import block
from xlalvh.market.positions.files import read_positions
from xlalvh.market.positions.ledger import Ledger
from xlalvh.market.providers.text import Document

FEBRUARY, MARCH = 46080.0, 46094.0
COLUMNS = Marked._fields
BOOK = slice(COLUMNS.index("underlying"), COLUMNS.index("rate") + 1)
BLOCK = slice(COLUMNS.index("group"), None)
LEGS = (
    *(("one", "SPXW", FEBRUARY, r, k, q, p) for r, k, q, p in (("P", 6450, 10, 28), ("P", 6500, -10, 32))),
    *(("one", "SPXW", FEBRUARY, r, k, q, p) for r, k, q, p in (("C", 7190, -10, 27), ("C", 7240, 10, 19))),
    *(("two", "SPXW", MARCH, r, k, q, p) for r, k, q, p in (("P", 6350, 6, 34), ("P", 6400, -6, 38))),
    *(("two", "SPXW", MARCH, r, k, q, p) for r, k, q, p in (("C", 7260, -6, 27), ("C", 7310, 6, None))),
    *(("hedge", "VIX", e, "C", k, q, p) for e, k, q, p in ((46071.0, 18, 8, 1.5), (46099.0, 20, 8, 1.6))),
    *(("late", "VIX", e, "C", k, q, p) for e, k, q, p in ((46099.0, 23, 4, 1.2), (46127.0, 27, 2, 1.1))),
    ("week", "VIXW", 46050.0, "C", 19.0, 5.0, 0.6),
    ("mini", "XSP", FEBRUARY, "P", 640.0, -20.0, 2.4),
    ("morning", "SPX", 46073.0, "P", 6600.0, 3.0, 40.0),
)
BAD = (
    ("", "", "", "", "", "", ""),
    ("gone", "SPXW", 46000.0, "P", 6500.0, 1.0, 5.0),
    ("far", "SPXW", 47000.0, "P", 6500.0, 1.0, 5.0),
    ("half", "SPXW", FEBRUARY, "P", "", 1.0, 5.0),
    ("other", "SPY", FEBRUARY, "P", 650.0, 1.0, 5.0),
    ("none", "SPXW", FEBRUARY, "P", 6500.0, 0.0, 5.0),
    ("error", "SPXW", FEBRUARY, "P", CellError("#N/A", "gone"), 1.0, 5.0),
)


@pytest.fixture(scope="module")
def market(sample_tables):
    areas = block(sample_tables)
    names = ("spx_table", "spx_smile", "market_spx_time", "vix_table", "vix_smile", "market_vix_time")
    single = {"market_spx_time", "market_vix_time"}
    found = [areas[name][0][0] if name in single else areas[name] for name in names]
    return [*found, areas["spxq_table"], areas["vixq_table"]]


@pytest.fixture(scope="module")
def marked(market):
    rows = alvh_mark(LEGS, *market, headers=False)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def book(market):
    return [row[BOOK] for row in alvh_mark(LEGS, *market, headers=False)]


def test_every_leg_is_priced_on_its_own_expiry(marked) -> None:
    assert {row["status"] for row in marked} == {"smile of its expiry"}
    assert [row["price_from"] for row in marked] == [*["mid quote"] * 12, "model", "model", "model"]


def test_value_and_profit_against_plain_black(marked) -> None:
    for leg, row in zip(LEGS, marked, strict=True):
        sign = 1.0 if row["right"] == "C" else -1.0
        model = black(sign, row["forward"], row["strike"], row["years"], row["vol"], row["rate"])
        if row["price_from"] == "model":
            assert row["price"] == pytest.approx(model, rel=1e-9)
        else:
            assert row["price"] == 0.5 * (row["bid"] + row["ask"])
            assert abs(row["price"] - model) < 1.0
        assert row["value_dollars"] == pytest.approx(100.0 * leg[5] * row["price"])
        if leg[6] is None:
            assert row["pnl_dollars"] == ""
        else:
            assert row["pnl_dollars"] == pytest.approx(100.0 * leg[5] * (row["price"] - leg[6]))


def test_greeks_by_differences(marked) -> None:
    for row in marked:
        sign, dollars = (1.0 if row["right"] == "C" else -1.0), 100.0 * row["quantity"]

        def at(df: float = 0.0, dv: float = 0.0, row=row, sign=sign) -> float:
            return black(sign, row["forward"] + df, row["strike"], row["years"], row["vol"] + dv, row["rate"])

        h = 1e-4 * row["forward"]
        assert row["delta_dollars"] == pytest.approx(dollars * (at(h) - at(-h)) / (2 * h), rel=1e-4)
        assert row["vega_dollars"] == pytest.approx(dollars * (at(dv=1e-5) - at(dv=-1e-5)) / 2e-5 / 100, rel=1e-5)


def test_all_risk_formulas_take_it(book) -> None:
    padded = alvh_stack(60.0, book)
    assert len(padded) == 60
    grid = alvh_pnl_grid(padded, (-0.05, 0.0), (0.0, 10.0), 0.0, 15.9)
    assert grid[1][0] == pytest.approx(0.0, abs=1e-6)
    assert all(isinstance(x, float) for row in grid for x in row)
    for rows in (
        alvh_breakevens(padded, vix=15.9),
        alvh_stress(padded, vix=15.9),
        alvh_margin(padded),
        alvh_net(padded),
    ):
        assert not isinstance(rows, CellError)
        assert not any(isinstance(x, CellError) for row in rows for x in row)
    # Wings of 50 points: 10 and 6 lots; one short XSP put without cover.
    margin = {(row[0], round(row[1])): row[2] for row in alvh_margin(padded, headers=False)[:-1]}
    assert margin["SPX", 44] == 50_000.0
    assert margin["SPX", 58] == 30_000.0
    assert margin["XSP", 44] > 0.0


def test_what_is_not_priced_is_blank_and_says_why(market) -> None:
    rows = alvh_mark(BAD, *market, headers=False)
    status = [row[COLUMNS.index("status")] for row in rows]
    assert status[0] == ""
    assert all(text.startswith("not priced: ") for text in status[1:])
    for said, text in zip(
        ("settled on 2025-12-09", "only", "strike is blank", "SPXW", "quantity is 0", "gone"), status[1:], strict=True
    ):
        assert said in text
    assert not any(cell != "" for row in rows for i, cell in enumerate(row) if i != COLUMNS.index("status"))
    assert alvh_stack(3.0, [row[BLOCK] for row in rows]) == (("",) * 15,) * 3


def test_your_own_levels_move_the_forward_and_leave_the_quotes_aside(market, marked) -> None:
    rows = alvh_mark(LEGS, *market, 0.98, [46071.0, 46099.0], [25.0, ""], headers=False)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert found[0]["forward"] == pytest.approx(0.98 * marked[0]["forward"])
    assert (found[0]["price_from"], found[0]["bid"]) == ("model", "")
    assert (found[8]["forward"], found[8]["price_from"]) == (25.0, "model")
    assert (found[9]["forward"], found[9]["price_from"]) == (marked[9]["forward"], "mid quote")


def test_without_vix_quotes(market) -> None:
    rows = alvh_mark(LEGS, *market[:3], headers=False)
    assert [row[COLUMNS.index("status")] for row in rows[8:13]] == ["not priced: there are no VIX quotes"] * 5


def test_imported_positions(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    empty = alvh_positions()
    assert isinstance(empty, CellError)
    assert "xlalvh positions import" in empty.message
    assert alvh_positions(1.0, 2.0, False) == (("",) * 8,) * 2
    file = Document("tasty.csv", layouts.TASTYTRADE.encode())
    Ledger().keep([("tasty.csv", read_positions(file))], dt.datetime(2023, 5, 19, 20, 30, tzinfo=dt.UTC))
    rows = alvh_positions(headers=False)
    assert rows[0] == ("tastytrade 5WX00001", "SPXW", 45107.0, "P", 3900.0, -10.0, 19.85, 45065.0 + 16.5 / 24.0)
    assert rows[2][0].startswith("tasty.csv, line 4: 5WX00001,XSP")
    assert rows[2][1:7] == ("",) * 6
    cut = alvh_positions(1.0, 2.0, False)
    assert cut[1][0] == "2 more legs do not fit 2 rows"
    (tmp_path / "positions.json").write_text("{", encoding="utf-8")
    assert "damaged" in alvh_positions().message


def test_groups() -> None:
    assert alvh_by_group(("a", "", "b", "c"), (1.0, 2.0, 3.0, 4.0), 2.0) == (("a", 1.0, 1.0), ("2 others", 2.0, 7.0))
    assert alvh_by_group("a", ((1.0, "x"),)) == (("a", 1.0, 1.0, ""),)
    assert isinstance(alvh_by_group(("a", "b"), (1.0, 2.0, 3.0)), CellError)


def test_ticket_of_a_group(market) -> None:
    rows = alvh_mark(LEGS, *market, headers=False)
    columns = [
        [row[COLUMNS.index(name)] for row in rows]
        for name in ("group", "root", "expiry", "right", "strike", "quantity", "bid", "ask")
    ]
    lines = alvh_ticket(*columns, "two", "close", 8.0)
    assert lines[0][0].startswith("BUY +6 IRON CONDOR SPX 100 (Weeklys) 13 MAR 26 7260/7310/6400/6350 CALL/PUT @")
    assert lines[-1] == ("",)
    assert len(alvh_ticket(*columns, "", "open", 5.0)) == 5
    assert alvh_ticket(*columns, "nobody", "open", 2.0) == (("",), ("",))
    assert isinstance(alvh_ticket(*columns, "nobody"), CellError)
    assert isinstance(alvh_ticket(*columns, "two", "roll"), CellError)
    assert math.isfinite(float(lines[0][0].split("@")[1].split()[0]))


def test_stacked_cells_go_to_the_host_as_it_takes_them() -> None:
    stacked = alvh_stack(2.0, ((Decimal("1.5"), dt.date(2024, 1, 1)), (1j, "a")))
    assert stacked[0] == (1.5, 45292.0)
    assert (stacked[1][0].code, stacked[1][1]) == ("#VALUE!", "a")
