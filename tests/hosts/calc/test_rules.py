"""Every threshold on Rules in a running Calc: changed, it moves the results that it should and no other; cleared, it
never turns into another number. A rule that is not declared here fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from workbook.book import cells_of
from workbook.build import build
from xlalvh.formulas import CellError
from xlalvh.hosts.calc import engine
from xlalvh.hosts.calc.session import CalcBook, CalcSession
from xlalvh.market.tables import MarketTables
from xlalvh.strategy.rules import RULES, Rule, rule

Cells = Mapping[tuple[str, str], Any]

_LARGEST = 300  # cells of an area that is compared; columns by session follow from what stands above them
_WIDE = ("Condor", "Ladder", "Positions", "Sizing", "Signals", "Stress", "Adjust", "Capital", "Dashboard", "Paper")
_DATE = 46036.0  # 2026-01-14, the sample's day

_BACK = {"set_cut_backwardation": 0.065, "set_cut_contango": 0.07}  # the sample's slope is 5.9 %
_MONETISE = {**_BACK, "set_rsi_monetise": 60.0}  # its RSI of VIX is 68.2, and the slope fell
_BREADTH = {"signal_paste_day": _DATE, "signal_paste_advances": 900.0, "signal_paste_declines": 1900.0}


class Case(NamedTuple):
    """A rule changed: the results that must move, and the sheets on which no other may."""

    value: float
    must: tuple[str, ...]
    sheets: tuple[str, ...]
    given: Mapping[str, float] = {}  # other inputs, without which the rule says nothing to the sample


_CONDOR = ("condor_strikes", "condor_credit", "stress_grid", "net_spx_delta", "hedge_coverage")
_PLAYBOOK = ("Signals", "Dashboard")
_MARGIN = ("Stress", "Capital", "Sizing", "Positions")
_METHODS = ("Sizing", "Signals")

CASES: dict[str, Case] = {
    "condor_days": Case(60.0, ("condor_expiry", *_CONDOR), _WIDE),
    "condor_days_tolerance": Case(0.2, ("condor_expiry", *_CONDOR), _WIDE),
    "put_delta": Case(0.2, _CONDOR, _WIDE),
    "call_delta": Case(0.2, _CONDOR, _WIDE),
    "wing_width": Case(75.0, _CONDOR, _WIDE),
    "lots": Case(20.0, ("condor_credit_dollars", "stress_grid", "net_spx_delta", "hedge_unit_coverage"), _WIDE),
    "front_min_days": Case(40.0, ("ladder_unit", "ladder_unit_cost", "stress_grid"), _WIDE),
    "target_coverage": Case(0.7, ("hedge_units", "ladder_cost", "stress_grid"), _WIDE),
    "coverage_low": Case(0.8, ("method_band",), _WIDE),
    "coverage_high": Case(1.0, ("method_band",), _WIDE),
    "vega_tenor_exponent": Case(0.5, ("condor_vega_weighted", "hedge_coverage", "stress_grid"), _WIDE),
    "beta_c": Case(0.3, ("ladder_unit_vol_exposure", "hedge_coverage", "stress_grid"), _WIDE),
    "beta_a": Case(0.8, ("ladder_unit_vol_exposure", "hedge_coverage", "stress_grid"), _WIDE),
    "beta_kappa": Case(8.0, ("ladder_unit_vol_exposure", "hedge_coverage", "stress_grid"), _WIDE),
    "vix_vol_elasticity": Case(1.0, ("stress_grid", "stress_named"), ("Stress", "Adjust", "Capital", "Dashboard")),
    "cut_deep_backwardation": Case(0.064, ("regime", "signal_regime", "playbook_rule"), _WIDE, _BACK),
    "cut_backwardation": Case(0.07, ("regime", "signal_regime", "playbook_action"), _WIDE, {"set_cut_contango": 0.07}),
    "cut_contango": Case(0.07, ("regime", "signal_regime", "playbook_delta_low"), _WIDE),
    "cut_steep_contango": Case(0.05, ("regime", "signal_regime", "playbook_action"), _WIDE),
    "regime_hysteresis": Case(0.03, ("signal_regime_counts",), ("Signals", "Dashboard")),
    "rsi_period": Case(20.0, ("signal_rsi_spx", "signal_rsi_vix", "playbook_inputs"), (*_METHODS, "Dashboard")),
    "macd_fast": Case(8.0, ("signal_macd_vix", "signal_macd_histogram_vix"), _METHODS),
    "macd_slow": Case(30.0, ("signal_macd_vix", "signal_macd_histogram_vix"), _METHODS),
    "macd_signal": Case(5.0, ("signal_macd_signal_vix", "signal_macd_histogram_vix"), _METHODS),
    "divergence_window": Case(21.0, ("signal_divergence_spx", "playbook_inputs"), _PLAYBOOK),
    "expiry_roll_days": Case(40.0, ("playbook_action", "playbook_rule"), _PLAYBOOK),
    "event_roll_days": Case(20.0, ("playbook_action", "playbook_rule"), _PLAYBOOK),
    "rsi_monetise": Case(60.0, ("playbook_action", "playbook_rule"), _PLAYBOOK, _BACK),
    "slope_deepening": Case(-0.01, ("playbook_action", "playbook_rule"), _PLAYBOOK, _MONETISE),
    "monetise_share": Case(0.5, ("playbook_monetise_share",), _PLAYBOOK, _MONETISE),
    "contango_delta_low": Case(0.25, ("playbook_delta_low",), _PLAYBOOK),
    "contango_delta_high": Case(0.4, ("playbook_delta_high",), _PLAYBOOK),
    "flat_delta": Case(0.2, ("playbook_delta_low", "playbook_delta_high"), _PLAYBOOK, {"set_cut_contango": 0.07}),
    "backwardation_delta_low": Case(0.12, ("playbook_delta_low",), _PLAYBOOK, _BACK),
    "backwardation_delta_high": Case(0.22, ("playbook_delta_high",), _PLAYBOOK, _BACK),
    "hedge_weight_low": Case(0.2, ("playbook_weight", "method_notional"), (*_PLAYBOOK, "Sizing")),
    "hedge_weight_high": Case(0.4, ("playbook_weight_high", "method_notional"), (*_PLAYBOOK, "Sizing")),
    "hedge_expand": Case(0.1, ("playbook_weight", "playbook_weight_high"), _PLAYBOOK, _BACK),
    "promoter_increase": Case(0.5, ("playbook_promoter_front", "method_promoter"), _METHODS, _BACK),
    "layer_rsi": Case(0.5, ("playbook_steward_front", "playbook_promoter_front"), _METHODS),
    "layer_macd": Case(0.5, ("playbook_steward_front", "playbook_promoter_front"), _METHODS),
    "layer_ad_line": Case(0.5, ("playbook_steward_front", "playbook_promoter_front"), _METHODS, _BREADTH),
    "notional_warn_units": Case(1.0, ("method_notional",), ("Sizing",)),
    "future_beta_front": Case(-4.5, ("capm_units", "adjust_capm_ratio"), ("Sizing", "Adjust")),
    "future_beta_mid": Case(-3.5, ("capm_units",), ("Sizing",)),
    "future_beta_back": Case(-3.0, ("capm_units",), ("Sizing",)),
    **{rule.name: Case(1.0, ("tilt_target",), ("Sizing",)) for rule in RULES if rule.name.startswith("tilt_")},
    "wing_trigger": Case(0.5, ("edge_tested",), ("Adjust", "Dashboard"), {"set_wing_multiple": 1.0}),
    "wing_multiple": Case(1.0, ("edge_tested",), ("Adjust", "Dashboard")),
    "wing_watch": Case(0.4, ("adjust_status_call",), ("Adjust", "Dashboard")),
    **{name: Case(3.0, ("edge_table",), ("Adjust",)) for name in ("cost_spx_far", "cost_spx_mid", "cost_spx_near")},
    "cost_far_delta": Case(0.3, ("edge_table",), ("Adjust",)),
    "cost_near_delta": Case(0.1, ("edge_table",), ("Adjust",)),
    "cost_vix_monthly": Case(0.5, ("edge_table",), ("Adjust",)),
    "cost_stress_vix": Case(20.0, ("edge_table",), ("Adjust",)),
    "cost_stress": Case(6.0, ("edge_table",), ("Adjust",)),
    "cost_contract": Case(15.0, ("edge_table",), ("Adjust", "Paper")),
    "sim_drift": Case(0.2, ("edge_table",), ("Adjust",)),
    "sim_realised_ratio": Case(1.0, ("edge_table",), ("Adjust",)),
    "sim_vix_level": Case(25.0, ("edge_table",), ("Adjust",)),
    "margin_naked": Case(0.3, (), ()),
    "margin_naked_least": Case(0.3, (), ()),
    "margin_long": Case(
        0.5, ("stress_margin",), ("Stress", "Capital", "Sizing", "Positions"), {"set_margin_long_days": 60.0}
    ),
    "margin_long_days": Case(60.0, ("stress_margin",), ("Stress", "Capital", "Sizing", "Positions")),
    "path_beta_down": Case(-5.0, ("stress_break_evens", "stress_path"), ("Stress", "Dashboard")),
    "path_beta_up": Case(-5.0, ("stress_break_evens", "stress_path"), ("Stress", "Dashboard")),
    "path_low": Case(-0.1, ("stress_break_evens",), ("Stress", "Dashboard")),
    "path_high": Case(0.02, ("stress_break_evens",), ("Stress", "Dashboard")),
    "paper_stale_minutes": Case(60.0, ("paper_about",), ("Paper",)),
    "paper_apart_minutes": Case(60.0, ("paper_about",), ("Paper",)),
}
WORDED = ("stress_grid",)  # without a ladder it is the condor's, and the sheet says what the book lacks
SILENT = {  # rules that say nothing to the sample's book, and why
    "cost_vix_nickel": "options before penny ticks: the past alone",
    "cash_press_days": "no last rebalance is entered",
    "cost_vix_weekly": "the workbook's ladder holds monthlies",
    "backtest_reserve": "read by the backtest alone, with --rules",
    "backtest_put_delta": "read by the backtest alone, with --rules",
}


class Live:
    """The sample's book, open in Calc, and what its named results show."""

    def __init__(self, book: CalcBook, names: Mapping[str, tuple[str, str]], formulas: set[tuple[str, str]]) -> None:
        self.book, self.names = book, names
        areas = {
            name: [(sheet, cell) for cell in cells_of(area) if (sheet, cell) in formulas]
            for name, (sheet, area) in names.items()
            if sheet not in ("Market", "Rules", "Functions", "Glossary")
        }
        self.areas = {name: found for name, found in areas.items() if 0 < len(found) <= _LARGEST}
        self.wanted = {cell for found in self.areas.values() for cell in found}

    def read(self) -> Cells:
        return engine.read(self.book, self.wanted)

    def write(self, name: str, value: float | None) -> Any:
        """Set an input, or the first cell of an area of inputs; what stood there."""
        sheet, area = self.names[name]
        cell = cells_of(area)[0]
        old = self.book.read(sheet, cell)[0][0]
        self.book.write(sheet, cell, value)
        return None if old == "" else old

    def moved(self, before: Cells, after: Cells) -> dict[str, list[tuple[str, str]]]:
        """Named results that differ, with the cells that do."""
        differing = {cell for cell in self.wanted if not _alike(before.get(cell), after.get(cell))}
        found = {name: [cell for cell in cells if cell in differing] for name, cells in self.areas.items()}
        return {name: cells for name, cells in found.items() if cells}


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return bool(one == other)


