"""Stored results: written whole, read back, those of the package where none were made here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xlalvh.research import results
from xlalvh.research.results import Results, ResultsError, Table

TABLE = Table(("variant", "profit", "sure"), (("one", 0.125, True), ("two", None, False)))
MADE = Results("trial", "2026-11-21", "SPX 2010 to 2021", "no model", {"summary": TABLE})


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "shipped")
    return tmp_path


def test_what_is_saved_is_loaded() -> None:
    path = results.save(MADE)
    assert results.load("trial") == MADE
    assert path.name == "trial.json"
    assert [p.name for p in path.parent.iterdir()] == ["trial.json"]  # nothing half-written beside it
    assert results.load("trial").label == "measured on this machine on 2026-11-21"


def test_results_of_the_package_stand_in_and_say_so(own_home: Path) -> None:
    results.save(MADE, own_home / "shipped" / "trial.json")
    before = results.stamp("trial")
    found = results.load("trial")
    assert found.shipped
    assert found.label.startswith("measured by the makers of xlalvh on 2026-11-21")
    results.save(MADE)
    assert not results.load("trial").shipped
    assert results.load("trial", shipped=True).shipped
    assert results.stamp("trial") != before


def test_none_or_a_damaged_file_is_an_error_that_names_the_remedy(own_home: Path) -> None:
    with pytest.raises(ResultsError, match="run: xlalvh trial"):
        results.load("trial")
    path = results.save(MADE)
    for text in ("", "{", "[]", '{"version": 1}', json.dumps({"version": 0})):
        path.write_text(text)
        with pytest.raises(ResultsError, match=r"trial\.json"):
            results.load("trial")
    torn = results.as_json(MADE).replace("true]", "true, 1]")
    path.write_text(torn)
    with pytest.raises(ResultsError, match="damaged"):
        results.load("trial")


def test_no_number_is_not_written() -> None:
    bad = Results("trial", "2026-11-21", "", "", {"t": Table(("x",), ((float("nan"),),))})
    with pytest.raises(ValueError, match="not JSON compliant"):
        results.save(bad)
