"""``xlalvh excel`` as its user sees it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.hosts.excel import com
from xlalvh.cli import app
from xlalvh.hosts.excel import package, stock
from xlalvh.hosts.excel.opc import Package


def test_build_writes_the_add_in_and_both_forms_of_the_book(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["excel", "build", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    written = [Path(line.removeprefix("written: ")) for line in done.output.splitlines()]
    assert [path.name for path in written] == [package.ADDIN, "alvh.xlsx", "alvh-linked.xlsx"]
    assert "customUI/customUI14.xml" in Package(written[0])
    assert ["xl/externalLinks/externalLink1.xml" in Package(path) for path in written[1:]] == [False, True]


def test_stock_needs_windows(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("xlwings' generator is here")
    done = CliRunner().invoke(app, ["excel", "build", "--stock", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "only on Windows" in done.output
    assert not list(tmp_path.iterdir())


def test_stock_writes_the_add_in_of_xlwings(tmp_path: Path) -> None:
    with com.stand_ins():
        done = CliRunner().invoke(app, ["excel", "build", "--stock", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == [stock.ADDIN]
    assert "xl/vbaProject.bin" in Package(tmp_path / stock.ADDIN)