@pytest.fixture(scope="module")
def live(calc: CalcSession, sample_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    built = build(tmp_path_factory.mktemp("rules") / "alvh.xlsx", sample_tables, spell=engine.spell)
    book = calc.open(built.path)
    book.recalculate()
    yield Live(book, built.names, set(built.formulas))
    book.close()


def test_every_rule_is_declared() -> None:
    assert {rule.name for rule in RULES} == CASES.keys() | SILENT.keys()
    assert not CASES.keys() & SILENT.keys()


@pytest.mark.parametrize("name", CASES)
def test_a_rule_changes_what_it_should_and_nothing_else(live: Live, name: str) -> None:
    case = CASES[name]
    kept = {other: live.write(other, value) for other, value in case.given.items()}
    try:
        before = live.read()
        old = live.write(f"set_{name}", case.value)
        moved = live.moved(before, live.read())
        live.write(f"set_{name}", old)
    finally:
        for other, value in kept.items():
            live.write(other, value)
    assert set(case.must) <= moved.keys(), "does not move what it should"
    elsewhere = {result for result in moved if live.names[result][0] not in case.sheets}
    assert not elsewhere


@pytest.mark.parametrize("name", SILENT)
def test_a_rule_of_other_books_changes_nothing_here(live: Live, name: str) -> None:
    before = live.read()
    known = rule(name)
    old = live.write(f"set_{name}", 0.5 * (known.low + known.high))
    moved = live.moved(before, live.read())
    live.write(f"set_{name}", old)
    assert not moved


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.must])
def test_a_cleared_rule_gives_no_other_number(live: Live, name: str) -> None:
    """What must follow the rule shows an error, words or nothing, never a figure made with 0."""
    case = CASES[name]
    kept = {other: live.write(other, value) for other, value in case.given.items()}
    try:
        before = live.read()
        old = live.write(f"set_{name}", None)
        after = live.read()
        live.write(f"set_{name}", old)
    finally:
        for other, value in kept.items():
            live.write(other, value)
    figures = {
        (result, cell[1])
        for result, cells in live.moved(before, after).items()
        if result in case.must and result not in WORDED
        for cell in cells
        if isinstance(after[cell], float)
    }
    assert not figures
    assert live.moved(before, after).keys() & set(case.must)


@pytest.mark.parametrize("known", RULES, ids=lambda known: known.name)
def test_an_absurd_rule_is_refused_in_words(live: Live, known: Rule) -> None:
    """It is as if cleared: what must follow it then fails, as tested above."""
    line = RULES.index(known)
    (sheet, used), (_, remarks) = live.names[f"rule_{known.name}"], live.names["rule_remarks"]
    old = live.write(f"set_{known.name}", 2.0 * known.high + 1.0)
    (in_use,), (remark,) = live.book.read(sheet, used)[0], live.book.read(sheet, cells_of(remarks)[line])[0]
    (problem,) = live.book.read(*live.names["rule_problem"])[0]
    live.write(f"set_{known.name}", old)
    assert isinstance(in_use, CellError)
    assert remark == f"must be a number from {known.low:g} to {known.high:g}"
    assert problem.startswith("1 rules")


def test_the_book_is_as_before(live: Live, sample_tables: MarketTables) -> None:
    """All inputs were put back."""
    first = live.read()
    live.book.recalculate()
    assert not live.moved(first, live.read())
    assert not any(
        isinstance(value, CellError) for (sheet, _), value in first.items() if sheet in ("Signals", "Stress")
    )
