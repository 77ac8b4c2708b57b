"""The Stress sheet against an independent recalculation of its own cells: QuantLib's prices, SciPy's roots."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
import QuantLib as ql
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm
from xlsxwriter.utility import xl_cell_to_rowcol

from workbook.book import cells_of
from workbook.run import Run
from workbook.sheets.stress import SPX_SHOCKS, VIX_SHOCKS
from xlalvh.market.tables import MarketTables
from xlalvh.risk.stress import SCENARIOS

Smile = Callable[[float], float]  # volatility by log-moneyness

_MONTH = 30.0 / 365.0
_ELASTICITY, _EXPONENT, _BETA = 0.8, 0.4, (0.146, 0.582, 5.75)  # as Rules starts


def area(run: Run, name: str) -> list[list[Any]]:
    """A named area as rows."""
    sheet, where = run.built.names[name]
    rows: dict[int, list[Any]] = {}
    for cell in cells_of(where):
        rows.setdefault(xl_cell_to_rowcol(cell)[0], []).append(run.values.get((sheet, cell)))
    return list(rows.values())


def one(run: Run, name: str) -> Any:
    return area(run, name)[0][0]


class Recalculation:
    """Everything from the sheets' cells: legs of the book, smiles of the market; nothing of the product's numerics."""

    def __init__(self, run: Run, tables: Any) -> None:
        self.legs = [row for row in area(run, "book") if isinstance(row[3], float)]
        self.smiles = {row.years: row.smile for row in tables.spx if row.smile and row.years > 0.0}
        around = sorted(self.smiles)
        near = max(t for t in around if t <= _MONTH)
        self.anchors = (near, min(t for t in around if t > _MONTH))
        self.levels = {t: math.sqrt(self.swap(t) / t) for t in self.anchors}
        self.start = self.vix(dict.fromkeys(self.anchors, 1.0))

    def w(self, years: float, y: float) -> float:
        """SVI, and bumps of width 0.6 at their centres, in standard deviations at the money."""
        a, b, rho, m, sigma, _, _, scale, *bumps = self.smiles[years]
        found = a + b * (rho * (y - m) + math.sqrt((y - m) ** 2 + sigma**2))
        for height, centre in zip(bumps, (-2.5, -1.75, -1.0, -0.25, 0.5, 1.25), strict=True):
            found += height * math.exp(-0.5 * ((y / scale - centre) / 0.6) ** 2)
        return found

    def swap(self, years: float) -> float:
        """The mean of total variance over normal d2, each found by a root."""

        def at(d2: float) -> float:
            y = brentq(lambda x: -x / math.sqrt(self.w(years, x)) - 0.5 * math.sqrt(self.w(years, x)) - d2, -6, 6)
            return self.w(years, y) * norm.pdf(d2)

        return quad(at, -7.5, 7.5, limit=400, epsabs=1e-12)[0]

    def vix(self, growth: dict[float, float]) -> float:
        near, far = self.anchors
        total = {t: (self.levels[t] * growth[t]) ** 2 * t for t in self.anchors}
        share = (_MONTH - near) / (far - near)
        return 100.0 * math.sqrt((total[near] * (1.0 - share) + total[far] * share) / _MONTH)

    def growth(self, push: float, years: float) -> float:
        level = self.levels.setdefault(years, math.sqrt(self.swap(years) / years))
        share = push / 100.0 * (_MONTH / years) ** _EXPONENT / level
        return 1.0 + share if share >= 0.0 else 1.0 / (1.0 - share)

    def gain(self, spx: float, change: float, days: float, futures: Sequence[tuple[float, float]] = ()) -> list[float]:
        """Dollars of SPX legs and of VIX legs."""
        wanted = self.start + change

        def miss(push: float) -> float:
            return self.vix({t: self.growth(push, t) for t in self.anchors}) - wanted

        push = 0.0 if change == 0.0 else brentq(miss, -2000.0, 2000.0, xtol=1e-12)
        sums = [0.0, 0.0]
        for name, quantity, right, strike, years, forward, vol, rate in self.legs:
            left = years - days / 365.0
            if name == "VIX":
                moved = forward + self.future(change, years, futures)
                growth = (moved / forward) ** _ELASTICITY
                smile = self.rungs(years)
            else:
                t = min(self.smiles, key=lambda s, years=years: abs(s - years))
                moved, growth = forward * (1.0 + spx), self.growth(push, t)
                smile = self.surface(t)

            def gap(y: float, moved=moved, left=left, growth=growth, years=years, smile=smile, strike=strike) -> float:
                before, after = smile(y) * math.sqrt(years), smile(y) * growth * math.sqrt(left)
                return (-y / before - 0.5 * before) - (-math.log(strike / moved) / after - 0.5 * after)

            own = vol / smile(math.log(strike / forward))
            after = own * growth * smile(brentq(gap, -5.0, 5.0, xtol=1e-14))
            kind = ql.Option.Call if right == "C" else ql.Option.Put
            new, old = (
                ql.blackFormula(kind, strike, f, v * math.sqrt(t), math.exp(-rate * t))
                for f, v, t in ((moved, after, left), (forward, vol, years))
            )
            sums[name == "VIX"] += 100.0 * quantity * (new - old)
        return sums

    def future(self, change: float, years: float, known: Sequence[tuple[float, float]]) -> float:
        if not known:
            c, a, kappa = _BETA
            return (c + a * math.exp(-kappa * years)) * change
        days = years * 365.0
        if days <= known[0][0]:
            return known[0][1]
        for (x0, y0), (x1, y1) in pairwise(known):
            if days <= x1:
                return y0 + (y1 - y0) * (days - x0) / (x1 - x0)
        return known[-1][1]

    def surface(self, years: float) -> Smile:
        return lambda y: math.sqrt(self.w(years, y) / years)

    def rungs(self, years: float) -> Smile:
        """Through the volatilities of the expiry's own legs, linear in strike and level outside."""
        mine = sorted({(leg[3], leg[6], leg[5]) for leg in self.legs if leg[0] == "VIX" and leg[4] == years})

        def on(y: float) -> float:
            strike = mine[0][2] * math.exp(y)
            if strike <= mine[0][0]:
                return mine[0][1]
            for (k0, v0, _), (k1, v1, _) in pairwise(mine):
                if strike <= k1:
                    return v0 + (v1 - v0) * (strike - k0) / (k1 - k0)
            return mine[-1][1]

        return on


