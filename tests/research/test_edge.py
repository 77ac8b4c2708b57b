"""Hold, leg out, layer: what must hold of them whatever the market, and what each threshold does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from xlalvh.numerics import black76
from xlalvh.research import edge as edges
from xlalvh.research.dynamics import Condor, Hedge, State
from xlalvh.research.edge import HOLD, LAYER, LEG_OUT, REAL_WORLD, RISK_NEUTRAL, Edge, Rules, TooFewError, edge
from xlalvh.strategy import rules
from xlalvh.strategy.condor import RIGHTS, SIDES
from xlalvh.strategy.volatility import between

STRIKES = np.array([3900.0, 3950.0, 4450.0, 4500.0])
VOLS = between(STRIKES, np.array([0.215, 0.202, 0.140, 0.137]))
TODAY = State(4210.0, 0.10, 17.0)
HEDGE = Hedge(np.array([12.0, -18.0]), np.array([21.0, 28.0]), np.array([0.85, 1.10]), 18.6, 0.12)
RULES = Rules(*(rules.settle(group) for group in (rules.WING, rules.SHOCK, rules.COSTS, rules.SIMULATION)))
FREE = replace(
    RULES,
    costs={
        name: 0.0 if name.startswith(("cost_spx", "cost_vix", "cost_contract")) else value
        for name, value in RULES.costs.items()
    },
)


def run(**changes: Any) -> Edge:
    settings = {
        "strikes": STRIKES,
        "today": TODAY,
        "vol_at": VOLS,
        "hedge": HEDGE,
        "rules": RULES,
        "rate": 0.05,
        "contracts": 10.0,
        "wing": "P",
        "paths": 4000,
    }
    return edge(**{**settings, **changes})


def actions(found: Edge) -> dict[str, edges.Action]:
    return {action.name: action for action in found.actions}


def test_under_the_risk_neutral_law_and_before_costs_nothing_is_earned() -> None:
    """Over 40 seeds EV0 in units of its own error has mean 0 and is no wider than it says: the density is fitted to
    other paths than it weighs."""
    z = [found.ev0 / found.ev0_error for found in (run(rules=FREE, law=RISK_NEUTRAL, seed=s) for s in range(40))]
    assert abs(np.mean(z)) < 3.0 / math.sqrt(40)
    assert 0.5 < np.std(z) < 1.3


@pytest.mark.parametrize("strikes", [(3850.0, 3900.0, 4400.0, 4450.0), (3800.0, 4000.0, 4300.0, 4500.0)])
def test_risk_neutral_for_other_condors(strikes) -> None:
    smile = between(np.array([3700.0, 4000.0, 4210.0, 4400.0, 4600.0]), np.array([0.23, 0.19, 0.155, 0.14, 0.135]))
    found = run(strikes=np.array(strikes), vol_at=smile, rules=FREE, law=RISK_NEUTRAL, paths=20_000)
    assert abs(found.ev0) < 3.0 * found.ev0_error


def test_real_world_ev0_is_the_credit_less_the_mean_payoff() -> None:
    """Without costs and at the model's credit; the payoff averaged here over paths simulated apart."""
    from xlalvh.research import simulate

    found = run(rules=FREE, paths=20_000)
    prices = black76.price(RIGHTS, 4210.0, STRIKES, 0.10, VOLS(STRIKES), 0.05)
    walk = simulate.simulate(simulate.real_world(RULES.simulation), 17.0, 0.10, 100_000, 99)
    ends = 4210.0 * np.exp(walk.log_return[-1])
    owed = sum(s * np.maximum(r * (ends - k), 0.0) for s, r, k in zip(SIDES, RIGHTS, STRIKES, strict=True))
    profit = 1000.0 * (-(SIDES @ prices) + math.exp(-0.005) * owed)
    error = math.hypot(found.ev0_error, profit.std() / math.sqrt(profit.size))
    assert abs(found.ev0 - profit.mean()) < 3.0 * error


def test_errors_shrink_as_one_over_the_root_of_the_paths() -> None:
    few, many = run(paths=4000), run(paths=64_000)
    for name in (HOLD, LEG_OUT, LAYER):
        assert actions(few)[name].error / actions(many)[name].error == pytest.approx(4.0, rel=0.15)
    assert few.ev0_error / many.ev0_error == pytest.approx(4.0, rel=0.1)


