"""The template in a running Calc: it computes what the embedded engine does, and follows its inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.formulas.expected import EXPECTED, differences, tolerance
from workbook.book import cells_of
from workbook.build import Built, build
from xlalvh.formulas import CellError, catalogue
from xlalvh.hosts import embedded
from xlalvh.hosts.calc import engine
from xlalvh.hosts.calc.session import CalcBook, CalcSession
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.tables import tabulate
from xlalvh.strategy.presets import PRESETS

OUTPUT = re.compile(r"condor_|ladder_|hedge_|net_|curve_|regime|spx_level$|vix_level$")


class Live:
    """The sample's book, open in Calc."""

    def __init__(self, built: Built, book: CalcBook) -> None:
        self.built, self.book = built, book

    def values(self) -> dict[tuple[str, str], Any]:
        return engine.read(self.book, self.built.formulas)

    def one(self, name: str) -> Any:
        sheet, cell = self.built.names[name]
        return self.book.read(sheet, cell)[0][0]

    def write(self, name: str, value: Any) -> None:
        sheet, cell = self.built.names[name]
        self.book.write(sheet, cell, value)

    def area(self, name: str) -> str:
        return self.built.names[name][1]

    def changed(self, before: dict[tuple[str, str], Any]) -> set[str]:
        """Named results that differ from before."""
        now = self.values()
        return {
            name
            for name, (sheet, area) in self.built.names.items()
            if OUTPUT.match(name) and any(now.get((sheet, c)) != before.get((sheet, c)) for c in cells_of(area))
        }


