"""What a chain says: missing quotes, smiles as cells, and refusals."""

from __future__ import annotations

import pytest

from xlalvh.formulas import (
    alvh_delta,
    alvh_implied_forward,
    alvh_parity,
    alvh_smile_fit,
    alvh_smile_vol,
    alvh_strike,
    alvh_vix_index,
    catalogue,
)
from xlalvh.formulas.errors import CellError

CHAIN = dict(catalogue["ALVH_IMPLIED_FORWARD"].example)
PARITY = dict(catalogue["ALVH_PARITY"].example)
FIT = dict(catalogue["ALVH_SMILE_FIT"].example)
VIX = dict(catalogue["ALVH_VIX_INDEX"].example)


def code(value) -> str:
    assert isinstance(value, CellError), value
    return value.code


@pytest.mark.parametrize("missing", [None, 0.0, -1.0, "x", "#N/A", ""])
def test_a_missing_quote_takes_its_strike_out(missing) -> None:
    """4000 left out of the example leaves the forward that the other strikes give."""
    without = {name: value if name in ("years", "rate") else (value[0], *value[2:]) for name, value in CHAIN.items()}
    spoilt = {**CHAIN, "put_bid": (17.9, missing, *CHAIN["put_bid"][2:])}
    assert alvh_implied_forward(**spoilt) == pytest.approx(alvh_implied_forward(**without), rel=1e-14)
    strike, conversion, reversal = alvh_parity(**{**PARITY, "put_bid": spoilt["put_bid"]})[2]
    assert strike == 4000.0
    assert conversion == alvh_parity(**PARITY)[2][1]  # sells the call and buys the put: needs no bid of the put
    assert code(reversal) == "#N/A"


def test_no_quotes_no_forward() -> None:
    assert code(alvh_implied_forward(**{**CHAIN, "call_bid": (None,) * 6})) == "#N/A"
    assert code(alvh_implied_forward(**{**CHAIN, "call_bid": (1.0,) * 5})) == "#VALUE!"


def test_fit_and_vol_go_together() -> None:
    row = alvh_smile_fit(**FIT, headers=False)
    vols = alvh_smile_vol(row, FIT["strikes"], FIT["forward"], FIT["years"])
    assert vols == pytest.approx(FIT["vols"], abs=1e-4)
    assert alvh_smile_vol(row[0][:5], FIT["strikes"], FIT["forward"], FIT["years"]) == vols


def test_fit_leaves_blanks_out_and_needs_five() -> None:
    vols = FIT["vols"]
    assert isinstance(alvh_smile_fit(**{**FIT, "vols": (*vols[:5], None)}, headers=False)[0][0], float)
    assert code(alvh_smile_fit(**{**FIT, "vols": (*vols[:4], None, "x")})) == "#N/A"
    assert code(alvh_smile_fit(**{**FIT, "vols": vols[:5]})) == "#VALUE!"
    assert code(alvh_smile_fit(**{**FIT, "years": 0.0})) == "#NUM!"


@pytest.mark.parametrize(
    ("smile", "expected"),
    [
        ((0.002, 0.02, -0.6, 0.045), "#VALUE!"),
        ((0.002, -0.02, -0.6, 0.045, 0.06), "#NUM!"),
        ((0.002, None, -0.6, 0.045, 0.06), "#N/A"),
        (((0.002, 0.02), (-0.6, 0.045)), "#VALUE!"),
    ],
)
def test_what_is_no_smile(smile, expected) -> None:
    found = alvh_smile_vol(smile, 4000.0, 4200.0, 0.12)
    assert code(found) == expected
    assert "smile" in found.message


def test_a_strike_on_a_smile_has_its_delta_there() -> None:
    smile = (0.00198, 0.02, -0.6, 0.045, 0.06)
    strikes = alvh_strike(("P", "C"), (0.16, 0.3), 4200.0, 0.12, smile, 0.05)
    vols = alvh_smile_vol(smile, strikes, 4200.0, 0.12)
    deltas = alvh_delta(("P", "C"), 4200.0, strikes, 0.12, vols, 0.05)
    assert deltas == pytest.approx((-0.16, 0.3), rel=1e-9)


def test_strikes_without_an_answer() -> None:
    assert code(alvh_strike("C", 0.16, 4200.0, 0.0, 0.19)) == "#NUM!"
    assert code(alvh_strike("C", 0.999, 4200.0, 1.0, 0.19, 0.05)) == "#NUM!"
    assert code(alvh_strike("P", 0.16, 4200.0, 0.12, 0.19, 0.05, 100_000.0)) == "#NUM!"
    assert code(alvh_strike("P", 1.16, 4200.0, 0.12, 0.19)) == "#NUM!"
    assert code(alvh_strike("P", 0.16, 4200.0, 0.12, (0.19, 0.2))) == "#VALUE!"


def test_vix_wants_the_near_chain_first_and_quotes_in_both() -> None:
    swapped = {**VIX, "near_years": 0.12, "next_years": 0.07}
    assert code(alvh_vix_index(**swapped)) == "#NUM!"
    empty = tuple((k, None, None, None, None) for k, *_ in VIX["near_chain"])
    found = alvh_vix_index(**{**VIX, "near_chain": empty})
    assert code(found) == "#N/A"
    assert "near_chain" in found.message
    assert code(alvh_vix_index(**{**VIX, "near_chain": tuple(row[:4] for row in VIX["near_chain"])})) == "#VALUE!"


def test_blank_rows_of_a_chain_do_not_matter() -> None:
    padded = (*VIX["near_chain"], (None,) * 5, ("", "", "", "", ""))
    assert alvh_vix_index(**{**VIX, "near_chain": padded}) == alvh_vix_index(**VIX)
