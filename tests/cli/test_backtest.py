"""``xlalvh backtest``: from a folder of files to what the Backtest sheet shows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from xlalvh.cli import app
from xlalvh.formulas import alvh_backtest
from xlalvh.research.history import History


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    return tmp_path


def backtest(*words: object) -> Result:
    return CliRunner().invoke(app, ["backtest", *map(str, words)])


@pytest.fixture(scope="module")
def file(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from xlalvh.research.assemble import assemble

    history: History = assemble(data)[0]
    path = tmp_path_factory.mktemp("history") / "history.npz"
    history.save(path)
    return path


def test_a_run_is_stored_printed_and_written(own_home: Path, file: Path) -> None:
    span = ("--from", "2019-11-01", "--to", "2020-04-30")
    out = own_home / "out"
    done = backtest(*span, "--json", "--history", file, "--out", out)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert "2019-11-01 to 2020-04-30" in found["data"]
    assert len(found["tables"]["summary"]["rows"]) == 10
    assert alvh_backtest("summary")[1][0] == "condor alone"
    assert dict(alvh_backtest("about"))["results"].startswith("measured on this machine")
    assert json.loads((out / "backtest.json").read_text())["tables"] == found["tables"]
    with (out / "daily.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert {row["scenario"] for row in rows} == set(found["tables"]["sensitivity"]["columns"][1:])
    for row in rows:
        assert round(float(row["cash"]) + float(row["marks"]) - float(row["profit"]), 2) == 0.0
    again = backtest(*span, "--json", "--history", file.parent)  # a folder with the file does too
    assert again.stdout == done.stdout


def test_one_variant_is_shown_and_not_stored(own_home: Path, file: Path) -> None:
    done = backtest("--from", "2019-11-01", "--to", "2020-04-30", "--variant", "legging out", "--history", file)
    assert done.exit_code == 0, done.output
    assert "legging out" in done.stdout
    assert "not stored" in done.stdout
    assert dict(alvh_backtest("about"))["results"].startswith("measured by the makers")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--variant", "luck"), "variant is luck"),
        (("--rules", "none.xlsx"), "none.xlsx does not exist"),
        (("--from", "2030-01-01"), "no day from 2030-01-01"),
        (("--to", "2010-06-01"), "too few"),
    ],
)
def test_refusals_are_one_line(own_home: Path, file: Path, words: tuple[str, ...], said: str) -> None:
    done = backtest(*words, "--history", file)
    assert done.exit_code == 1
    assert said in done.stderr.replace("\n", " ")


def test_without_a_history_it_says_how_to_get_one(own_home: Path) -> None:
    done = backtest()
    assert done.exit_code == 1
    assert "xlalvh history update" in done.stderr.replace("\n", " ")
