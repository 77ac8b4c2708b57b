"""Each verdict is reproducible, and the shipped ones are what the code finds."""

from __future__ import annotations

import datetime as dt

import pytest

from xlalvh.research import results
from xlalvh.research.claims import report
from xlalvh.research.claims.catalogue import CLAIMS
from xlalvh.research.claims.stated import RULES
from xlalvh.research.claims.world import World

# One claim of every kind of measure that takes seconds; the whole table takes minutes.
QUICK = (
    "correlation-logs",
    "future-doubles",
    "volmageddon-months",
    "contango-decay",
    "correlations-one",
    "fifteen-to-twenty-five",
    "volmageddon-options",
    "condor-2018",
    "covid-ladder",
    "names",
)


@pytest.fixture(scope="module")
def world(history, data):
    return World(history, data)


@pytest.fixture(scope="module")
def shipped():
    table = results.load("claims", shipped=True).tables["claims"]
    return {row["id"]: row for row in (dict(zip(table.columns, cells, strict=True)) for cells in table.rows)}


@pytest.mark.parametrize("name", QUICK)
def test_a_shipped_verdict_comes_out_again(name, world, shipped) -> None:
    (found,) = report.table(report.chosen([name]), world)
    assert found.verdict == shipped[name]["verdict"]
    for field in ("estimate", "low", "high"):
        value = shipped[name][field]
        assert getattr(found, field) == (None if value is None else pytest.approx(value, rel=1e-9)), field
    assert (found.sample, found.note) == (shipped[name]["sample"], shipped[name]["note"])


def test_the_shipped_table_is_whole(shipped) -> None:
    assert list(shipped) == [claim.id for claim in CLAIMS]
    for claim in CLAIMS:
        row = shipped[claim.id]
        assert (row["quote"], row["says"], row["article"]) == (claim.quote, claim.says, claim.article)
        assert row["method"] == claim.method or row["method"].startswith("not measured: ")
        if row["verdict"] in ("holds", "fails"):
            assert row["episodes"] >= 10


def test_what_is_stored_has_the_rules_too(world) -> None:
    rows = report.table(report.chosen(["names"]), world)
    made = report.results(rows, world, dt.date(2026, 1, 2))
    again = results.from_json(results.as_json(made), path=None)
    assert again == made
    assert len(made.tables["rules"].rows) == len(RULES)


def test_an_unknown_claim_is_refused_with_the_list() -> None:
    with pytest.raises(report.UnknownClaimError, match=r"'moon'.*carry-contango"):
        report.chosen(["names", "moon"])
