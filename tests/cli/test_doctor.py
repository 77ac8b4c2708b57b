"""``xlalvh doctor`` as its user sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import ROOT
from xlalvh.cli import app
from xlalvh.doctor import calc, program
from xlalvh.doctor.check import ok


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What depends on the machine passes; its own tests look at it."""
    monkeypatch.setattr(calc, "checks", lambda: {"Calc": lambda: ok("fine")})
    monkeypatch.setattr(program, "checks", lambda: {"Python": lambda: ok("fine")})


def test_a_fault_gives_exit_code_1_and_its_remedy(tmp_path: Path) -> None:
    good, bad = ROOT / "workbook" / "alvh.xlsx", tmp_path / "bad.xlsx"
    done = CliRunner().invoke(app, ["doctor", str(good)])
    assert done.exit_code == 0
    assert "alvh.xlsx: names of functions" in done.stdout
    done = CliRunner().invoke(app, ["doctor", str(good), str(bad)])
    assert done.exit_code == 1
    assert "FAULT          bad.xlsx: it cannot be read" in done.stdout
    assert "Remedy: give a whole" in done.stdout


def test_letters_that_the_terminal_lacks_do_not_end_it(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "utf8=0", "-m", "xlalvh", "doctor", str(tmp_path / "Владимир.xlsx")]
    env = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, capture_output=True, check=False, env=env, cwd=ROOT)
    assert done.returncode == 1
    assert b"\\u0412" in done.stdout
    assert done.stderr == b""


def test_json_holds_every_link() -> None:
    done = CliRunner().invoke(app, ["doctor", "--json", "--excel"])
    found = json.loads(done.stdout)
    assert [check["link"] for check in found["checks"]][:2] == ["Python", "Excel"]
    assert set(found["checks"][0]) == {"link", "state", "found", "remedy"}
    assert found["checks"][-1]["link"] == "driving Excel"
