"""Capital on real quotes: carry, drag, IRR and break-even rise against plain arithmetic on what the book shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formulas.plain import black, linear, tenor_beta
from tests.hosts.calc.test_template import Live

Rung = tuple[float, float, float, float, float]  # contracts, strike, years, future, vol


def _cells(may: Live, name: str) -> list[Any]:
    sheet, area = may.built.names[name]
    return [cell for row in may.book.read(sheet, area) for cell in row]


def _rungs(may: Live) -> list[Rung]:
    columns = [_cells(may, f"ladder_rung_{name}") for name in ("contracts", "strike", "years", "future", "vol")]
    return [rung for rung in zip(*columns, strict=True) if isinstance(rung[1], float)]


def _value(rungs: list[Rung], rate: float, days: float = 0.0, moved: Any = None) -> float:
    """Dollars of one unit after days, each future where `moved` puts it."""
    total = 0.0
    for n, strike, years, future, vol in rungs:
        left, f = years - days / 365.0, moved(future, years) if moved else future
        total += n * 100.0 * (black(1.0, f, strike, left, vol, rate) if left > 0.0 else max(f - strike, 0.0))
    return total


def _curve(may: Live) -> tuple[list[float], list[float]]:
    pairs = [(d, p) for d, p in zip(_cells(may, "fut_days"), _cells(may, "fut_price"), strict=True) if p and d]
    return [0.0, *(d for d, _ in pairs)], [may.one("vix_level"), *(p for _, p in pairs)]


@pytest.mark.parametrize(("days", "name"), [(1.0, "carry_day"), (None, "carry_condor")])
def test_carry_is_theta_and_the_slide_along_the_curve(may: Live, days: float | None, name: str) -> None:
    rungs, rate, (at, curve) = _rungs(may), may.one("ladder_rate"), _curve(may)
    passed = days or may.one("condor_days")

    def slid(future: float, years: float) -> float:
        left = max(years * 365.0 - passed, 0.0)
        return future + linear(curve, at, left) - linear(curve, at, years * 365.0)

    assert len(rungs) == 10
    now, later = _value(rungs, rate), _value(rungs, rate, passed)
    total = may.book.read(*may.built.names[name])[-1]
    assert total[1] == pytest.approx(later - now, rel=1e-9)
    assert total[2] == pytest.approx(_value(rungs, rate, passed, slid) - later, rel=1e-9, abs=1e-9)
    if days:
        units = may.one("hedge_units")
        assert may.one("carry_theta") == pytest.approx(units * total[1], rel=1e-9)
        assert may.one("carry_roll") == pytest.approx(units * total[2], rel=1e-9)
        assert may.one("carry_year") == pytest.approx(365.0 * units * total[3], rel=1e-9)
        assert may.one("carry_roll") < 0.0  # contango: the articles have it a profit


def test_flows_irr_and_drag(may: Live) -> None:
    """Two flows have one rate: (back / paid) ^ (365 / days) - 1, days counted in whole dates."""
    cash, cost = may.one("condor_margin") - may.one("condor_credit_dollars"), may.one("ladder_cost")
    left = (
        may.one("ladder_cost_model") + may.one("hedge_units") * may.book.read(*may.built.names["carry_condor"])[-1][3]
    )
    days = may.one("condor_expiry") - int(_cells(may, "market_spx_time")[0])
    assert days == 45.0
    for name, paid, back in (
        ("condor", cash, may.one("condor_margin")),
        ("book", cash + cost, may.one("condor_margin") + left),
    ):
        assert may.one(f"capital_irr_{name}") == pytest.approx((back / paid) ** (365.0 / days) - 1.0, rel=1e-8)
        assert may.one(f"capital_gain_{name}") == pytest.approx(back - paid, rel=1e-9)
    capital = cash + cost
    drag = (cost - left) / capital * 365.0 / may.one("condor_days")
    assert may.one("capital_equity") == pytest.approx(capital)
    assert may.one("capital_drag") == pytest.approx(drag, rel=1e-9)
    words = " ".join(str(may.one(f"capital_words_{i}")) for i in range(1, 6))
    assert "more than the condor brings in" in words
    assert "not above the WACC of 8 %" in words


@pytest.mark.parametrize("name", ["year", "premium"])
def test_the_rise_of_vix_that_pays(may: Live, name: str) -> None:
    """Each future by its tenor beta, volatilities unchanged: the unit then gains just that."""
    rungs, rate, units = _rungs(may), may.one("ladder_rate"), may.one("hedge_units")
    rise = may.one(f"capital_rise_{name}")
    gain = _value(rungs, rate, 0.0, lambda future, years: future + tenor_beta(years) * rise) - _value(rungs, rate)
    owed = -may.one("carry_year") / units if name == "year" else may.one("ladder_unit_cost")
    assert gain == pytest.approx(owed, rel=1e-7)


def test_your_own_flows_take_the_place_of_the_book(may: Live) -> None:
    """-1,000, then 2,300 and -1,320 a year apart each: 10 and 20 %, so one must be chosen; 1,100 alone is 10 %."""
    sheet, area = may.built.names["capital_dates"]
    first = int(area.split(":")[0][1:])
    assert may.one("capital_irr_own") == "no flows yet"

    def put(*flows: tuple[float, float]) -> None:
        for i in range(3):
            date, amount = flows[i] if i < len(flows) else (None, None)
            may.book.write(sheet, f"H{first + i}", date)
            may.book.write(sheet, f"I{first + i}", amount)

    put((45_000.0, -1_000.0), (45_365.0, 2_300.0), (45_730.0, -1_320.0))
    several = may.one("capital_irr_own")
    may.write("capital_root", 2.0)
    second = may.one("capital_irr_own")
    may.write("capital_root", None)
    put((45_000.0, -1_000.0), (45_365.0, 1_100.0))
    one, words = may.one("capital_irr_own"), may.one("capital_words_1")
    put()
    assert several == "see the reason"
    assert second == pytest.approx(0.20)
    assert one == pytest.approx(0.10)
    assert words == "Your flows earn 10 % a year (IRR)."
    assert may.one("capital_irr_own") == "no flows yet"
