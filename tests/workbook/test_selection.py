"""`strategy.selection` takes what the workbook takes, on the sample and on real quotes."""

from __future__ import annotations

import numpy as np
import pytest

from workbook.book import cells_of
from workbook.run import Run
from xlalvh.market.tables import MarketTables
from xlalvh.numerics.smile import Smile
from xlalvh.strategy import rules, selection, volatility
from xlalvh.strategy.presets import SEEDS


class Shown:
    """What a computed book shows, by name."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __getitem__(self, name: str) -> list:
        sheet, area = self.run.built.names[name]
        return [self.run.values[(sheet, cell)] for cell in cells_of(area)]

    def one(self, name: str) -> float:
        return self[name][0]


@pytest.fixture(params=["sample", "real"])
def market(request: pytest.FixtureRequest) -> tuple[Shown, MarketTables]:
    fixtures = ("sample_run", "sample_tables") if request.param == "sample" else ("may_run", "may_tables")
    run, tables = (request.getfixturevalue(name) for name in fixtures)
    return Shown(run), tables


def test_the_workbook_takes_the_same(market: tuple[Shown, MarketTables]) -> None:
    shown, tables = market
    spx = tables.spx
    usable = [row.root != "SPX" and row.atm_vol is not None for row in spx]
    row = selection.nearest_expiry([r.days for r in spx], 45.0, 15.0, usable)
    assert row is not None
    assert row + 1 == shown.one("condor_row")
    monthlies = [r for r in tables.vix if r.root == "VIX"]
    chosen = selection.layer_expiries(
        [r.days for r in monthlies], SEEDS, rules.default("front_min_days"), [r.atm_vol is not None for r in monthlies]
    )
    assert chosen is not None
    taken = [monthlies[i] for i in chosen]
    assert [r.years for r in taken] == pytest.approx(shown["ladder_years"], rel=1e-12)
    layers = []
    for r in taken:
        assert r.forward is not None
        smile = Smile(*map(float, r.smile[:5]), float(r.smile[7]), tuple(map(float, r.smile[8:])))
        listed = np.array([q.strike for q in tables.vix_quotes if q.expiry == r.expiry])
        layers.append(selection.Layer(r.years, r.forward, volatility.on_smile(smile, r.forward, r.years), listed))
    rungs = selection.unit(SEEDS, layers, rules.beta_params(), shown.one("condor_max_loss"), taken[0].rate or 0.0)
    for name in ("strike", "contracts"):
        assert [getattr(r, name) for r in rungs] == pytest.approx(shown[f"ladder_rung_{name}"])
    exposure = sum(r.vol_exposure_dollars for r in rungs)
    assert exposure == pytest.approx(shown.one("ladder_unit_vol_exposure"), rel=1e-9)
    found = selection.units(SEEDS, 10.0, shown.one("condor_vega_weighted"), exposure, 0.9, 0.6, 1.2)
    assert found.units == shown.one("hedge_units_rule")
