"""The backtest against a plain one, against futures that never were, and against itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from tests.research.plain_backtest import profits
from xlalvh.research import backtest
from xlalvh.research.backtest import BASE, CONDOR, SCENARIOS, STEWARD, Scenario, Settings
from xlalvh.research.history import History, HistoryError
from xlalvh.research.ledger import Account
from xlalvh.research.past import carried
from xlalvh.strategy.rules import DEFAULTS

VARIANTS = Settings().variants()
YEAR = (dt.date(2017, 7, 3), dt.date(2018, 6, 29))  # February 2018 in its middle


@pytest.fixture(scope="module")
def year(real_history: History) -> History:
    return carried(real_history.between(*YEAR))[0]


@pytest.fixture(scope="module")
def accounts(year: History) -> dict[str, Account]:
    return backtest.scenario_accounts(year, Settings(), VARIANTS, BASE)[0]


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v != STEWARD])
def test_a_plain_backtest_agrees_to_the_cent(year: History, accounts: dict[str, Account], variant: str) -> None:
    plain = profits(year, dict(DEFAULTS), variant.removeprefix("+ ALVH "))
    assert np.abs(plain - accounts[variant].profit / 100.0).max() < 0.005
    assert len(set(plain.tolist())) > 200  # something happened


def test_a_plain_backtest_agrees_on_other_prices(real_history: History) -> None:
    part = carried(real_history.between(dt.date(2011, 6, 1), dt.date(2011, 11, 30)))[0]
    scenario = Scenario("dear", spx_price=1.15, vix_vol=0.8)
    found, _ = backtest.scenario_accounts(part, Settings(), VARIANTS, scenario)
    for variant in ("+ ALVH 4/4/2 % of maximum loss", "legging out"):
        plain = profits(part, dict(DEFAULTS), variant.removeprefix("+ ALVH "), 1.15, 0.8)
        assert np.abs(plain - found[variant].profit / 100.0).max() < 0.005


def shuffled_after(history: History, day: int, seed: int) -> History:
    """The same up to a day, and another future: its days in another order, its levels scaled."""
    order = np.arange(len(history))
    order[day + 1 :] = np.random.default_rng(seed).permutation(order[day + 1 :])
    scale = np.where(np.arange(len(history)) > day, 1.37, 1.0)
    names = ("spx", "vix", "vix9d", "vix3m", "vix6m", "vvix", "skew", "rate")
    levels = {name: getattr(history, name)[order] * scale for name in names}
    listed = np.isfinite(history.vx_settle)
    futures = np.where(listed, history.vx_settle * scale[:, None], np.nan)
    unknown = history.vx_expiry > history.day[day]
    return replace(history, **levels, vx_settle=futures, vx_final=np.where(unknown, 77.0, history.vx_final))


@pytest.mark.parametrize("day", [30, 111, 150, 200])
def test_no_variant_looks_ahead(year: History, accounts: dict[str, Account], day: int) -> None:
    """Shuffle the future: what was known of cash, marks and costs up to the day stays, cent by cent."""
    other, _ = backtest.scenario_accounts(shuffled_after(year, day, day), Settings(), VARIANTS, BASE)
    for variant in VARIANTS:
        for mine, theirs in zip(accounts[variant], other[variant], strict=True):
            assert (mine[: day + 1] == theirs[: day + 1]).all(), variant
        assert (accounts[variant].profit[day + 2 :] != other[variant].profit[day + 2 :]).any()


@pytest.mark.parametrize("lag", [0, 1])
def test_a_shorter_history_is_the_beginning_of_a_longer_one(year: History, lag: int) -> None:
    """Trades that would be filled after its end are not made; before, nothing differs."""
    scenario = Scenario("", lag=lag)
    whole, _ = backtest.scenario_accounts(year, Settings(), VARIANTS, scenario)
    end = dt.date(2018, 2, 9)
    part = year.between(None, end)
    found, _ = backtest.scenario_accounts(part, Settings(), VARIANTS, scenario)
    for variant in VARIANTS:
        assert (found[variant].profit == whole[variant].profit[: len(part)]).all(), variant


def test_the_same_numbers_on_one_process_and_on_two(year: History) -> None:
    told: list[tuple[str, int, int]] = []
    one = backtest.run(year, variants=("legging out",), progress=lambda *step: told.append(step))
    two = backtest.run(year, variants=("legging out",), processes=2)
    for scenario in SCENARIOS:
        for variant in (CONDOR, "legging out"):
            mine, theirs = one.accounts[scenario.name][variant], two.accounts[scenario.name][variant]
            assert all((a == b).all() for a, b in zip(mine, theirs, strict=True))
    assert [(name, done) for name, done, _ in told] == [(s.name, i + 1) for i, s in enumerate(SCENARIOS)]
    assert set(one.accounts[BASE.name]) == {CONDOR, "legging out"}


def judged(year: History, ends: tuple[int, ...], noise: float = 0.0) -> backtest.Result:
    """A result whose variant ends at so many cents under each judged scenario; the condor earns 100,000 evenly."""
    days = len(year)
    zero = np.zeros(days, dtype=np.int64)
    wave = noise * np.random.default_rng(5).standard_normal(days).cumsum()
    wave -= np.linspace(0.0, wave[-1], days)
    flat = Account(np.linspace(0, 100_000, days).astype(np.int64), zero, zero, zero)
    made = {}
    for scenario, end in zip(backtest.JUDGED, ends, strict=True):
        line = (np.linspace(0, end, days) + wave).astype(np.int64)
        made[scenario.name] = {CONDOR: flat, "legging out": Account(line, zero, zero, zero)}
    return backtest.Result(Settings(), year.day, made, 1)


@pytest.mark.parametrize(
    ("ends", "alone", "against"),
    [
        ((200_000, 300_000, 150_000, 200_000, 110_000), "gains", "better"),
        ((50_000, 40_000, 150_000, 20_000, 10_000), "gains", "undecided"),
        ((-1_000, -1_000, -1_000, -1_000, 1_000), "undecided", "worse"),
        ((-1_000, -1_000, -1_000, -1_000, -1_000), "loses", "worse"),
    ],
)
def test_verdicts_need_one_sign_under_every_error_of_the_prices(
    year: History, ends: tuple[int, ...], alone: str, against: str
) -> None:
    result = judged(year, ends)
    assert (result.verdict("legging out"), result.comparison("legging out")) == (alone, against)
    assert result.comparison(CONDOR) == ""


def test_what_chance_could_have_made_has_a_question_mark(year: History) -> None:
    result = judged(year, (200_000,) * 5, noise=50_000.0)
    assert (result.verdict("legging out"), result.comparison("legging out")) == ("gains?", "better?")


def test_rules_count(year: History) -> None:
    """Fewer lots, nearer strikes, narrower wings, dearer trades: each changes what it should."""

    def end(**changes: float) -> backtest.Result:
        return backtest.run(year, Settings({**DEFAULTS, **changes}), variants=("+ ALVH seeds",))

    base = end()
    profit = base.accounts[BASE.name][CONDOR].profit
    half = end(lots=5.0)
    assert half.settings.capital == base.settings.capital / 2.0
    assert half.accounts[BASE.name][CONDOR].profit[-1] == pytest.approx(profit[-1] / 2.0, abs=2.0)
    assert end(put_delta=0.10).accounts[BASE.name][CONDOR].profit[-1] != profit[-1]
    assert end(cost_contract=3.0).accounts[BASE.name][CONDOR].profit[-1] < profit[-1]
    assert end(backtest_reserve=0.0).settings.capital == 50_000.0
    fewer = end(target_coverage=0.7).accounts[BASE.name]["+ ALVH seeds"]
    assert fewer.premium[-1] < base.accounts[BASE.name]["+ ALVH seeds"].premium[-1]


def test_refusals_name_the_remedy(year: History) -> None:
    with pytest.raises(ValueError, match="variant is none of these"):
        backtest.run(year, variants=("none of these",))
    with pytest.raises(HistoryError, match="too few"):
        backtest.run(year.between(None, dt.date(2017, 7, 31)))
    blind = replace(year, vvix=np.where(np.arange(len(year)) > 50, np.nan, year.vvix))
    with pytest.raises(HistoryError, match="VVIX"):
        backtest.run(blind)