@pytest.fixture(scope="module")
def live(calc: CalcSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    path = tmp_path_factory.mktemp("template") / "alvh.xlsx"
    built = build(path, tabulate(sample_snapshot()), spell=engine.spell)
    book = calc.open(path)
    book.recalculate()
    yield Live(built, book)
    book.close()


def test_agrees_with_the_embedded_engine(live: Live, tmp_path: Path) -> None:
    """Every formula cell of the book, to 1e-9."""
    mine = build(tmp_path / "alvh.xlsx", tabulate(sample_snapshot()))
    others = embedded.evaluate(mine.path, mine.formulas)
    differing = {
        where: (value, others[where])
        for where, value in live.values().items()
        if differences(value, others[where], 1e-9) and not _nothing(value, others[where])
    }
    assert not differing


def _nothing(one: Any, other: Any) -> bool:
    """What is left of dollars that cancel."""
    return all(isinstance(value, float) and abs(value) < 1e-8 for value in (one, other))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_example_equals_an_independent_value(live: Live, name: str) -> None:
    sheet, area = live.built.names[f"example_{name}"]
    rows = tuple(tuple(row) for row in live.book.read(sheet, area))
    found: Any = rows if ":" in area else rows[0][0]
    expected = EXPECTED[name]
    if isinstance(expected, tuple) and not isinstance(expected[0], tuple):
        expected = tuple((item,) for item in expected)
    assert not differences(found, expected, tolerance(name))


def test_every_formula_has_an_independent_value() -> None:
    assert set(EXPECTED) == set(catalogue) - {"ALVH_EXPLAIN"}  # whose words test_explain knows


@pytest.mark.parametrize(
    ("inputs", "must", "must_not"),
    [
        (
            {"spx_level_yours": 7000.0},
            {"spx_level", "condor_forward", "condor_auto_strikes", "condor_vega", "hedge_coverage", "net_spx_delta"},
            {"regime", "ladder_unit", "ladder_unit_cost", "curve_cm30", "condor_expiry", "vix_level"},
        ),
        (
            {"condor_strike_yours_2": 6400.0},
            {"condor_strikes", "condor_credit", "condor_break_even_low", "hedge_coverage"},
            {"regime", "ladder_unit", "condor_auto_strikes", "condor_forward", "curve_cm30"},
        ),
        (
            {"vix_level_yours": 20.0},
            {"vix_level", "curve_basis", "ladder_response", "hedge_gain_ten"},
            {"condor_credit", "ladder_unit_cost", "hedge_coverage", "condor_strikes"},
        ),
        (
            {"set_put_delta": 0.25},
            {"condor_strikes", "condor_credit", "hedge_coverage"},
            {"ladder_unit", "regime", "condor_forward", "condor_expiry"},
        ),
        (
            {"set_coverage_high": 0.7, "set_target_coverage": 0.65},
            {"hedge_units", "hedge_coverage", "ladder_cost"},
            {"ladder_unit", "condor_credit", "regime", "hedge_unit_coverage"},
        ),
        (
            {"set_beta_c": 0.3},
            {"ladder_unit_vol_exposure", "hedge_unit_coverage", "hedge_units", "ladder_response"},
            {"condor_credit", "ladder_unit_cost", "regime"},
        ),
        (
            {"set_lots": 20.0},
            {"condor_credit_dollars", "condor_max_loss", "hedge_unit_coverage", "hedge_units"},
            {"condor_credit", "ladder_unit_cost", "regime", "condor_strikes"},
        ),
    ],
)
def test_an_input_changes_what_depends_on_it_and_nothing_else(
    live: Live, inputs: dict[str, float], must: set[str], must_not: set[str]
) -> None:
    before = live.values()
    old = {name: live.one(name) for name in inputs}
    for name, value in inputs.items():
        live.write(name, value)
    changed = live.changed(before)
    for name, value in old.items():
        live.write(name, None if value == "" else value)
    assert must <= changed
    assert not must_not & changed
    assert not live.changed(before)


def test_a_vix_future_moves_curve_and_ladder(live: Live) -> None:
    """The first future that the ladder uses, replaced by the trader."""
    before = live.values()
    expiries = [row[0] for row in live.book.read("Market", live.area("fut_expiry"))]
    front = live.book.read("Ladder", live.area("ladder_expiries"))[0][0]
    cell = cells_of(live.area("fut_yours"))[expiries.index(front)]
    live.book.write("Market", cell, 25.0)
    changed = live.changed(before)
    live.book.write("Market", cell, None)
    assert {"ladder_futures", "ladder_unit", "ladder_unit_cost", "hedge_coverage", "curve_cm30"} <= changed
    assert not {"condor_credit", "condor_strikes", "condor_forward"} & changed
    assert not live.changed(before)


def test_an_invalid_input_is_a_real_error_that_explains_itself(live: Live) -> None:
    """A delta that no option has: an error where it is used, and the reason in words."""
    before = live.values()
    live.write("set_put_delta", -0.16)
    strikes = live.book.read("Condor", live.area("condor_auto_strikes"))[0]
    credit, reason = live.one("condor_credit"), live.one("hedge_reason")
    live.write("set_put_delta", 0.16)
    assert all(isinstance(cell, CellError) and cell.code == "#N/A" for cell in strikes)
    assert isinstance(credit, CellError)
    assert isinstance(reason, str)
    assert "mend" in reason or "look at" in reason
    assert not live.changed(before)


@pytest.mark.parametrize("preset", [preset.name for preset in PRESETS[1:]])
def test_every_preset_gives_a_ladder(live: Live, preset: str) -> None:
    before = live.values()
    live.write("rule_preset", preset)
    contracts, cost, units = (live.one(n) for n in ("ladder_unit_contracts", "ladder_unit_cost", "hedge_units"))
    exposures = live.book.read("Ladder", live.area("ladder_rung_vol_exposure_dollars"))
    layers = live.book.read("Ladder", live.area("ladder_rung_layer"))
    max_loss = live.one("condor_max_loss")
    live.write("rule_preset", "seeds")
    assert contracts > 0
    assert cost > 0
    if preset == "30/110/220 days":
        assert contracts == 10
        assert units == 1
    if preset == "40/40/20 of exposure":
        front = sum(e[0] for e, name in zip(exposures, layers, strict=True) if name[0] == "front")
        assert front / sum(e[0] for e in exposures) == pytest.approx(0.40, abs=0.08)
    if preset == "4/4/2 % of maximum loss":
        assert units == 1
        assert cost / max_loss == pytest.approx(0.10, abs=0.03)
    assert not live.changed(before)


def test_a_typed_level_is_never_priced_with_the_quotes_of_another(live: Live) -> None:
    before = live.values()
    live.write("spx_level_yours", 7200.0)
    sources = live.book.read("Condor", live.area("condor_price_from"))
    value = live.one("condor_expected_value")
    warning = _warnings(live)
    live.write("spx_level_yours", None)
    assert {row[0] for row in sources} == {"model"}
    assert value == pytest.approx(0.0, abs=1e-6)  # the credit is the model's own
    assert "SPX level is yours: the model prices the condor" in warning
    assert not live.changed(before)


def test_a_typed_future_is_never_priced_with_the_asks_of_another(live: Live) -> None:
    before = live.values()
    old = live.one("ladder_unit_cost")
    expiries = [row[0] for row in live.book.read("Market", live.area("fut_expiry"))]
    front = live.book.read("Ladder", live.area("ladder_expiries"))[0][0]
    cell = cells_of(live.area("fut_yours"))[expiries.index(front)]
    live.book.write("Market", cell, 30.0)
    sources = [row[0] for row in live.book.read("Ladder", live.area("ladder_cost_from"))]
    new, warning = live.one("ladder_unit_cost"), _warnings(live)
    live.book.write("Market", cell, "n/a")
    text_warning, unchanged = _warnings(live), live.one("ladder_unit_cost")
    live.book.write("Market", cell, None)
    assert sources == ["model"] * 4 + ["ask"] * 6
    assert new > old
    assert "4 rungs have no ask" in warning or "VIX futures are yours" in warning
    assert "An input holds text" in text_warning
    assert unchanged == old
    assert not live.changed(before)


@pytest.mark.parametrize("days", [30.0, 60.0])
def test_other_target_days_have_their_quotes(live: Live, days: float) -> None:
    before = live.values()
    live.write("set_condor_days", days)
    found, sources = live.one("condor_days"), live.book.read("Condor", live.area("condor_price_from"))
    live.write("set_condor_days", 45.0)
    assert found == pytest.approx(days, abs=8.0)
    assert {row[0] for row in sources} <= {"mid quote", "wide quote"}
    assert not live.changed(before)


@pytest.mark.parametrize("rule", ["vega_tenor_exponent", "front_min_days", "target_coverage", "wing_width", "beta_c"])
def test_a_cleared_rule_is_an_error_not_a_zero(live: Live, rule: str) -> None:
    before, old = live.values(), live.one(f"set_{rule}")
    live.write(f"set_{rule}", None)
    units, warning = live.one("hedge_units"), _warnings(live)
    live.write(f"set_{rule}", old)
    assert isinstance(units, CellError)
    assert warning.strip()
    assert "no failure" not in warning
    assert not live.changed(before)


def test_a_typed_strike_that_is_not_listed_is_the_models(live: Live) -> None:
    before = live.values()
    live.write("condor_strike_yours_2", 6551.0)
    sources = [row[0] for row in live.book.read("Condor", live.area("condor_price_from"))]
    warning = _warnings(live)
    live.write("condor_strike_yours_2", 9000.0)
    credit, order = live.one("condor_credit"), _warnings(live)
    live.write("condor_strike_yours_2", None)
    assert sources[1] == "model"
    assert "The model prices a leg" in warning
    assert isinstance(credit, CellError)
    assert "must ascend" in order
    assert not live.changed(before)


def test_without_a_condor_or_vix_both_engines_show_the_same(calc: CalcSession, data: Path, tmp_path: Path) -> None:
    """No Err:504: an error in a range must not keep Calc from calling a formula."""
    tables = tabulate(combine(read_quote_table(data / "spx_chains/SPX_2023-12-08_close_partial.csv")))
    built = build(tmp_path / "calc.xlsx", tables, spell=engine.spell)
    book = calc.open(built.path)
    book.recalculate()
    mine = engine.read(book, built.formulas)
    book.close()
    plain = build(tmp_path / "embedded.xlsx", tables)
    others = embedded.evaluate(plain.path, plain.formulas)
    differing = {k: (v, others[k]) for k, v in mine.items() if _code(v) != _code(others[k])}
    assert not differing
    assert not [k for k, v in mine.items() if isinstance(v, str) and v.startswith("Err:")]


def _code(value: Any) -> Any:
    """Errors by their code, words up to a reason, numbers rounded: what both engines must agree on."""
    if isinstance(value, str) and value.startswith("#"):
        return "error"
    if isinstance(value, str):
        return re.split("#|no failure", value)[0]
    if isinstance(value, float):
        return float(f"{value:.9g}")
    return value or ""


def _warnings(live: Live) -> str:
    names = [name for name in live.built.names if name.startswith("dashboard_warning_")]
    return " ".join(str(live.one(name)) for name in names)


@pytest.mark.parametrize("units", [-3.0, 2.5, 0.0])
def test_units_that_cannot_be_bought_are_an_error(live: Live, units: float) -> None:
    """Pasted past the validation: fewer than none would pay a premium."""
    before = live.values()
    live.write("hedge_units_yours", units)
    found, warning = live.one("hedge_units"), _warnings(live)
    live.write("hedge_units_yours", None)
    assert isinstance(found, CellError)
    assert "Your units must be a whole number from 1" in warning
    assert not live.changed(before)
