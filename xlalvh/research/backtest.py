"""The backtest: every variant under every supposed error of the option prices, and what may be said of it.

Real are SPX, the VIX family, VVIX, SKEW, VX settlements and the settlements of all options; the option prices between
are the model's (`research.surface`). So each result is shown with condor credits 15 % lower and higher and VIX option
volatilities 20 % lower and higher, and where its sign does not outlast that it is undecided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from xlalvh.numerics.arrays import Array, Dates
from xlalvh.research import trades
from xlalvh.research.history import History, HistoryError
from xlalvh.research.ledger import Account, account
from xlalvh.research.measures import CRISES, SESSIONS, Measures, daily, in_crisis, measure, standard_error
from xlalvh.research.past import Past, carried
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.layers import PROMOTER
from xlalvh.strategy.presets import PRESETS, SEEDS, Preset
from xlalvh.strategy.rules import DEFAULTS

FIRST = dt.date(2010, 5, 24)  # the VX curve starts here
LEAST_DAYS = 40  # sessions: one condor

CONDOR, PUTS, LEGGING, STEWARD = "condor alone", "+ SPX puts", "legging out", "steward"


class Scenario(NamedTuple):
    """What is supposed of prices and fills."""

    name: str
    spx_price: float = 1.0
    vix_vol: float = 1.0
    lag: int = 1


BASE = Scenario("as modelled")
SCENARIOS: tuple[Scenario, ...] = (
    BASE,
    Scenario("credit -15 %", spx_price=0.85),
    Scenario("credit +15 %", spx_price=1.15),
    Scenario("VIX vol -20 %", vix_vol=0.8),
    Scenario("VIX vol +20 %", vix_vol=1.2),
    Scenario("same close", lag=0),
)
JUDGED = SCENARIOS[:5]  # the fills at the same close are a sensitivity, no error of prices

UNDECIDED = "undecided"
CHANCE = "?"  # after a verdict that chance could have made
SURE = 2.0  # standard errors


@dataclass(frozen=True)
class Settings:
    """Rules by name, and the presets to compare."""

    rules: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULTS))
    presets: tuple[Preset, ...] = PRESETS

    @property
    def capital(self) -> float:
        """Dollars: Reg-T margin of the condors and the reserve."""
        margin = self.rules["wing_width"] * MULTIPLIER * self.rules["lots"]
        return margin * (1.0 + self.rules["backtest_reserve"])

    def variants(self) -> tuple[str, ...]:
        """Names in the order of the tables."""
        ladders = tuple(f"+ ALVH {preset.name}" for preset in self.presets)
        return (CONDOR, *ladders, PUTS, LEGGING, STEWARD, PROMOTER)


@dataclass(frozen=True)
class Result:
    """Accounts by scenario and variant over one axis of days."""

    settings: Settings
    day: Dates
    accounts: Mapping[str, Mapping[str, Account]]  # scenario, then variant
    condors: int

    def measures(self, scenario: str, variant: str) -> Measures:
        """Of one run."""
        return measure(self.day, self.shares(scenario, variant))

    def shares(self, scenario: str, variant: str) -> Array:
        """Of the capital, each day after the first."""
        return daily(self.accounts[scenario][variant].profit / 100.0, self.settings.capital)

    def drag(self, scenario: str, variant: str) -> float:
        """Profit a year that the variant gives up against the condor alone; below 0 where it adds."""
        alone, other = (float(self.shares(scenario, name).mean()) for name in (CONDOR, variant))
        return (alone - other) * SESSIONS

    def drag_error(self, scenario: str, variant: str) -> float:
        """Standard error of the drag."""
        return standard_error(self.shares(scenario, CONDOR) - self.shares(scenario, variant)) * SESSIONS

    def verdict(self, variant: str) -> str:
        """gains, loses, or undecided where the sign of the profit changes within the error of the prices; with a
        question mark where the sign stays but the profit is less than two standard errors."""
        error = self.measures(BASE.name, variant).error
        return _judge([self.measures(s.name, variant).profit for s in JUDGED], error, "gains", "loses")

    def comparison(self, variant: str) -> str:
        """better, worse or undecided against the condor alone, likewise; empty for that one."""
        if variant == CONDOR:
            return ""
        return _judge(
            [-self.drag(s.name, variant) for s in JUDGED], self.drag_error(BASE.name, variant), "better", "worse"
        )

    def crisis(self, scenario: str, variant: str, name: str) -> float | None:
        """Profit of a crisis as a share of the capital."""
        first, last = next((a, b) for label, a, b in CRISES if label == name)
        found = in_crisis(self.day, self.accounts[scenario][variant].profit / 100.0, first, last)
        return None if found is None else found / self.settings.capital


def _judge(values: Sequence[float], error: float, above: str, below: str) -> str:
    """A word for the sign that all values have, the first of which is the one as modelled and has the error."""
    if not (all(value > 0.0 for value in values) or all(value < 0.0 for value in values)):
        return UNDECIDED
    return (above if values[0] > 0.0 else below) + (CHANCE if abs(values[0]) < SURE * error else "")


Progress = Callable[[str, int, int], None]  # what was done, how many, of how many


def run(
    history: History,
    settings: Settings | None = None,
    variants: Sequence[str] = (),
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Every variant (or those named, and the condor alone) under every scenario.

    The same numbers come whatever the count of processes.

    Raises
    ------
    HistoryError
        Where the history is too short, or lacks a level that the prices need.
    ValueError
        For an unknown variant or a rule out of its bounds.
    """
    settings = settings or Settings()
    known = settings.variants()
    for name in variants:
        if name not in known:
            raise ValueError(f"variant is {name}; it must be one of: {', '.join(known)}")
    wanted = tuple(name for name in known if name == CONDOR or not variants or name in variants)
    if len(history) < LEAST_DAYS:
        raise HistoryError(f"{len(history)} days are too few for a backtest: give at least {LEAST_DAYS}")
    history, _ = carried(history)
    work = partial(scenario_accounts, history, settings, wanted)
    found: dict[str, Mapping[str, Account]] = {}
    for done, (scenario, (accounts, condors)) in enumerate(zip(SCENARIOS, _map(work, processes), strict=True)):
        found[scenario.name] = accounts
        count = condors
        if progress is not None:
            progress(scenario.name, done + 1, len(SCENARIOS))
    return Result(settings, history.day, found, count)


