"""The joint move: VIX of the moved smiles by the exchange's own calculation, and options repriced by QuantLib."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib as ql
from scipy.optimize import brentq

from tests.risk.books import BOOK, MARKET
from workbook.sheets.stress import VIX_SHOCKS
from xlalvh.market import slices
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.numerics import black76, vix_index
from xlalvh.numerics.smile import Smile
from xlalvh.risk.legs import Legs
from xlalvh.risk.shocks import Market, Surface, moved_variance, reprice, variance_swap
from xlalvh.strategy import rules

RULES = rules.settle(rules.SHOCK)


def black(right: float, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    kind = ql.Option.Call if right > 0.0 else ql.Option.Put
    return ql.blackFormula(kind, strike, forward, vol * math.sqrt(years), math.exp(-rate * years))


def recalculated(spx: float, vix: float, days: float) -> np.ndarray:
    """Every leg of BOOK by itself: SciPy finds the option whose d2 was what the leg's d2 is now."""
    profit = []
    start, e, c, a, kappa = 17.0, 0.4, 0.146, 0.582, 5.75
    # One expiry at 30 days at VIX: its level grows by wanted / VIX, a fall being the mirror of a rise.
    ratio = (start + vix) / start
    push = start * (ratio - 1.0) if ratio >= 1.0 else start * (1.0 - 1.0 / ratio)
    for name, q, right, k, t, f, v, r in zip(*BOOK, strict=True):
        same = (BOOK.underlying == name) & (BOOK.years == t)
        points = sorted(zip(BOOK.strike[same], BOOK.vol[same], strict=True))
        if name == "SPX":
            forward = f * (1.0 + spx)
            share = push * (30.0 / (365.0 * t)) ** e / start
            growth = 1.0 + share if share >= 0.0 else 1.0 / (1.0 - share)
        else:
            forward = f + (c + a * math.exp(-kappa * t)) * vix
            growth = (forward / f) ** 0.8
        left = t - days / 365.0

        def vol_before(strike: float, points=points) -> float:
            return float(np.interp(strike, *zip(*points, strict=True)))

        def gap(
            strike: float, f=f, t=t, k=k, forward=forward, left=left, growth=growth, vol_before=vol_before
        ) -> float:
            v0 = vol_before(strike)
            v1 = growth * v0
            d2_before = (math.log(f / strike) - 0.5 * v0 * v0 * t) / (v0 * math.sqrt(t))
            d2_after = (math.log(forward / k) - 0.5 * v1 * v1 * left) / (v1 * math.sqrt(left))
            return d2_before - d2_after

        place = brentq(gap, f * 1e-3, f * 1e3, xtol=1e-10, rtol=1e-14)
        after = black(right, forward, k, left, growth * vol_before(place), r)
        profit.append(100.0 * q * (after - black(right, f, k, t, v, r)))
    return np.array(profit)


@pytest.mark.parametrize("days", [0.0, 7.0, 30.0])
@pytest.mark.parametrize(
    ("spx", "vix"), [(-0.2, 30.0), (-0.05, 6.0), (0.0, 3.0), (0.03, -3.0), (0.08, -6.0), (-0.1, 0.0)]
)
def test_every_leg_to_the_cent_against_quantlib(spx, vix, days) -> None:
    found = reprice(BOOK, MARKET, np.array([spx]), np.array([vix]), days)[0]
    assert found == pytest.approx(recalculated(spx, vix, days), abs=0.005)


def test_no_move_no_gain() -> None:
    assert reprice(BOOK, MARKET, np.zeros(1), np.zeros(1))[0] == pytest.approx(np.zeros(7), abs=1e-9)


def test_an_expiry_that_the_days_reach_settles_at_its_moved_forward() -> None:
    found = reprice(BOOK, MARKET, np.array([-0.1]), np.array([10.0]), 60.0)[0]
    settled = np.maximum(BOOK.right * (4210.0 * 0.9 - BOOK.strike), 0.0)
    assert found[:4] == pytest.approx(100.0 * BOOK.quantity[:4] * (settled - BOOK.price())[:4], rel=1e-12)


def test_levels_that_fall_to_0_give_no_figure() -> None:
    assert np.isnan(reprice(BOOK, MARKET, np.zeros(2), np.array([-17.0, -30.0]))).all()
    high = Market(70.0, RULES)  # backwardation: VIX stays above 0, the future of 20.1 does not
    found = reprice(BOOK, high, np.zeros(1), np.array([-50.0]))[0]
    assert np.isnan(found).tolist() == [False] * 4 + [True, False, False]


def test_a_variance_swap_of_a_flat_smile_is_its_variance() -> None:
    assert variance_swap(Smile(0.004, 0.0, 0.0, 0.0, 0.1)) == pytest.approx(0.004, rel=1e-9)


def test_the_moved_smile_keeps_d2() -> None:
    smile = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)
    y = np.linspace(-0.4, 0.2, 25)
    w = moved_variance(smile.total_variance, np.array(1.7), y)
    d2 = -y / np.sqrt(w) - 0.5 * np.sqrt(w)

    def d2_before(x: float) -> float:
        v = float(smile.total_variance(np.array([x]))[0])
        return -x / math.sqrt(v) - 0.5 * math.sqrt(v)

    for at, total in zip(d2, w, strict=True):
        x = brentq(lambda z, at=at: d2_before(z) - at, -3.0, 3.0, xtol=1e-14)
        assert total == pytest.approx(1.7**2 * smile.total_variance(np.array([x]))[0], rel=1e-9)


