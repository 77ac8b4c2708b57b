"""``xlalvh history`` on a small folder of real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.research.test_fetch import FILES, cut
from xlalvh.cli import app
from xlalvh.cli.history import _lines
from xlalvh.research.calibrate import ModelError


@pytest.fixture
def folder(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    found = tmp_path / "files"
    found.mkdir()
    for symbol, name in FILES.items():
        (found / f"{symbol}.csv").write_bytes(cut(data / "indices" / f"{name}.csv", "2020-03-19"))
    return found


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["history", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_update_prints_the_gaps_and_show_what_is_there(folder: Path) -> None:
    code, out, _ = run("update", "--from-folder", folder)
    assert code == 0
    assert "SPX: 75 trading days, 2019-12-02 to 2020-03-19" in out
    assert "VX: 0 monthly contracts; prices: none" in out
    code, out, _ = run("show")
    assert code == 0
    assert "2019-12-02  2020-03-19      75 days  last 2409.39" in out


def test_json_is_json_alone(folder: Path) -> None:
    code, out, err = run("update", "--from-folder", folder, "--json")
    assert code == 0
    assert json.loads(out)["days"] == 75
    assert "putting the history together" in err
    assert json.loads(run("show", "--json")[1])["series"]["vix"]["level"] == 72.0


def test_refusals_are_one_line(folder: Path) -> None:
    for words in (["show"], ["update", "--from-folder", folder / "none"], ["model", folder]):
        code, _, err = run(*words)
        assert code == 1
        assert len(err.strip().splitlines()) == 1
        assert err.startswith("xlalvh: ")
    assert json.loads(run("show", "--json")[1])["error"].endswith("run: xlalvh history update")


def test_the_model_with_its_errors(model_errors: ModelError) -> None:
    lines = _lines(model_errors)
    assert any(line.startswith("condor credit by the model: -") for line in lines)
    assert any(line.startswith("condor credit by a flat smile: +") for line in lines)
    assert not any("nan" in line for line in lines)
    assert max(map(len, lines)) < 160
