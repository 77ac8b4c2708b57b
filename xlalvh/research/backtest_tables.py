"""The backtest's result as tables: for the command, the stored results and the sheet. Shares of the capital."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np

from xlalvh.research.backtest import BASE, CONDOR, SCENARIOS, Result
from xlalvh.research.measures import CRISES, SESSIONS, cumulated, drawdowns
from xlalvh.research.results import Results, Table
from xlalvh.strategy.presets import PRESETS
from xlalvh.strategy.rules import DEFAULTS

KIND = "backtest"
POINTS = 120  # of a curve
# What `calibrate.model_error` finds on real chains, each date left out of its own fit; the tests ask it again.
MODEL_ERROR = (
    "condor credits are 3 % too low, give or take 11 %, on 11 real chains (a flat smile: 45 % too high); VIX option "
    "volatilities are within 15 % on two; no quotes of a crash exist here"
)
SUMMARY = (
    "variant", "profit_a_year", "standard_error", "growth_a_year", "volatility", "sharpe", "sortino", "max_drawdown",
    "worst_month", "drag_a_year", "drag_error", "costs_a_year", "hedge_premium_a_year", "verdict", "against_condor",
)  # fmt: skip


def tabulate(result: Result, made: dt.date) -> Results:
    """All tables of a run."""
    variants = tuple(result.accounts[BASE.name])
    ends = _points(result)
    totals = {name: cumulated(result.shares(BASE.name, name)) for name in variants}
    falls = {name: drawdowns(total) for name, total in totals.items()}
    tables = {
        "size": Table(
            ("capital_dollars", "sessions", "condors", "scenarios"),
            ((result.settings.capital, float(len(result.day)), float(result.condors), float(len(SCENARIOS))),),
        ),
        "summary": Table(SUMMARY, tuple(_summary(result, name) for name in variants)),
        "sensitivity": _by_scenario(result, variants, lambda s, v: result.measures(s, v).profit),
        "difference": _by_scenario(
            result, tuple(v for v in variants if v != CONDOR), lambda s, v: -result.drag(s, v)
        ),
        "crises": Table(
            ("variant", *(name for name, _, _ in CRISES)),
            tuple((v, *(_rounded(result.crisis(BASE.name, v, name)) for name, _, _ in CRISES)) for v in variants),
        ),
        "equity": Table(
            ("date", *variants),
            tuple((str(result.day[i]), *(_rounded(totals[v][i]) for v in variants)) for i in ends),
        ),
        "drawdown": Table(
            ("date", *variants),
            tuple(
                (str(result.day[last]), *(_rounded(falls[v][first : last + 1].min()) for v in variants))
                for first, last in zip((0, *ends[:-1]), ends, strict=True)
            ),
        ),
    }  # fmt: skip
    return Results(KIND, made.isoformat(), _data(result), _error(), tables)


def write_daily(result: Result, path: Path) -> None:
    """Every day of every run, a row each: cash, marks, costs so far and profit, dollars."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["date", "scenario", "variant", "cash", "marks", "costs", "profit"])
        for scenario, accounts in result.accounts.items():
            for variant, account in accounts.items():
                columns = (account.cash, account.marks, account.costs, account.profit)
                dollars = [[f"{cents / 100.0:.2f}" for cents in column.tolist()] for column in columns]
                writer.writerows(
                    (day, scenario, variant, *row)
                    for day, row in zip(result.day.tolist(), zip(*dollars, strict=True), strict=True)
                )


def _summary(result: Result, name: str) -> tuple[str | float | None, ...]:
    found = result.measures(BASE.name, name)
    account, alone = result.accounts[BASE.name][name], result.accounts[BASE.name][CONDOR]
    a_year = SESSIONS / (len(result.day) - 1) / 100.0 / result.settings.capital
    premium = float(account.premium[-1] - alone.premium[-1]) * a_year
    drag = result.drag(BASE.name, name), result.drag_error(BASE.name, name)
    numbers = (*found, *drag, float(account.costs[-1]) * a_year, premium)
    return (name, *map(_rounded, numbers), result.verdict(name), result.comparison(name) or None)


def _by_scenario(result: Result, variants: tuple[str, ...], value: Callable[[str, str], float]) -> Table:
    rows = tuple((v, *(_rounded(value(s.name, v)) for s in SCENARIOS)) for v in variants)
    return Table(("variant", *(s.name for s in SCENARIOS)), rows)


def _points(result: Result) -> list[int]:
    """Days to draw the curves through, evenly over the whole range: as many whatever its length."""
    return np.linspace(0, len(result.day) - 1, POINTS).round().astype(int).tolist()


def _data(result: Result) -> str:
    changed = [name for name, value in result.settings.rules.items() if DEFAULTS.get(name) != value]
    rules = f"; rules changed: {', '.join(sorted(changed))}" if changed else ""
    presets = "; presets changed" if result.settings.presets != PRESETS else ""
    return (
        f"{result.day[0]} to {result.day[-1]}: SPX, VIX family, VVIX, SKEW, VX futures and all settlements are real"
        f"{rules}{presets}"
    )


def _error() -> str:
    return f"option prices are modelled: {MODEL_ERROR}"


def _rounded(value: float | None) -> float | None:
    """To a millionth of the capital: what is stored is the same on every machine."""
    return None if value is None else float(np.round(value, 6)) + 0.0