def test_errors_are_what_other_seeds_show() -> None:
    found = [run(paths=2000, seed=s) for s in range(60)]
    for name in (HOLD, LEG_OUT, LAYER):
        mine = [actions(f)[name] for f in found]
        for figure, error in (
            ("expected", "error"),
            ("over_out", "over_out_error"),
            ("credit_share", "credit_share_error"),
        ):
            if name == LEG_OUT and figure != "expected":
                continue
            seen = np.std([getattr(a, figure) for a in mine])
            assert np.mean([getattr(a, error) for a in mine]) == pytest.approx(seen, rel=0.35), (name, figure)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert run() == run()
    assert run() != run(seed=2)


def test_definitions_of_the_shares() -> None:
    found = run(paths=20_000)
    by_name = actions(found)
    out = by_name[LEG_OUT]
    for action in found.actions:
        assert action.kept == pytest.approx(action.expected / found.ev0)
        assert action.over_out == pytest.approx(action.expected - out.expected)
        assert action.kept_over_out == pytest.approx(action.kept - out.kept)
        assert action.shortfall < action.expected
    assert (out.over_out, out.kept_over_out, out.credit_share) == (0.0, 0.0, 0.0)
    prices = black76.price(RIGHTS, 4210.0, STRIKES, 0.10, VOLS(STRIKES), 0.05)
    deltas = black76.greeks(RIGHTS, 4210.0, STRIKES, 0.10, VOLS(STRIKES), 0.05).delta
    half = np.where(np.abs(deltas) < 0.08, 0.10, 0.175)
    fair = -(SIDES @ prices)
    credit = (prices[1] - prices[0]) / fair * (fair - half.sum())
    assert by_name[HOLD].credit_share == pytest.approx(by_name[HOLD].over_out / (1000.0 * credit))


def test_an_unknown_edge_gives_no_share() -> None:
    """A credit that leaves nothing: EV0 within two errors."""
    first = run()
    found = run(credit=run(credit=10.0).ev0 / -1000.0 + 10.0)
    assert abs(found.ev0) < 2.0 * found.ev0_error
    assert all(math.isnan(a.kept) and math.isnan(a.kept_over_out) for a in found.actions)
    assert all(math.isfinite(a.credit_share) and math.isfinite(a.expected) for a in found.actions)
    assert math.isfinite(first.actions[0].kept)


def test_from_today_s_state_legging_out_is_certain() -> None:
    """Sold at 4210 and VIX 15, tested now: what leaving brings is known to the cent, by hand."""
    now = State(4020.0, 0.06, 25.0)
    found = run(today=now, credit=9.0, entry=State(4210.0, 0.10, 15.0))
    prices, deltas = Condor(STRIKES, now, VOLS, 0.05, RULES.shock).at(now)
    assert prices == pytest.approx(black76.price(RIGHTS, 4020.0, STRIKES, 0.06, VOLS(STRIKES), 0.05), rel=1e-3)
    half = np.where(np.abs(deltas) < 0.08, 0.10, np.where(np.abs(deltas) > 0.35, 0.30, 0.175))
    back = (np.where(SIDES > 0, np.maximum(prices - half, 0.0), -(prices + half))).sum()
    out = actions(found)[LEG_OUT]
    assert out.expected == pytest.approx(1000.0 * (9.0 + back) - 2 * 60.0)
    assert out.error == pytest.approx(0.0, abs=1e-9)
    assert found.tested == 1.0
    assert found.ev0 != actions(found)[HOLD].expected


def test_a_hedge_of_nothing_is_holding_and_its_gain_is_proportional_but_for_nothing_else() -> None:
    none = actions(run(hedge=HEDGE.scaled(0.0)))
    assert none[LAYER].expected == pytest.approx(none[HOLD].expected)
    one, two = (actions(run(hedge=HEDGE.scaled(x))) for x in (1.0, 2.0))
    gains = [a[LAYER].expected - a[HOLD].expected for a in (one, two)]
    assert gains[1] == pytest.approx(2.0 * gains[0])


