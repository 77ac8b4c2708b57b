"""The macros, executed in Calc's VBA runtime: what they do to cells. What is replaced there stands in `runtime`, what
the quotes come from in `quotes`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from tests.conftest import ROOT
from tests.hosts.excel.conftest import reached_by
from tests.hosts.excel.quotes import EVIL
from tests.hosts.excel.runtime import Live, replaced
from workbook.build import build
from workbook.run import Run
from xlalvh.hosts.block import COUNT, block
from xlalvh.hosts.calc.session import CalcSession
from xlalvh.hosts.excel.closed import _WAITS, BANNER
from xlalvh.market.tables import MarketTables

INPUTS = "B1:D2"  # on Sheet1, which no refresh may touch


class Desk(Live):
    """A book with the areas of a refresh, and the folder that says what the next one brings."""

    folder: Path
    areas: dict[str, str]

    def cells(self, name: str) -> list[list[Any]]:
        return self.book.read("Market", self.areas[name])

    def cell(self, name: str) -> Any:
        return self.cells(name)[0][0]

    def until(self, holds: Callable[[], bool]) -> None:
        give_up = time.monotonic() + 90.0
        while not holds():
            assert time.monotonic() < give_up, (self.cell(COUNT), self.cell("refresh_status"), self.cell("spx_spot"))
            time.sleep(0.2)

    def refresh(self) -> None:
        """Press the button and wait until the quotes are there."""
        count = self.cell(COUNT)
        self.run("AlvhRefresh")
        self.until(lambda: self.cell(COUNT) == count + 1)

    def undo(self, count: float) -> None:
        """Undo, and wait until the last area, the counter, is as before."""
        self.run("AlvhUndo")
        self.until(lambda: self.cell(COUNT) == count)


@pytest.fixture(scope="module")
def desk(
    bare_calc: CalcSession, sample_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("macros")
    path = folder / "book.xlsm"
    file = xlsxwriter.Workbook(str(path))
    first, market = file.add_worksheet(), file.add_worksheet("Market")
    first.write_row("B1", ["mine", 7.5])
    first.write_formula("D2", "=C1*2", None, 15)
    areas, row = {}, 0
    for name, rows in {**block(sample_tables), COUNT: ((4.0,),), BANNER: ((None,),)}.items():
        area = xl_range_abs(row, 0, row + len(rows) - 1, len(rows[0]) - 1)
        file.define_name(name, f"=Market!{area}")
        areas[name] = area.replace("$", "") if ":" in area else f"A{row + 1}"
        row += len(rows) + 1
    market.write_number(areas[COUNT], 4.0)
    market.write_number(areas["spx_spot"], 4321.0)
    market.protect("")
    with reached_by("quotes.py", str(folder)) as pipe:
        file.add_vba_project(io.BytesIO(replaced(("Sheet1", "Sheet2"), pipe, folder / "new.xlsm")), True)
        file.set_vba_name("ThisWorkbook")
        for i, sheet in enumerate((first, market), 1):
            sheet.set_vba_name(f"Sheet{i}")
        file.close()
        opened = bare_calc.open(path, macros=True)
        found = Desk(opened)
        found.folder, found.areas = folder, areas
        found.wait()
        yield found  # the book ends with its Calc: one whose macros run refuses to be closed


def test_refresh_writes_the_areas_and_undo_puts_back_what_was_there(desk: Desk) -> None:
    mine = desk.book.formulas("Sheet1", INPUTS)
    before = {name: desk.cells(name) for name in desk.areas}
    desk.refresh()
    desk.undo(4.0)
    assert {name: desk.cells(name) for name in desk.areas} == before
    desk.refresh()
    level = desk.cell("spx_spot")
    assert level >= 5000.0
    assert desk.cell("market_spx_source") == EVIL  # a text, not 2
    assert len([row for row in desk.cells("spxq_table") if row[0] != ""]) > 100
    assert desk.cell("refresh_status") == ""
    count = desk.cell(COUNT)
    desk.refresh()
    assert desk.cell("spx_spot") == level + 1
    desk.undo(count)
    assert desk.cell("spx_spot") == level
    assert desk.cell("market_spx_source") == EVIL
    assert desk.book.formulas("Sheet1", INPUTS) == mine


def test_failure_is_told_and_the_quotes_stay(desk: Desk) -> None:
    desk.refresh()
    before = {name: desk.cells(name) for name in desk.areas if not name.startswith("refresh_")}
    (desk.folder / "fail").write_text("cdn.cboe.com: name not known")
    desk.run("AlvhRefresh")
    desk.until(lambda: desk.cell("refresh_status") != "")
    (desk.folder / "fail").unlink()
    assert desk.cell("refresh_status").startswith("last refresh failed 20")
    assert desk.cell("refresh_status").endswith("New York: cdn.cboe.com: name not known")
    assert {name: desk.cells(name) for name in before} == before
    desk.refresh()  # the next one works
    assert desk.cell("refresh_status") == ""


def test_cancelled_refresh_changes_no_quote_and_formulas_answer_meanwhile(desk: Desk) -> None:
    level = desk.cell("spx_spot")
    (desk.folder / "slow").touch()
    desk.run("AlvhRefresh")
    start = time.monotonic()
    assert desk.one('=ALVH_PRICE("P";90;100;0;0.2)') == 10.0
    assert time.monotonic() - start < 30.0  # the fetch takes 60
    desk.run("AlvhCancel")
    desk.until(lambda: str(desk.cell("refresh_status")).endswith("cancelled"))
    (desk.folder / "slow").unlink()
    assert desk.cell("spx_spot") == level
    desk.refresh()


def test_auto_refresh_goes_on_until_it_is_switched_off(desk: Desk) -> None:
    count = desk.cell(COUNT)
    desk.run("AlvhAutoRefresh")
    desk.until(lambda: desk.cell(COUNT) == count + 1)
    desk.run("AlvhAutoRefresh")
    desk.undo(count)


@pytest.mark.parametrize(
    ("found", "bound"),
    [
        (r"='C:\a b\xlalvh.xlam'!ALVH_PRICE(A1)+1", "=ALVH_PRICE(A1)+1"),
        ("=SUM([1]!ALVH_PRICE(A1),xlalvh.xlam!ALVH_IV(B1))", "=SUM(ALVH_PRICE(A1),ALVH_IV(B1))"),
        ("=@[1]!alvh_price(Sheet2!A1)", "=@alvh_price(Sheet2!A1)"),
        ('="see x!ALVH_PRICE"&x!ALVH_VERSION()', '="see x!ALVH_PRICE"&ALVH_VERSION()'),
        ("=ALVH_PRICE(Sheet1!A1)", "=ALVH_PRICE(Sheet1!A1)"),
    ],
)
def test_names_of_files_are_taken_out_of_formulas(desk: Desk, found: str, bound: str) -> None:
    text = found.replace('"', '""')
    assert desk.one(f'=TestUnqualified("{text}")') == bound


def test_template_is_found(desk: Desk) -> None:
    assert desk.text("template").endswith("alvh.xlsm")


def test_new_workbook_is_a_copy_of_the_template_and_replaces_nothing(desk: Desk) -> None:
    path = desk.folder / "new.xlsm"
    desk.run("AlvhNewWorkbook")
    desk.until(lambda: desk.text("told") == f"opened {path}")
    assert path.read_bytes() == (ROOT / "workbook" / "alvh.xlsm").read_bytes()
    path.write_bytes(b"mine")
    desk.run("AlvhNewWorkbook")
    desk.until(lambda: desk.text("told").startswith(f"{path} exists; nothing was written"))
    assert path.read_bytes() == b"mine"


def test_doctor_says_what_to_run_where_no_program_may_be_started(desk: Desk) -> None:
    desk.run("AlvhDoctor")
    desk.until(lambda: "xlalvh doctor" in desk.text("told"))


def test_help_without_the_sheet_says_where_it_is(desk: Desk) -> None:
    desk.run("AlvhHelp")
    desk.until(lambda: desk.text("told").startswith("The sheet Functions"))


def test_the_clock_stops_for_a_book_that_may_close_and_goes_on_if_it_stays(desk: Desk) -> None:
    count = desk.cell(COUNT)
    (desk.folder / "slow").write_text("4")  # so that the clock is stopped before there is something to write
    desk.run("AlvhRefresh")
    desk.run("AlvhPauseClock")
    (desk.folder / "slow").unlink()
    time.sleep(7.0)
    assert desk.cell(COUNT) == count
    desk.run("AlvhResumeClock")
    desk.until(lambda: desk.cell(COUNT) == count + 1)


def test_a_book_refreshed_while_closed_waits_until_its_banner_is_calculated(desk: Desk) -> None:
    banner = desk.areas[BANNER]
    assert desk.lever("TestWaits") == 0.0
    desk.book.write("Market", banner, f"Quotes of today{_WAITS}")
    assert desk.lever("TestWaits") == 1.0
    desk.book.write("Market", banner, "Quotes of today")


def test_button_of_the_real_book_fetches_stores_and_writes(
    bare_calc: CalcSession, sample_run: Run, sample_tables: MarketTables, data: Path, tmp_path: Path
) -> None:
    """The template with its own macros, ``xlalvh refresh`` and the store as they are; a provider that reads files."""
    chain = data / "spx_chains" / "SPX_2023-05-19_close.csv"
    (tmp_path / "settings.toml").write_text(f"order = ['files']\nhistories = []\n[files]\nspx = '{chain}'\n")
    with reached_by("com.py", home=tmp_path) as pipe:
        with patch("workbook.build.package.project", lambda sheets: replaced(sheets, pipe)):
            path = build(tmp_path / "alvh.xlsm", sample_tables, sample_run.values).path
        names = sample_run.built.names
        opened = bare_calc.open(path, macros=True)
        book = Live(opened, names["vix_level_yours"])  # a cell that is open and stands for nothing here

        def cell(name: str) -> Any:
            return opened.read(*names[name])[0][0]

        opened.write(*names["set_lots"], 17.0)
        assert cell("market_banner").startswith("SAMPLE")
        book.wait()
        book.run("AlvhRefresh")
        give_up = time.monotonic() + 180.0
        while cell(COUNT) != 1.0:
            assert time.monotonic() < give_up, (cell("refresh_status"), cell("market_banner"))
            time.sleep(0.3)
        assert cell("refresh_status") == ""
        assert cell("market_banner").startswith("Quotes of 2023-05-19")
        assert cell("spx_level") == cell("spx_spot")
        assert cell("set_lots") == 17.0
        opened.close()
