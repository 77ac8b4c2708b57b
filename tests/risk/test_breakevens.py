"""Break-evens whose places are known: none, two and four roots at expiry, and those of today."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.risk.books import BOOK, MARKET
from tests.risk.test_shocks import black, recalculated
from xlalvh.risk.breakevens import EVEN, EXPIRY, LOSS, PROFIT, TODAY, Interval, break_evens
from xlalvh.risk.legs import Legs
from xlalvh.strategy import rules

PATH = rules.settle(rules.PATH)
CONDOR = BOOK.take(BOOK.underlying == "SPX")


def at(rows: list[Interval], when: str) -> tuple[list[str], list[float]]:
    """Outcomes in order, and the break-evens between them."""
    mine = [row for row in rows if row.at == when]
    assert (mine[0].from_points, mine[-1].to_points) == ("", "")
    assert [row.to_points for row in mine[:-1]] == [row.from_points for row in mine[1:]]
    return [row.outcome for row in mine], [row.to_points for row in mine[:-1]]


def test_two_at_expiry_are_the_short_strikes_less_and_plus_the_credit() -> None:
    """Ten condors with a credit of 13.50 points: 3925 - 13.5 and 4375 + 13.5."""
    outcomes, roots = at(break_evens(CONDOR, MARKET, PATH, cost=-13_500.0), EXPIRY)
    assert outcomes == [LOSS, PROFIT, LOSS]
    assert roots == pytest.approx([3911.5, 4388.5], abs=1e-6)


def test_none_where_the_credit_pays_for_every_loss() -> None:
    outcomes, roots = at(break_evens(CONDOR, MARKET, PATH, cost=-50_001.0), EXPIRY)
    assert (outcomes, roots) == ([PROFIT], [])


def test_four_of_a_condor_and_a_butterfly_by_hand() -> None:
    """Condor 3875/3925/4375/4425 and, at the money, short 4150/4200/4250 butterflies: at expiry the sum starts at
    -500 a condor, is +0 between 3925 and 4150, falls by 50 to 4200, and rises back. With a credit of 20 points:
    3925 - 20, 4150 + 20, 4250 - 20, 4375 + 20."""
    more = Legs(
        np.array(["SPX"] * 3), np.array([-10.0, 20.0, -10.0]), np.array([1.0] * 3), np.array([4150.0, 4200.0, 4250.0]),
        np.full(3, 0.12), np.full(3, 4210.0), np.full(3, 0.17), np.full(3, 0.05),
    )  # fmt: skip
    both = Legs(*(np.concatenate(pair) for pair in zip(CONDOR, more, strict=True)))
    outcomes, roots = at(break_evens(both, MARKET, PATH, cost=-20_000.0), EXPIRY)
    assert outcomes == [LOSS, PROFIT, LOSS, PROFIT, LOSS]
    assert roots == pytest.approx([3905.0, 4170.0, 4230.0, 4395.0], abs=1e-6)


def test_a_stretch_of_neither_is_one_row() -> None:
    """Without a credit a condor sold earns nothing between its short strikes, and loses elsewhere."""
    outcomes, roots = at(break_evens(CONDOR, MARKET, PATH, cost=0.0), EXPIRY)
    assert outcomes == [LOSS, EVEN, LOSS]
    assert roots == pytest.approx([3925.0, 4375.0], abs=1e-6)


@pytest.mark.parametrize("when", [TODAY, EXPIRY])
def test_the_whole_book_gains_nothing_at_its_break_evens(when) -> None:
    """Each root put into the independent recalculation, and every sign between them; VIX by hand on the path."""
    cost = float(BOOK.value().sum()) + 2_000.0
    rows = break_evens(BOOK, MARKET, PATH, cost)
    outcomes, roots = at(rows, when)

    def profit(level: float) -> float:
        beta = -4.0 if level < 4210.0 else -3.5
        change = 17.0 * ((level / 4210.0) ** beta - 1.0)
        today = recalculated(level / 4210.0 - 1.0, change, 0.0).sum()
        return (today if when == TODAY else at_expiry(level, change)) - 2_000.0

    assert len(roots) == {TODAY: 1, EXPIRY: 3}[when]
    for root in roots:
        assert profit(root) == pytest.approx(0.0, abs=0.05)
    ends = [0.6 * 4210.0, *roots, 1.25 * 4210.0]
    for outcome, low, high in zip(outcomes, ends[:-1], ends[1:], strict=True):
        assert (profit(math.sqrt(low * high)) > 0.0) == (outcome == PROFIT)
    scan = np.array([profit(x) for x in np.geomspace(ends[0], ends[-1], 120)])
    assert np.count_nonzero(np.diff(np.sign(scan))) == len(roots)  # none is missing


def at_expiry(level: float, change: float) -> float:
    """The condor and the front rung settle; mid and back have one rung an expiry, so their smiles are flat."""
    beta = 0.146 + 0.582 * np.exp(-5.75 * BOOK.years)
    moved = BOOK.forward + beta * change
    worth = np.maximum(BOOK.right * (np.where(BOOK.underlying == "SPX", level, moved) - BOOK.strike), 0.0)
    for i in (5, 6):
        vol = BOOK.vol[i] * (moved[i] / BOOK.forward[i]) ** 0.8
        worth[i] = black(1.0, moved[i], BOOK.strike[i], BOOK.years[i] - 0.12, vol, 0.05)
    return float(np.sum(100.0 * BOOK.quantity * (worth - BOOK.price())))


def test_today_without_a_cost_is_measured_from_the_models_value() -> None:
    _, roots = at(break_evens(BOOK, MARKET, PATH), TODAY)
    assert min(abs(root - 4210.0) for root in roots) < 1e-6


def test_vix_of_a_break_even_lies_on_the_path() -> None:
    for row in break_evens(CONDOR, MARKET, PATH, cost=-13_500.0):
        if row.to_points != "":
            beta = -4.0 if row.to_points < 4210.0 else -3.5
            assert row.to_vix == pytest.approx(17.0 * (row.to_points / 4210.0) ** beta)


def test_the_level_is_the_nearest_expirys_forward() -> None:
    """A condor of 36 days beside one of 44: roots are levels of the nearer forward."""
    near = CONDOR._replace(years=np.full(4, 0.10), forward=np.full(4, 4200.0))
    both = Legs(*(np.concatenate(pair) for pair in zip(near, CONDOR, strict=True)))
    _, roots = at(break_evens(both, MARKET, PATH), TODAY)
    assert min(abs(root - 4200.0) for root in roots) < 1e-6


def test_what_cannot_be_answered_is_said() -> None:
    with pytest.raises(ValueError, match="no SPX or XSP"):
        break_evens(BOOK.take(BOOK.underlying == "VIX"), MARKET, PATH)
    low = BOOK._replace(forward=np.where(BOOK.underlying == "VIX", 3.0, BOOK.forward))
    with pytest.raises(ValueError, match="falls to 0"):
        break_evens(low, MARKET, PATH)


@pytest.mark.parametrize(
    ("rule", "value"), [("path_beta_down", -5.0), ("path_beta_up", -5.0), ("path_low", -0.1), ("path_high", 0.02)]
)
def test_each_rule_of_the_path(rule, value) -> None:
    before, after = (at(break_evens(BOOK, MARKET, p), EXPIRY)[1] for p in (PATH, {**PATH, rule: value}))
    falls_before, falls_after = ([r for r in roots if r < 4210.0] for roots in (before, after))
    rises_before, rises_after = ([r for r in roots if r > 4210.0] for roots in (before, after))
    below = rule in ("path_beta_down", "path_low")
    assert (falls_before == pytest.approx(falls_after, abs=1e-6)) is not below
    assert (rises_before == pytest.approx(rises_after, abs=1e-6)) is below


def test_the_paths_betas_are_those_of_history(data) -> None:
    """Overlapping changes of logs over 21 sessions, 2006-2026, through the origin: falls -4.0, rises -3.5."""
    spx = pd.read_csv(data / "indices" / "SPX_GSPC_yahoo_1927-2026.csv", index_col="date", parse_dates=True).close
    vix = pd.read_csv(data / "indices" / "cboe_VIX_History.csv", index_col="DATE", parse_dates=True).CLOSE
    both = pd.DataFrame({"spx": spx, "vix": vix}).dropna().loc["2006":]
    moves = np.log(both).diff(21).dropna()
    for rule, part in (("path_beta_down", moves[moves.spx < 0.0]), ("path_beta_up", moves[moves.spx > 0.0])):
        beta = (part.spx * part.vix).sum() / (part.spx**2).sum()
        assert rules.default(rule) == pytest.approx(beta, abs=0.1)


def test_the_elasticity_is_that_of_history(data) -> None:
    """VVIX on each VX monthly 15 to 60 days out, changes of logs over 10 sessions, 2013-2026."""
    rows = pd.read_csv(data / "vx_futures" / "VX_all_contracts_long.csv", parse_dates=["trade_date", "expiry"])
    rows = rows[rows.monthly & (rows.Settle > 0.0)].sort_values(["expiry", "trade_date"])
    days = (rows.expiry - rows.trade_date).dt.days
    rows = rows[(days >= 15) & (days <= 60)]
    vvix = pd.read_csv(data / "indices" / "cboe_VVIX_History.csv", index_col="DATE", parse_dates=True).VVIX
    future = rows.groupby("expiry").Settle.transform(lambda s: np.log(s).diff(10)).to_numpy()
    change = np.log(vvix).diff(10).reindex(rows.trade_date).to_numpy()
    good = np.isfinite(future) & np.isfinite(change)
    slope = (future[good] @ change[good]) / (future[good] @ future[good])
    assert rules.default("vix_vol_elasticity") == pytest.approx(slope, abs=0.05)