# The exchange's calculation on the moved surface


def surfaces(data) -> dict[str, list[slices.Slice]]:
    chains = {"sample": sample_snapshot().spx}
    for name in ("SPX_2023-05-19_close.csv", "SPX_2022-06-10_close.csv", "SPX_2024-01-05_close.csv"):
        chains[name] = read_quote_table(data / "spx_chains" / name)
    return {name: [s for s in slices.cut(chain) if s.fit is not None] for name, chain in chains.items()}


def cboe_vix(cut: list[slices.Slice], market: Market, spx: float, change: float, least: float = 1e-9) -> float:
    """VIX from option prices on the moved smiles, every 5 points from 5, those of at least `least` points."""
    near = max((s for s in cut if s.years * 365.0 <= 30.0), key=lambda s: s.years)
    following = min((s for s in cut if s.years * 365.0 > 30.0), key=lambda s: s.years)
    variances = []
    push = market.pushes(np.array([change]))
    for s in (near, following):
        forward = s.forward * (1.0 + spx)
        strikes = np.arange(5.0, 5.0 * forward, 5.0)
        growth = market.growth(push, s.years, market.level(s.years))
        w = moved_variance(s.fit.smile.total_variance, growth, np.log(strikes / forward))
        vol = np.sqrt(w / s.years)
        call, put = (black76.price(right, forward, strikes, s.years, vol, s.rate) for right in (1.0, -1.0))
        call, put = (np.where(p < least, np.nan, p) for p in (call, put))
        variances.append(vix_index.strip_variance(strikes, call, call, put, put, s.years, s.rate))
    return vix_index.interpolate(variances[0], near.years, variances[1], following.years)


def test_the_shocked_surface_returns_vix_plus_the_shock(data) -> None:
    """SPEC 2: within 0.1, on the smiles of real chains and of the sample, together with a move of SPX."""
    for name, cut in surfaces(data).items():
        by_years = {s.years: s for s in cut}
        surface = Surface(np.array(list(by_years)), tuple(s.fit.smile for s in by_years.values()))
        market = Market(math.nan, RULES, surface)
        cut = list(by_years.values())
        assert cboe_vix(cut, market, 0.0, 0.0) == pytest.approx(market.own_vix(), abs=0.01), name
        moves = ((0.04, -4.0), (-0.03, 5.0), (-0.08, 15.0), (-0.12, 25.0), (-0.25, 45.0))
        for least, some in ((1e-9, moves), (0.05, moves[:-1])):  # 0.05: the least price of an option that has a bid
            start = cboe_vix(cut, market, 0.0, 0.0, least)
            for spx, change in some:
                moved = cboe_vix(cut, market, spx, change, least)
                assert moved == pytest.approx(start + change, abs=0.1), (name, spx, change)


def test_on_a_surface_a_leg_keeps_its_distance_to_the_smile() -> None:
    smile = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)
    surface = Surface(np.array([0.06, 0.12]), (Smile(0.001, 0.015, -0.6, 0.03, 0.05), smile))
    market = Market(math.nan, RULES, surface)
    on = float(smile.vol(np.array([3925.0]), 4210.0, 0.12)[0])
    columns = [np.array([x]) for x in (-10.0, -1.0, 3925.0, 0.12, 4210.0, 1.02 * on, 0.0)]
    leg = Legs(np.array(["SPX"]), *columns)
    assert reprice(leg, market, np.zeros(1), np.zeros(1))[0, 0] == pytest.approx(0.0, abs=1e-8)
    change = np.array([0.0]), market.own_vix() * np.array([0.0])
    assert reprice(leg, market, *change, 10.0)[0, 0] > 0.0  # a short put earns time
    with pytest.raises(ValueError, match=r"no expiry at 54\.8 days"):
        reprice(leg._replace(years=np.array([0.15])), market, np.zeros(1), np.zeros(1))


def test_a_surface_must_reach_around_30_days() -> None:
    smile = Smile(0.00198, 0.02, -0.6, 0.045, 0.06)
    with pytest.raises(ValueError, match="30 days"):
        Market(math.nan, RULES, Surface(np.array([0.12]), (smile,))).pushes(np.zeros(1))
    with pytest.raises(ValueError, match="ascend"):
        Surface(np.array([0.12, 0.06]), (smile, smile))


@pytest.mark.parametrize("name", ["vega_tenor_exponent", "beta_c", "beta_a", "beta_kappa", "vix_vol_elasticity"])
def test_each_rule_moves_what_it_should_and_nothing_else(name) -> None:
    changed = Market(17.0, {**RULES, name: RULES[name] * 1.1})
    before, after = (reprice(BOOK, m, np.array([-0.05]), np.array([8.0]))[0] for m in (MARKET, changed))
    spx, vix = slice(0, 4), slice(4, 7)
    moved, still = (spx, vix) if name == "vega_tenor_exponent" else (vix, spx)
    assert (before[still] == after[still]).all()
    assert (before[moved] != after[moved]).all()


def test_on_the_axes_of_the_stress_sheet(data) -> None:
    """Every change of VIX that the sheet starts with, where the VIX formula sees every option."""
    for name, cut in surfaces(data).items():
        by_years = {s.years: s for s in cut}
        market = Market(
            math.nan, RULES, Surface(np.array(list(by_years)), tuple(s.fit.smile for s in by_years.values()))
        )
        for change in VIX_SHOCKS:
            found = cboe_vix(list(by_years.values()), market, 0.0, change)
            assert found == pytest.approx(market.own_vix() + change, abs=0.1), (name, change)
