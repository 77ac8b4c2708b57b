"""The program's links on this machine, and each one broken."""

from __future__ import annotations

import os
import sys
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from tests.market.loopback import answer, serving
from xlalvh.doctor import program
from xlalvh.doctor.check import State, diagnose
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.store import NAME, Store

Usage = namedtuple("Usage", "total used free")


def test_nothing_is_wrong_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('order = ["sample"]')  # asks nobody
    found = {check.link: check for check in diagnose(program.checks())}
    wrong = {link: check.found for link, check in found.items() if check.state in (State.FAULT, State.UNKNOWN)}
    assert wrong == {}
    for link in ("Excel's formula process", "Calc's formula process"):
        assert "gave the right price" in found[link].found


def test_a_missing_and_an_old_package_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = program.metadata.version

    def version(name: str) -> str:
        if name == "scipy":
            raise program.metadata.PackageNotFoundError(name)
        return "1.0" if name == "numpy" else real(name)

    monkeypatch.setattr(program.metadata, "version", version)
    finding = program.packages()
    assert finding.state is State.FAULT
    assert "scipy is missing" in finding.found
    assert "numpy is 1.0 and not >=2.0" in finding.found
    assert "bootstrap.py run" in finding.remedy


@pytest.mark.parametrize("link", [program.excel_process, program.calc_process])
def test_a_wrong_price_is_a_fault(link: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "QUESTION", ["P", 4200.0, 4001.0, 0.12, 0.19, 0.05])
    finding = link()
    assert finding.state is State.FAULT
    assert "35.69 is right; trust no figure" in finding.found


def test_a_process_that_does_not_start_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no NumPy here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    finding = program.excel_process()
    assert finding.state is State.FAULT
    assert "no NumPy here" in finding.found
    assert program.calc_process().state is State.FAULT


def test_a_data_directory_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("XLALVH_HOME", str(file))
    finding = program.data_directory()
    assert finding.state is State.FAULT
    assert "XLALVH_HOME" in finding.remedy
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    assert program.data_directory().state is State.OK
    assert list(tmp_path.iterdir()) == [file]


def test_quotes_that_were_set_aside_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    (tmp_path / NAME).write_bytes(b"damaged" * 1000)
    store = Store()
    store.put(sample_snapshot())
    finding = program.data_directory()
    assert finding.state is State.WARNING
    assert store.set_aside is not None
    assert store.set_aside.name in finding.found


@pytest.mark.parametrize(("free", "state"), [(1e6, State.FAULT), (100e6, State.WARNING), (1e9, State.OK)])
def test_disk_space(free: float, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.shutil, "disk_usage", lambda folder: Usage(1e12, 0, free))
    assert program.disk_space().state is state


def test_a_clock_before_the_program_was_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "__init__.py"
    file.write_text("")
    later = time.time() + 3 * 86400
    os.utime(file, (later, later))
    monkeypatch.setattr(program.xlalvh, "__file__", str(file))
    assert program.clock().state is State.FAULT


@pytest.mark.parametrize(("seconds", "state"), [(None, State.UNKNOWN), (3.0, State.OK), (7200.0, State.WARNING)])
def test_sleep(seconds: float | None, state: State) -> None:
    assert program.sleep(seconds).state is state


def test_providers_that_cannot_be_reached_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    settings = tmp_path / "settings.toml"
    with serving() as server:
        server.routes["/graph?id=DFF"] = answer(b"observation_date,DFF")
        settings.write_text(
            f'order = ["cboe", "fred", "files"]\n[http]\nretries = 0\n[cboe]\nquotes = "{server.address}/quotes"\n'
            f'[fred]\ngraph = "{server.address}/graph"\n[files]\nspx = "{tmp_path}"\n'
        )
        finding = program.providers()
        assert finding.state is State.WARNING
        assert finding.found == "cboe: 127.0.0.1, _VIX.json: the server answers 404 Not Found"
        server.routes["/quotes/_VIX.json"] = answer(b"{}")
        assert program.providers().found == "reached: cboe, fred, files"


def test_settings_with_a_mistake_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('order = ["cboee"]')
    finding = program.providers()
    assert finding.state is State.FAULT
    assert "settings.toml" in finding.found
