"""``xlalvh positions``: the preview keeps nothing, an import replaces, a restore puts back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.market.positions import layouts
from xlalvh.cli import app

RUN = CliRunner()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    for name, text in layouts.ALL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(*words: str) -> str:
    done = RUN.invoke(app, ["positions", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_preview_shows_every_row_and_keeps_nothing(files: Path) -> None:
    told = run("preview", str(files / "tos.csv"))
    assert "-10 SPXW 2023-06-30 3900 P at 19.85  (Hedged condors)" in told
    assert "1 not understood" in told
    assert "columns not used: Days, Mark" in told
    assert all(f"{line:>5}  " in told for line in range(1, len(layouts.THINKORSWIM.split("\n")) + 1))
    assert run("list") == "no positions are kept\n"


def test_preview_as_json(files: Path) -> None:
    (found,) = json.loads(run("preview", str(files / "flex.csv"), "--json"))
    assert found["counts"] == {"taken": 2, "other instrument": 1, "no position": 2, "not understood": 1}
    assert found["rows"][1]["leg"]["strike"] == 3900.0
    assert found["unused_columns"] == ["MarkPrice"]


def test_import_twice_and_back(files: Path) -> None:
    first = run("import", str(files / "tasty.csv"))
    assert "kept: tastytrade 5WX00001: 2 legs of tasty.csv" in first
    assert "NOT UNDERSTOOD, not in the book: line 4" in first
    again = json.loads(run("import", str(files / "tasty.csv"), "--json"))
    assert [len(again[key]) for key in ("kept", "replaced")] == [1, 1]
    assert run("list").count("SPXW") == 1
    assert "Interactive" in run("import", str(files / "statement.csv"))
    assert "Interactive" not in run("restore")


@pytest.mark.parametrize("command", ["preview", "import"])
def test_failures_name_the_file(files: Path, command: str) -> None:
    (files / "other.csv").write_text("a,b\n", encoding="utf-8")
    done = RUN.invoke(app, ["positions", command, str(files / "other.csv"), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"].startswith("other.csv is in no layout that is known")