@pytest.fixture(scope="module")
def again(sample_run: Run, sample_tables: MarketTables) -> Recalculation:
    return Recalculation(sample_run, sample_tables)


def test_the_grid_to_the_cent(sample_run: Run, again: Recalculation) -> None:
    grid = area(sample_run, "stress_grid")
    assert (len(grid), len(grid[0])) == (len(SPX_SHOCKS), len(VIX_SHOCKS))
    for i in (0, 3, 6, 8, 10):
        for j in (0, 2, 5, 9):
            expected = sum(again.gain(SPX_SHOCKS[i], VIX_SHOCKS[j], 0.0))
            assert grid[i][j] == pytest.approx(expected, abs=0.01), (SPX_SHOCKS[i], VIX_SHOCKS[j])


def test_no_shock_no_gain(sample_run: Run) -> None:
    here = area(sample_run, "stress_grid")[SPX_SHOCKS.index(0.0)][VIX_SHOCKS.index(0.0)]
    assert here == pytest.approx(0.0, abs=1e-6)
    assert one(sample_run, "stress_decay") == pytest.approx(0.0, abs=1e-6)


def test_named_days_to_the_cent(sample_run: Run, again: Recalculation) -> None:
    named = {row[0]: row for row in area(sample_run, "stress_named")}
    assert list(named) == [s.name for s in SCENARIOS]
    for scenario in SCENARIOS:
        expected = again.gain(scenario.spx_return, scenario.vix_change, scenario.days, scenario.futures)
        assert named[scenario.name][6:9] == pytest.approx([*expected, sum(expected)], abs=0.01), scenario.name
    totals = [row[8] for row in named.values()]
    assert one(sample_run, "stress_worst") == min(totals)
    assert str(one(sample_run, "stress_worst_day")).endswith(list(named)[totals.index(min(totals))])


def test_the_book_gains_nothing_at_todays_break_evens(sample_run: Run, again: Recalculation) -> None:
    """Against its cost; VIX at a root is the sheet's own."""
    rows = [row for row in area(sample_run, "stress_break_evens") if row[0] == "today"]
    start = next(leg[5] for leg in again.legs if leg[0] == "SPX")
    earned = one(sample_run, "stress_value") - one(sample_run, "stress_cost")
    roots = [(row[3], row[5]) for row in rows if row[3] != ""]
    assert roots
    for level, vix in roots:
        gained = sum(again.gain(level / start - 1.0, vix - again.start, 0.0))
        assert gained + earned == pytest.approx(0.0, abs=0.05)


def test_the_cost_is_that_of_the_entries(sample_run: Run) -> None:
    """Credit of the condor and asks of the ladder, as Condor and Ladder have them."""
    cost = one(sample_run, "ladder_cost") - one(sample_run, "condor_credit_dollars")
    assert one(sample_run, "stress_cost") == pytest.approx(cost, abs=0.01)
