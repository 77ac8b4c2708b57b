"""``xlalvh claims`` and ``xlalvh measured`` as their user sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xlalvh.cli import app
from xlalvh.research import results
from xlalvh.research.history import NAME, History


@pytest.fixture
def folder(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a history file; the data directory is another, empty one."""
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    history.save(tmp_path / NAME)
    return tmp_path


def _run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_one_claim_in_words(folder: Path) -> None:
    code, told, _ = _run("claims", "contango-typical", "names", "--history", str(folder))
    assert code == 0
    assert told.startswith("contango-typical: holds\n")
    assert "95 % 0.8" in told
    assert "not measured: a property of the fund" in told


def test_json_is_alone_on_standard_output_and_parts_are_not_stored(folder: Path) -> None:
    code, told, said = _run("claims", "contango-typical", "--history", str(folder / NAME), "--json")
    assert code == 0
    table = json.loads(told)["tables"]["claims"]
    assert dict(zip(table["columns"], table["rows"][0], strict=True))["verdict"] == "holds"
    assert "measuring contango-typical" in said
    assert results.load("claims").shipped  # a run of some claims replaces nothing


def test_an_unknown_claim_and_a_missing_history_say_what_to_do(folder: Path) -> None:
    code, _, said = _run("claims", "moon", "--history", str(folder))
    assert code == 1
    assert "there is no claim 'moon'" in said
    code, told, said = _run("claims", "--json")
    assert code == 1
    assert "run: xlalvh history update" in said
    assert "history update" in json.loads(told)["error"]


def test_measured_figures_stand_beside_the_rules(folder: Path) -> None:
    code, told, _ = _run("measured", "--history", str(folder), "--json")
    assert code == 0
    figures = {figure["name"]: figure for figure in json.loads(told)}
    kappa = figures["tenor beta kappa, daily changes"]
    assert (kappa["rule"], kappa["agrees"]) == (5.75, True)
    assert kappa["standard_error"] > 0