def _map(
    work: Callable[[Scenario], tuple[dict[str, Account], int]], processes: int
) -> Iterator[tuple[dict[str, Account], int]]:
    if processes <= 1:
        yield from map(work, SCENARIOS)
        return
    # A fork would copy the locks of whoever draws the progress, as they happen to stand.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, SCENARIOS)


def scenario_accounts(
    history: History, settings: Settings, variants: Sequence[str], scenario: Scenario
) -> tuple[dict[str, Account], int]:
    """The accounts of the variants under one scenario, and how many condors were sold."""
    rules = settings.rules
    past = Past(history, scenario.spx_price, scenario.vix_vol)
    plan = trades.Plan(past, rules, scenario.lag)
    sold = trades.condors(plan)
    alone = account(trades.condor_lots(plan, sold), past, rules)
    found = {CONDOR: alone}
    for preset in settings.presets:
        name = f"+ ALVH {preset.name}"
        if name in variants or (STEWARD in variants and preset.name == SEEDS.name):
            hedge = alone + account(trades.ladder_lots(plan, sold, preset), past, rules)
            if name in variants:
                found[name] = hedge
            if STEWARD in variants and preset.name == SEEDS.name:
                found[STEWARD] = hedge  # by definition: the same contracts in every regime
    seeds = next(preset for preset in settings.presets if preset.name == SEEDS.name)
    if PUTS in variants:
        found[PUTS] = alone + account(trades.put_lots(plan, sold, seeds), past, rules)
    if LEGGING in variants:
        found[LEGGING] = account(trades.legged_out(plan, sold), past, rules)
    if PROMOTER in variants:
        found[PROMOTER] = alone + account(trades.ladder_lots(plan, sold, seeds, PROMOTER), past, rules)
    return {name: found[name] for name in variants}, len(sold.decided)
