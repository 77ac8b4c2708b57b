"""The ladder on real VIX quotes against a real condor: as Calc shows it, and apart from the files with QuantLib."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import QuantLib as ql

from tests.formulas.plain import N
from tests.hosts.calc.conftest import SPX, VIX
from tests.hosts.calc.test_template import Live
from workbook.sheets.sizing_methods import LAYER, TOP
from xlalvh.strategy.presets import PRESETS

RATE = 0.0508  # federal funds in May 2023, simple
SPX_CLOSE, VIX_TIME = dt.datetime(2023, 5, 19, 16, 15), dt.datetime(2023, 5, 15, 11, 32)  # New York
CONDOR_EXPIRY = dt.datetime(2023, 7, 3, 13, 0)  # an early close
MONTHLIES = tuple(dt.datetime(2023, month, day, 9, 30) for month, day in ((6, 21), (7, 19), (8, 16)))
DELTAS = ((0.50, 0.40, 0.30, 0.20), (0.45, 0.35, 0.25, 0.15), (0.40, 0.25))
CONTRACTS = (4.0, 4.0, 2.0)


class Quote(NamedTuple):
    bid: float
    ask: float

    @property
    def mid(self) -> float:
        return 0.5 * (self.bid + self.ask)


Chain = dict[tuple[str, float], Quote]  # by right and strike


def _chain(path: Path, expiry: dt.datetime, root: str) -> Chain:
    """Quotes of one expiry, read with the standard library: the call's columns stand left of the put's."""
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if len(row) >= 22 or (row and row[0].startswith(expiry.strftime("%a")))]
    found = {}
    for row in rows:
        if row[0] == expiry.strftime("%a %b %d %Y") and row[1].startswith(root + expiry.strftime("%y%m%d")):
            strike = float(row[11])
            found["C", strike] = Quote(float(row[4]), float(row[5]))
            found["P", strike] = Quote(float(row[15]), float(row[16]))
    assert len(found) > 50
    return found


def _years(expiry: dt.datetime, now: dt.datetime) -> float:
    return (expiry - now) / dt.timedelta(minutes=1) / 525_600.0


def _forward(chain: Chain, years: float) -> float:
    """Put-call parity where call and put cost nearly the same."""
    two_sided = [k for r, k in chain if r == "C" and chain["C", k].bid > 0.0 and chain["P", k].bid > 0.0]
    k = min(two_sided, key=lambda strike: abs(chain["C", strike].mid - chain["P", strike].mid))
    return k + math.exp(RATE * years) * (chain["C", k].mid - chain["P", k].mid)


def _spread(quote: Quote, right: str, strike: float, forward: float, years: float) -> float:
    """Implied standard deviation of a mid."""
    kind = ql.Option.Call if right == "C" else ql.Option.Put
    return ql.blackFormulaImpliedStdDev(kind, strike, forward, quote.mid, math.exp(-RATE * years), 0.0, 0.5)


def _call_delta(quote: Quote, strike: float, forward: float, years: float) -> float:
    spread = _spread(quote, "C", strike, forward, years)
    return math.exp(-RATE * years) * N(math.log(forward / strike) / spread + 0.5 * spread)


def _beta(years: float) -> float:
    return 0.146 + 0.582 * math.exp(-5.75 * years)


def _named(may: Live, name: str) -> list[Any]:
    sheet, area = may.built.names[name]
    return [cell for row in may.book.read(sheet, area) for cell in row]


def test_the_ladder_at_the_asks_against_the_condor(may: Live, data: Path) -> None:
    """About a tenth of the ten-lot condor a unit; 6 to 12 units, most of the credit or more."""
    chain = _chain(data / SPX, CONDOR_EXPIRY, "SPXW")
    years = _years(CONDOR_EXPIRY, SPX_CLOSE)
    forward = _forward(chain, years)
    vega = credit = 0.0
    for sign, right, strike in zip((1, -1, -1, 1), "PPCC", _named(may, "condor_strikes"), strict=True):
        spread = _spread(chain[right, strike], right, strike, forward, years)
        step, kind = 0.01 * math.sqrt(years), ql.Option.Call  # a point of volatility; a put's vega is its call's
        up, down = (ql.blackFormula(kind, strike, forward, spread + s, math.exp(-RATE * years)) for s in (step, -step))
        vega += 10 * sign * 100.0 * 0.5 * (up - down)
        credit -= 10 * sign * 100.0 * chain[right, strike].mid
    weighted = vega * (30.0 / (years * 365.0)) ** 0.4
    strikes, cost, exposure, beta_one = iter(_named(may, "ladder_rung_strike")), 0.0, 0.0, 0.0
    for expiry, deltas, contracts in zip(MONTHLIES, DELTAS, CONTRACTS, strict=True):
        calls = _chain(data / VIX, expiry, "VIX")
        t = _years(expiry, VIX_TIME)
        future = _forward(calls, t)
        listed = sorted(k for r, k in calls if r == "C" and calls[r, k].bid > 0.0)
        by_delta = {k: _call_delta(calls["C", k], k, future, t) for k in listed if k > future - 2.0}
        for wanted in deltas:
            strike = next(strikes)
            nearest = min(by_delta, key=lambda k, d=wanted: abs(by_delta[k] - d))
            assert abs(listed.index(strike) - listed.index(nearest)) <= 1
            each = contracts / len(deltas)
            cost += each * 100.0 * calls["C", strike].ask
            beta_one += each * 100.0 * by_delta[strike]
            exposure += each * 100.0 * by_delta[strike] * _beta(t)
    assert may.one("condor_credit_dollars") == pytest.approx(credit, abs=0.01)
    assert may.one("condor_vega_weighted") == pytest.approx(weighted, rel=0.02)
    assert may.one("ladder_unit_cost") == pytest.approx(cost, abs=0.01)
    assert may.one("ladder_unit_vol_exposure") == pytest.approx(exposure, rel=0.02)
    assert may.one("hedge_unit_coverage") == pytest.approx(exposure / -weighted, rel=0.03)
    assert may.one("hedge_unit_coverage_beta_one") == pytest.approx(beta_one / -weighted, rel=0.03)
    fitting = [n for n in range(1, 100) if 0.6 <= n * exposure / -weighted <= 1.2]
    units = min(fitting, key=lambda n: abs(n * exposure / -weighted - 0.9))
    assert 0.08 < exposure / -weighted < 0.12
    assert fitting[0] >= 6
    assert fitting[-1] in (12, 13)
    assert may.one("hedge_units") == units == 10
    assert may.one("ladder_cost") == pytest.approx(units * cost, abs=0.01)
    assert may.one("hedge_premium_to_credit") == pytest.approx(units * cost / credit, rel=1e-6)
    assert set(_named(may, "ladder_cost_from")) == {"ask"}


def test_one_table_says_the_same_as_the_sheets(may: Live) -> None:
    """Used units, band and the preset in use agree; no row holds an error; each note says what it must."""
    rows = may.book.read(*may.built.names["method_table"])
    assert len(rows) == LAYER - TOP - 6 == 12 + len(PRESETS)
    by_name = {row[0]: row for row in rows}
    used, chosen = by_name["units used now"], by_name["preset seeds (in use)"]
    assert chosen[1:8] == pytest.approx(used[1:8], rel=1e-9)
    assert used[1:8] == pytest.approx(
        [
            may.one("hedge_units"),
            100.0,
            may.one("hedge_coverage"),
            may.one("hedge_coverage_beta_one"),
            may.one("ladder_cost"),
            may.one("hedge_premium_to_credit"),
            may.one("hedge_net_theta"),
        ],
        rel=1e-9,
    )
    assert by_name["25 % notional: premium over credit"][2] == round(0.25 * 12_900.0 / 1_501.0 * 10.0)
    assert by_name["30 % notional: premium over max. loss"][2] == round(0.30 * 37_100.0 / 1_501.0 * 10.0)
    assert "above 12" in by_name["25 % notional: VIX futures over SPX"][9]
    assert by_name["layer weights, steward"][1:8] == pytest.approx(used[1:8], rel=1e-6)
    assert "nothing tilts" in by_name["tilt of the target"][9]
    assert not [cell for row in rows for cell in row if isinstance(cell, Exception) or str(cell).startswith("#")]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_is_sized_as_when_it_is_chosen(may: Live, preset: Any) -> None:
    """ALVH_PRESETS beside the cells of Ladder and Sizing, which compute one preset at a time."""
    row = next(r for r in may.book.read(*may.built.names["method_presets"]) if r[0] == preset.name)
    may.write("rule_preset", preset.name)
    names = ("units", "contracts", "coverage", "coverage_beta_one", "cost", "premium_to_credit", "net_theta")
    shown = {name: may.one(f"{'ladder' if name in ('contracts', 'cost') else 'hedge'}_{name}") for name in names}
    may.write("rule_preset", PRESETS[0].name)
    assert dict(zip(names, row[2:9], strict=True)) == pytest.approx(shown, rel=1e-9)


def test_a_weight_tilts_once_it_has_its_percentile(may: Live) -> None:
    """P/E at the 90th percentile, weight 0.5: 0.9 + 0.5 x 0.8 x 0.3 = 1.02, so 11 units in place of 10."""
    place = may.built.names["tilt_percentiles"]
    cell = place[1].split(":")[0]
    may.write("set_tilt_pe", 0.5)
    reason = str(may.one("tilt_reason"))
    may.book.write(place[0], cell, 0.9)
    target, units = may.one("tilt_target"), may.one("method_tilt_units")
    may.book.write(place[0], cell, None)
    may.write("set_tilt_pe", 0.0)
    assert "percentile" in reason
    assert target == pytest.approx(1.02)
    assert units == 11.0
    assert may.one("tilt_target") == pytest.approx(0.9)
