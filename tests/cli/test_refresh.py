"""``xlalvh refresh`` with and without a book, against a market on this machine."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.conftest import ROOT
from tests.exchange import Exchange
from tests.hosts.excel.test_package import VERSIONS, validate
from tests.market.loopback import answer
from workbook.build import Built
from workbook.run import run_book
from xlalvh.cli import app
from xlalvh.hosts.calc import engine
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.refreshing import latest_tables
from xlalvh.market.store import Store

MARKET = "xl/worksheets/sheet2.xml"
KINDS = ("alvh.xlsx", "alvh.xlsm")


def refresh(*words: object) -> Result:
    return CliRunner().invoke(app, ["refresh", *map(str, words)])


def template(name: str, folder: Path) -> Path:
    return Path(shutil.copy(ROOT / "workbook" / name, folder / f"mine{Path(name).suffix}"))


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def figures(values: engine.Cells, built: Built) -> dict[tuple[str, str], Any]:
    """What the sheets show but Functions, whose examples do not depend on the market."""
    return {cell: values[cell] for cell in built.formulas if cell[0] != "Functions" and cell in values}


def differing(one: dict[tuple[str, str], Any], other: dict[tuple[str, str], Any]) -> list[Any]:
    def same(a: Any, b: Any) -> bool:
        return bool(
            a == b or (isinstance(a, float) and isinstance(b, float) and a == pytest.approx(b, rel=1e-9, abs=1e-8))
        )

    return [(cell, value, other[cell]) for cell, value in one.items() if not same(value, other[cell])]


def test_without_a_book_the_store_gets_the_quotes(exchange: Exchange) -> None:
    exchange.quote_may()
    done = refresh()
    assert done.exit_code == 0, done.output
    assert "quotes of 2023-05-19 20:15 UTC are stored" in done.output
    snapshot = Store().latest()
    assert snapshot is not None
    assert snapshot.spx.spot == pytest.approx(4191.98)


def test_a_failure_is_one_line_and_changes_nothing(exchange: Exchange, tmp_path: Path) -> None:
    exchange.fail(answer(b"gone", "503 Service Unavailable"))
    book = template("alvh.xlsx", tmp_path)
    before = digest(book)
    done = refresh(book)
    assert done.exit_code == 1
    assert "503" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert digest(book) == before
    assert Store().latest() is None


def test_progress_is_a_line_of_json_a_step(exchange: Exchange) -> None:
    """The process as a host starts it: `test_refreshing` has the rest."""
    exchange.fail(answer(b"gone", "404 Not Found"))
    command = [sys.executable, "-m", "xlalvh", "refresh", "--progress"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [json.loads(line) for line in process.stdout]
    assert process.returncode == 1
    assert all(isinstance(line["text"], str) for line in lines[:-1])
    assert "404" in lines[-1]["error"]


@pytest.mark.parametrize("name", KINDS)
def test_a_closed_excel_book_changes_in_one_part_and_comes_back(name: str, exchange: Exchange, tmp_path: Path) -> None:
    exchange.quote_may()
    book = template(name, tmp_path)
    before, whole = parts(book), digest(book)
    done = refresh(book)
    assert done.exit_code == 0, done.output
    after = parts(book)
    assert list(after) == list(before)
    assert [part for part in before if before[part] != after[part]] == [MARKET]
    for version in VERSIONS:
        valid = validate(book, version)
        assert valid.returncode == 0, valid.stdout[-2000:] + valid.stderr[-2000:]
    assert refresh("--undo", book).exit_code == 0
    assert digest(book) == whole
    again = refresh("--undo", book)
    assert (again.exit_code, "nothing is undone" in again.stderr) == (1, True)


def test_calc_shows_refreshed_books_as_a_fresh_run_does(exchange: Exchange, calc: CalcSession, tmp_path: Path) -> None:
    """Opened, not recalculated by hand: no result of the old quotes stands beside the new ones."""
    exchange.quote_may()
    books = [template(name, tmp_path) for name in ("alvh.xlsx", "alvh.ods")]
    for book in books:
        done = refresh(book)
        assert done.exit_code == 0, done.output
    run = run_book(latest_tables(), tmp_path / "run", "embedded")
    fresh = figures(run.values, run.built)
    for book in books:
        opened = calc.open(book)
        shown = engine.read(opened, run.built.formulas)
        opened.close()
        found = differing(fresh, figures(shown, run.built))
        changed = [(one, other) for _, one, other in found if one != "not refreshed yet"]  # their age at the refresh
        assert changed == [(0.0, 1.0)]  # refreshes so far
    assert len(fresh) > 500


def test_refusals_name_the_book_and_the_remedy(exchange: Exchange, tmp_path: Path) -> None:
    exchange.quote_may()
    book = template("alvh.xlsx", tmp_path)
    before = digest(book)
    (tmp_path / "~$mine.xlsx").write_bytes(b"")
    done = refresh(book)
    assert done.exit_code == 1
    assert "open" in done.stderr
    assert "close" in done.stderr
    assert digest(book) == before
    for words, parts_of in (
        ([tmp_path / "none.xlsx"], ["none.xlsx", "does not exist"]),
        ([tmp_path / "notes.txt"], ["notes.txt", ".xlsx, .xlsm, .ods"]),
        (["--undo"], ["--undo needs the BOOK"]),
    ):
        done = refresh(*words)
        assert done.exit_code == 1
        for part in parts_of:
            assert part in done.stderr.replace("\n", " ")


def test_a_book_changed_since_is_not_undone(exchange: Exchange, tmp_path: Path) -> None:
    exchange.quote_may()
    book = template("alvh.xlsx", tmp_path)
    before = book.read_bytes()
    assert refresh(book).exit_code == 0
    with ZipFile(book, "a") as archive:
        archive.writestr("customXml/note.txt", "mine")
    changed = digest(book)
    done = refresh("--undo", book)
    assert done.exit_code == 1
    assert "was changed since" in done.stderr.replace("\n", " ")
    assert digest(book) == changed
    kept = next(word for word in done.stderr.replace("\n", " ").split() if word.strip(":").endswith(".book"))
    assert Path(kept.strip(":")).read_bytes() == before
