"""The catalogue keeps the rules that hosts need, and evaluates calls as they come."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest

import xlalvh.formulas
from xlalvh.formulas import alvh_price, alvh_spx_expiry, catalogue
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.registry import HELP_LIMIT, call, formula

ENTRIES = list(catalogue.values())

# [MS-VBAL] 3.3.5.2, reserved identifiers: none of them can name an argument.
VBA_RESERVED = """
    call case close const declare defbool defbyte defcur defdate defdbl defint deflng deflnglng deflngptr defobj defsng
    defstr defvar dim do else elseif end endif enum erase event exit for friend function get global gosub goto if
    implements input let lock loop lset next on open option print private public put raiseevent redim resume return rset
    seek select set static stop sub type unlock wend while with write rem any as byref byval each in new shared until
    withevents optional paramarray preserve spc tab then to addressof and eqv is imp like mod not or typeof xor abs
    cbool cbyte ccur cdate cdbl cdec cint clng clnglng clngptr csng cstr cvar cverr date debug doevents fix int len lenb
    me pset scale sgn string array circle inputb lbound ubound boolean byte currency double integer long longlong
    longptr single variant true false nothing empty null attribute cdecl decimal defdec
"""

# SPEC 3, the groups that this version has.
SPEC = """
    ALVH_PRICE(right, forward, strike, years, vol, [rate])
    ALVH_GREEKS(right, forward, strike, years, vol, [rate], [headers])
    ALVH_DELTA(right, forward, strike, years, vol, [rate])
    ALVH_GAMMA(right, forward, strike, years, vol, [rate])
    ALVH_VEGA(right, forward, strike, years, vol, [rate])
    ALVH_THETA(right, forward, strike, years, vol, [rate])
    ALVH_RHO(right, forward, strike, years, vol, [rate])
    ALVH_IV(right, price, forward, strike, years, [rate])
    ALVH_FORWARD(spot, years, rate, [dividend_yield])
    ALVH_IMPLIED_FORWARD(strikes, call_bid, call_ask, put_bid, put_ask, years, [rate])
    ALVH_PARITY(strikes, call_bid, call_ask, put_bid, put_ask, forward, years, [rate]
    ALVH_STRIKE(right, delta, forward, years, vol, [rate], [step])
    ALVH_PROB_ITM(
    ALVH_PROB_TOUCH(
    ALVH_EXPECTED_MOVE(
    ALVH_SMILE_FIT(strikes, vols, forward, years, [weights]
    ALVH_SMILE_VOL(smile, strike, forward, years)
    ALVH_VIX_INDEX(near_chain, near_years, near_rate, next_chain, next_years, next_rate)
    ALVH_CONDOR_STRIKES(forward, years, vol, put_delta, call_delta, wing_width, [rate], [step])
    ALVH_CONDOR(strikes, forward, years, vols, [rate], [contracts], [premiums]
    ALVH_BOOK(underlying, quantity, right, strike, years, forward, vol, [rate], [multiplier], [headers])
    ALVH_SECOND_ENGINE(strikes, forward, years, vols
    ALVH_LADDER(units, years, futures, vols, [deltas], [allocation], [rate], [step]
    ALVH_LADDER_RESPONSE(ladder, vix_from, vix_to, [days]
    ALVH_TENOR_BETA(years, [params])
    ALVH_COVERAGE(vol_exposure, condor_vega)
    ALVH_HEDGE_UNITS(condor_vega, unit_vol_exposure, [target], [low], [high])
    ALVH_REGIME(vix, futures, days, [rsi], [rules])
    ALVH_CONTANGO(
    ALVH_ROLL_YIELD(
    ALVH_CONSTANT_MATURITY(
    ALVH_BASIS(
    ALVH_RSI(prices, [period]
    ALVH_MACD(prices, [fast], [slow], [signal]
    ALVH_AD_LINE(advances, declines
    ALVH_DIVERGENCE(prices, indicator, [window])
    ALVH_CORRELATION(
    ALVH_BETA(
    ALVH_PERCENTILE(
    ALVH_PLAYBOOK(regime, [rsi], [slope_change], [rules]
    ALVH_LAYER_WEIGHTS(regime, policy, [signals]
    ALVH_HEDGE_NOTIONAL(basis, weight
    ALVH_CAPM_RATIO(
    ALVH_TILT(
    ALVH_EQUITY_HEDGE(position_value, beta
    ALVH_IRR(
    ALVH_WACC(
    ALVH_CAPM(
    ALVH_DRIP(
    ALVH_PNL_GRID(book, spx_shocks, vix_shocks, [days]
    ALVH_BREAKEVENS(book
    ALVH_STRESS(book, [scenario]
    ALVH_MARGIN(book
    ALVH_SPREAD_HEDGE(
    ALVH_ROLL(
    ALVH_CASH_PRESS(
    ALVH_WING_STATUS(delta, [entry_delta], [trigger]
    ALVH_SPX_EXPIRY(year, month)
    ALVH_VIX_EXPIRY(year, month)
    ALVH_YEARS(expiry, root, [now])
    ALVH_EXPLAIN(reference)
    ALVH_VERSION()
"""


@pytest.mark.parametrize("start", [line.strip() for line in SPEC.strip().splitlines()])
def test_signatures_are_the_specs(start) -> None:
    name = start.partition("(")[0]
    assert catalogue[name].signature.startswith(start)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.name)
class TestEntry:
    def test_name(self, entry) -> None:
        assert entry.name.startswith("ALVH_")
        assert entry.name == entry.name.upper()
        assert entry.name.replace("_", "").isalnum()
        assert getattr(xlalvh.formulas, entry.python_name) is entry
        assert entry.python_name in xlalvh.formulas.__all__

    def test_arguments_can_be_named_in_vba_and_python(self, entry) -> None:
        names = [a.name for a in entry.arguments]
        assert len({n.lower() for n in names}) == len(names)
        assert not {n.lower() for n in names} & set(VBA_RESERVED.split())
        assert all(name.isidentifier() and name == name.lower() for name in names)

    def test_optional_arguments_come_last(self, entry) -> None:
        optional = [a.optional for a in entry.arguments]
        assert optional == sorted(optional)

    def test_help_fits_the_wizard_and_is_there(self, entry) -> None:
        fields = [entry.help, entry.result, *(a.help + (f" ({a.unit})" if a.unit else "") for a in entry.arguments)]
        assert all(0 < len(text) <= HELP_LIMIT for text in fields)
        assert entry.source
        assert entry.category

    def test_no_keyword_only_arguments(self, entry) -> None:
        parameters = inspect.signature(entry.function).parameters.values()
        assert all(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters)

    def test_example_names_arguments_and_gives_all_that_are_needed(self, entry) -> None:
        names = {a.name for a in entry.arguments}
        assert set(entry.example) <= names
        assert {a.name for a in entry.arguments if not a.optional} <= set(entry.example)

    def test_example_has_no_error_in_it(self, entry) -> None:
        found = call(entry.name, [entry.example.get(a.name) for a in entry.arguments])

        def errors(value) -> list[CellError]:
            if isinstance(value, tuple):
                return [e for item in value for e in errors(item)]
            return [value] if isinstance(value, CellError) else []

        assert errors(found) == []
        assert found == call(entry.name.lower(), [entry.example.get(a.name) for a in entry.arguments])

    def test_docstring_has_parameters_and_returns(self, entry) -> None:
        text = entry.__doc__
        assert all(f"{a.name} : " in text for a in entry.arguments)
        assert entry.result in text


def test_no_two_names_are_alike_but_for_case() -> None:
    names = list(catalogue)
    assert len({name.lower() for name in names}) == len(names)


def test_options_are_described_in_one_order() -> None:
    """SPEC 1: right, forward, strike, years, vol, rate, never permuted."""
    order = ["right", "forward", "strike", "years", "vol", "rate"]
    for entry in ENTRIES:
        names = [a.name for a in entry.arguments if a.name in order]
        if entry.category == "Pricing" and "right" in names:
            assert names == sorted(names, key=order.index), entry.name


def test_the_catalogue_imports_numpy_and_nothing_else() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import xlalvh.formulas;"
        "print({name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ast.literal_eval(found.stdout) == {"xlalvh", "__future__"}


def test_import_is_light() -> None:
    heavy = [
        *("pandas", "scipy", "matplotlib", "numba", "openpyxl", "exchange_calendars", "dateparser", "formulas"),
        *("xlsxwriter", "xlwings", "rich", "typer", "sqlite3", "socket", "ssl", "asyncio", "urllib.request"),
        *("http.client", "requests", "httpx", "urllib3", "yfinance", "ib_async"),
    ]
    code = f"import sys, xlalvh.formulas; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


# Calls


def test_call_by_name_in_any_case_and_unknown_names() -> None:
    args = ["P", 4200.0, 4000.0, 0.12, 0.19, 0.05]
    assert call("alvh_price", args) == alvh_price(*args)
    assert call("ALVH_NOPE", args).code == "#VALUE!"


def test_too_many_and_unknown_arguments() -> None:
    found = alvh_price("P", 4200.0, 4000.0, 0.12, 0.19, 0.05, 1.0)
    assert found.code == "#VALUE!"
    assert "6 arguments" in found.message
    assert alvh_price("P", 4200.0, 4000.0, 0.12, sigma=0.19).code == "#VALUE!"


def test_arguments_by_name() -> None:
    assert alvh_price(right="P", forward=4200.0, strike=4000.0, years=0.12, vol=0.19) == alvh_price(
        "P", 4200.0, 4000.0, 0.12, 0.19
    )


def test_an_omitted_or_blank_optional_argument_is_its_default() -> None:
    args = ["P", 4200.0, 4000.0, 0.12, 0.19]
    assert alvh_price(*args) == alvh_price(*args, 0.0) == alvh_price(*args, None) == alvh_price(*args, "")
    assert alvh_price(*args, [[None]]) == ((alvh_price(*args),),)


def test_a_blank_within_an_optional_range_is_missing() -> None:
    found = alvh_price("P", 4200.0, 4000.0, 0.12, 0.19, (0.05, None))
    assert isinstance(found[0], float)
    assert found[1].code == "#N/A"


def test_a_missing_argument_is_not_available() -> None:
    assert alvh_price("P", 4200.0).code == "#N/A"


def test_domains_are_checked_with_the_remedy() -> None:
    assert "must be above 0" in alvh_price("P", -4200.0, 4000.0, 0.12, 0.19).message
    assert "must be at least 0" in alvh_price("P", 4200.0, 4000.0, -0.12, 0.19).message
    assert "must be at most 100" in alvh_price("P", 4200.0, 4000.0, 0.12, 190.0).message


def test_dates_go_in_and_out_in_a_1904_book() -> None:
    """2023-06-16 is 45093 in the 1900 system and 1462 less in the other."""
    assert alvh_spx_expiry(2023, 6) == 45093.0
    assert call("ALVH_SPX_EXPIRY", [2023, 6], date_1904=True) == 43631.0
    years = call("ALVH_YEARS", [45107.0, "SPXW", 45065.5])
    assert call("ALVH_YEARS", [45107.0 - 1462, "SPXW", 45065.5 - 1462], date_1904=True) == pytest.approx(years)


def test_a_name_cannot_be_declared_twice() -> None:
    def alvh_price() -> float:
        return 0.0

    with pytest.raises(ValueError, match="declared twice"):
        formula(category="x", help="x", arguments=(), result="x", source="x", example={})(alvh_price)
