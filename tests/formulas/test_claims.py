"""ALVH_CLAIMS: the results that ship, a run of one's own, and what is not there."""

from __future__ import annotations

import pytest

from xlalvh.formulas import alvh_claims
from xlalvh.formulas.errors import CellError
from xlalvh.research import results
from xlalvh.research.claims.catalogue import CLAIMS
from xlalvh.research.claims.report import Row


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    return tmp_path


def test_every_claim_is_among_the_shipped_results(own_home) -> None:
    table = alvh_claims()
    assert [row[-1] for row in table[1:]] == [claim.id for claim in CLAIMS]
    assert all(len(row) == len(table[0]) for row in table)
    assert {row[0].split(" (")[0] for row in table[1:]} <= {
        "holds",
        "fails",
        "undecided",
        "measured, no inference",
        "untestable",
    }


def test_no_cell_is_longer_than_excel_takes_in_an_array(own_home) -> None:
    assert max(len(cell) for row in alvh_claims() for cell in row if isinstance(cell, str)) <= 255


def test_a_run_of_ones_own_is_shown_and_shipped_ones_stay_within_reach(own_home) -> None:
    row = Row(
        "x", "edge", "2026-05-09", "q", "s", "m", "share", 0.5, None, None, "", 3, "real", "", "undecided (n = 3)"
    )
    made = results.Results(
        "claims", "2026-11-21", "data", "error", {"claims": results.Table(Row._fields, (tuple(row),))}
    )
    results.save(made)
    table = alvh_claims("x")
    assert table[1][:6] == ("undecided (n = 3)", "q", "edge, 2026-05-09", "s", 0.5, "")
    assert "this machine" in dict(alvh_claims("about"))["results"]
    assert len(alvh_claims("all", "shipped")) == len(CLAIMS) + 1


def test_an_unknown_claim_and_damaged_results_are_not_available(own_home) -> None:
    found = alvh_claims("moon")
    assert isinstance(found, CellError)
    assert found.code == "#N/A"
    assert "moon" in found.message
    (own_home / "research").mkdir()
    (own_home / "research" / "claims.json").write_text("{")
    assert alvh_claims().code == "#N/A"