def test_a_hedge_that_expires_before_the_condor_settles_at_vix() -> None:
    """A call struck at next to nothing is worth VIX when it settles: bought at its future, on average what the premium
    over expected VIX costs."""
    short = Hedge(np.array([1.0]), np.array([0.01]), np.array([0.8]), 18.6, 8 / 252)
    found = run(hedge=short, rules=FREE, today=State(4210.0, 0.2, 17.0), rate=0.0, paths=20_000)
    gain = actions(found)[LAYER].expected - actions(found)[HOLD].expected
    later = run(hedge=replace(short, future=20.6), rules=FREE, today=State(4210.0, 0.2, 17.0), rate=0.0, paths=20_000)
    dearer = actions(later)[LAYER].expected - actions(later)[HOLD].expected
    assert dearer < gain  # a dearer future, the same VIX at the end


def test_each_wing_has_its_own_test() -> None:
    puts, calls, either = (run(wing=w) for w in ("P", "C", ""))
    assert either.tested > max(puts.tested, calls.tested)
    assert either.tested <= puts.tested + calls.tested + 1e-12


@pytest.mark.parametrize(
    ("group", "name"),
    [(g, r.name) for g in ("wing", "shock", "costs", "simulation") for r in rules.between(getattr(rules, g.upper()))],
)
def test_each_threshold_changes_what_it_should_and_nothing_else(group, name) -> None:
    """Costs of monthlies are those of the hedge; weeklies' and nickel ticks' belong to others and change nothing."""
    other = {"cost_far_delta": 0.12, "cost_near_delta": 0.2, "cost_stress_vix": 20.0, "sim_drift": 0.0}
    base = replace(RULES, costs={**RULES.costs, "cost_stress_vix": 25.0})  # often enough above it
    value = getattr(base, group)[name]
    changed = replace(base, **{group: {**getattr(base, group), name: other.get(name, value * 1.3)}})
    before, after = run(rules=base), run(rules=changed)
    a, b = actions(before), actions(after)
    moved = {
        "ev0": before.ev0 != after.ev0,
        "tested": before.tested != after.tested,
        HOLD: a[HOLD].expected != b[HOLD].expected,
        LEG_OUT: a[LEG_OUT].expected != b[LEG_OUT].expected,
        LAYER: a[LAYER].expected - a[HOLD].expected != pytest.approx(b[LAYER].expected - b[HOLD].expected, abs=1e-6),
    }
    everything = {"ev0", "tested", HOLD, LEG_OUT, LAYER}
    expected = {
        "wing_trigger": set(),  # twice the delta at entry is more
        "wing_multiple": everything - {"ev0"},
        "vega_tenor_exponent": everything - {"ev0"},
        "vix_vol_elasticity": {LAYER},
        "cost_vix_monthly": {LAYER},
        "beta_c": set(),  # the futures of the paths are their own
        "beta_a": set(),
        "beta_kappa": set(),
        "cost_vix_weekly": set(),
        "cost_vix_nickel": set(),
        "cost_stress": {LEG_OUT, LAYER},
        "cost_stress_vix": {LEG_OUT, LAYER},
        "cost_spx_near": {LEG_OUT},
        "cost_near_delta": {LEG_OUT},
        "cost_contract": {"ev0", HOLD, LEG_OUT, LAYER},
        "sim_drift": everything,
        "sim_realised_ratio": everything,
        "sim_vix_level": everything,
    }.get(name, {"ev0", HOLD, LEG_OUT})
    assert {key for key, yes in moved.items() if yes} == expected


def test_the_trigger_counts_where_it_is_more_than_twice_the_delta_at_entry() -> None:
    high = replace(RULES, wing={**RULES.wing, "wing_trigger": 0.45})
    assert run(rules=high).tested < run().tested


def test_too_few_tested_paths_are_refused() -> None:
    never = replace(RULES, wing={"wing_trigger": 1.0, "wing_multiple": 2.0})
    with pytest.raises(TooFewError, match="0 of 4000"):
        run(rules=never)


def test_the_law_is_one_of_two() -> None:
    assert edges.LAWS == (REAL_WORLD, RISK_NEUTRAL)
