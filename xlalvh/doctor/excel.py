"""The smoke test that drives a real Excel: everything that only Excel can show, step by step and cell by cell.

A fresh Excel is started beside the user's, on files in a temporary folder, with a data directory of its own whose only
provider is the sample; the user's books, quotes and settings are not touched. `Application` is what a spreadsheet
program must do for it; Calc does that too, and so the comparison is tested there.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from xlalvh.doctor.check import Checks, Finding, fault, not_applicable, ok, unknown
from xlalvh.hosts.block import COUNT
from xlalvh.hosts.calc import engine
from xlalvh.hosts.excel.server import inward
from xlalvh.hosts.excel.windows import BOOK, EXCEL_PROGRAM, Machine

Values = engine.Cells

_CLOSE = 1e-6  # relative, and absolute for what is near 0: the same formulas on another processor
_START, _REFRESH, _PAUSE = 90.0, 120.0, 0.5  # seconds
_SHOWN = 20  # cells named in a message
_OTHER_HERE = "ALVH_VERSION("
_BLANK = "blank.xlsx"
_RUNS_MACROS = 1  # msoAutomationSecurityLow
_CALL_REJECTED = (-2147418111, -2147417846)  # Excel is busy: RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER
_SUPPORT = "send the lines above, from xlalvh doctor --excel --json, to support"


class OpenBook(engine.Readable, Protocol):
    """A book open in a program; blanks are None or "", errors `CellError`."""

    def recalculate(self) -> Any:
        """Recalculate every cell."""

    def close(self) -> None:
        """Close without saving."""


class Application(Protocol):
    """A spreadsheet program."""

    def open(self, path: Path) -> OpenBook:
        """Open a file."""


def checks(machine: Machine | None) -> Checks:
    """The steps; off Windows one line."""
    if machine is None:
        return {"driving Excel": lambda: not_applicable("there is no Excel for Windows to drive here")}
    program = str(machine.values(EXCEL_PROGRAM).get("", "")).strip('"')
    if not program:
        return {"driving Excel": lambda: fault("no desktop Excel is registered", "install Excel from office.com")}
    files = _Files()

    def with_excel(step: Callable[[Excel, Path], Finding], name: str) -> Finding:
        path = files.path(name)
        if path is None:
            return not_applicable(f"this version builds no {name}")
        with Excel(Path(program), files.folder) as excel:
            return step(excel, path)

    steps: dict[str, tuple[Callable[[Excel, Path], Finding], str]] = {
        "Excel: workbook with macros": (compared, BOOK),
        "Excel: refresh": (refreshed, BOOK),
        "Excel: .xlsx with plain names": (compared, "alvh.xlsx"),
        "Excel: .xlsx with linked names": (compared, "alvh-linked.xlsx"),
        "Excel: xlwings' own wrappers": (functools.partial(stock, files), "alvh.xlsx"),
    }
    return {
        **{label: functools.partial(with_excel, step, name) for label, (step, name) in steps.items()},
        "Excel: function wizard": lambda: unknown(
            "no program can look at it: press fx, choose ALVH_PRICE, and see that every argument has its help"
        ),
    }


def compared(application: Application, path: Path) -> Finding:
    """Open a book, recalculate it, and compare every formula cell with the value stored in the file.

    Cells may show ``#N/A`` until the formula process has started; that is waited for.
    """
    wanted = stored(path)
    book = application.open(path)
    try:
        until = time.monotonic() + _START
        while True:
            book.recalculate()
            wrong = differences(wanted, engine.read(book, wanted))
            waiting = any(shown == "#N/A" for _, _, shown in wrong)
            if not waiting or time.monotonic() > until:
                return _verdict(len(wanted), wrong)
            time.sleep(_PAUSE)
    finally:
        book.close()


def refreshed(excel: Excel, path: Path) -> Finding:
    """Press Refresh against the sample: the counter goes up by one, every other cell stays as it was stored."""
    wanted = stored(path)
    book = excel.open(path)
    try:
        before = book.named(COUNT)
        if not isinstance(before, float):
            return not_applicable("this version's workbook has no refresh")
        excel.run(path, "AlvhRefresh")
        until = time.monotonic() + _REFRESH
        while book.named(COUNT) != before + 1:
            if time.monotonic() > until:
                shown = book.named("refresh_status")
                return fault(f"the counter did not go up within {_REFRESH:g} s; the book says {shown!r}", _SUPPORT)
            time.sleep(_PAUSE)
        return _verdict(len(wanted), differences(wanted, engine.read(book, wanted)))
    finally:
        book.close()


def stock(files: _Files, excel: Excel, path: Path) -> Finding:
    """The same book with the add-in that holds xlwings' own wrappers in place of ours."""
    other = files.stock()
    if other is None:
        return not_applicable("this version builds no add-in with them")
    excel.replace_addin(other)
    return compared(excel, path)


def stored(path: Path) -> Values:
    """Every formula cell of a file with the value that the file holds for it; an array's cells all count.

    Dates come as serials, as Excel has them. `ALVH_VERSION` is left out: it may differ.
    """
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    found: Values = {}
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if _OTHER_HERE in str(getattr(cell.value, "text", cell.value)):
                    continue
                if isinstance(cell.value, ArrayFormula):
                    area = values[sheet.title][cell.value.ref]
                    rows = area if isinstance(area, tuple) else ((area,),)
                    found |= {(sheet.title, one.coordinate): one.value for line in rows for one in line}
                elif cell.data_type == "f":
                    found[sheet.title, cell.coordinate] = values[sheet.title][cell.coordinate].value
    return {cell: to_excel(v, formulas.epoch) if isinstance(v, dt.date) else v for cell, v in found.items()}


def differences(wanted: Values, shown: Values) -> list[tuple[str, Any, Any]]:
    """Cells that show something else than was stored: address, stored, shown."""
    return [
        (f"{sheet}!{cell}", value, shown[sheet, cell])
        for (sheet, cell), value in wanted.items()
        if not _equal(value, shown[sheet, cell])
    ]


def _equal(one: Any, other: Any) -> bool:
    one, other = ("" if value is None else value for value in (one, other))
    if isinstance(one, (bool, int, float)) and isinstance(other, (bool, int, float)):
        return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return bool(one == other)


def _verdict(count: int, wrong: list[tuple[str, Any, Any]]) -> Finding:
    if not wrong:
        return ok(f"all {count} formula cells show what was stored")
    lines = [f"{cell} shows {shown!r} where {value!r} was stored" for cell, value, shown in wrong[:_SHOWN]]
    more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return fault(f"{len(wrong)} of {count} formula cells differ: {'; '.join(lines)}{more}", _SUPPORT)


class _Files:
    """What the test opens, made once, away from the user's files."""

    def __init__(self) -> None:
        self._holder = tempfile.TemporaryDirectory(prefix="xlalvh-", ignore_cleanup_errors=True)

    @functools.cached_property
    def folder(self) -> Path:
        """The folder, with all that this version builds."""
        folder = Path(self._holder.name)
        (folder / BOOK).write_bytes(resources.files("workbook").joinpath(BOOK).read_bytes())
        with xlsxwriter.Workbook(str(folder / _BLANK)) as blank:
            blank.add_worksheet()
        (folder / "data").mkdir()
        (folder / "data" / "settings.toml").write_text('order = ["sample"]\n', encoding="utf-8")
        done = subprocess.run(self._build(folder), check=False, capture_output=True, text=True, errors="replace")
        if done.returncode:
            raise RuntimeError(f"the files for the test could not be built: {done.stderr.strip()[-300:]}")
        if not (folder / "alvh.xlsx").exists():
            (folder / "alvh.xlsx").write_bytes(resources.files("workbook").joinpath("alvh.xlsx").read_bytes())
        return folder

    def path(self, name: str) -> Path | None:
        """A file that this version builds, or None."""
        path = self.folder / name
        return path if path.is_file() else None

    def stock(self) -> Path | None:
        """The add-in with xlwings' own wrappers, or None."""
        folder = self.folder / "stock"
        done = subprocess.run([*self._build(folder), "--stock"], check=False, capture_output=True)
        return next(folder.glob("*.xlam"), None) if done.returncode == 0 else None

    def _build(self, folder: Path) -> list[str]:
        return [sys.executable, "-I", "-m", "xlalvh", "excel", "build", "--out", str(folder)]


class Excel:
    """A fresh Excel, as an `Application`. Only here is Excel touched; it cannot be run where this was written.

    It is started as a program and not through COM, so that it and the formula process see our environment; with a
    blank book, for only an Excel that shows a book can be found. Books that are then opened through COM may run macros.
    """

    def __init__(self, program: Path, folder: Path) -> None:
        self._command = [str(program), "/x", str(folder / _BLANK)]
        self._environment = {**os.environ, "XLALVH_HOME": str(folder / "data")}
        self._stack = ExitStack()
        self._app: Any = None

    def __enter__(self) -> Excel:
        process = subprocess.Popen(self._command, env=self._environment)
        self._stack.callback(self._end, process)
        try:
            self._app = self._attached(process.pid)
            self._app.display_alerts = False
            self._app.api.AutomationSecurity = _RUNS_MACROS
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open(self, path: Path) -> ExcelBook:
        return ExcelBook(patiently(lambda: self._app.books.open(str(path), update_links=False)))

    def run(self, path: Path, macro: str) -> None:
        """Run a macro of a book."""
        patiently(lambda: self._app.macro(f"'{path.name}'!{macro}")())

    def replace_addin(self, path: Path) -> None:
        """Close our add-in in this Excel and open another one."""
        for name in ("xlalvh.xlam", path.name):
            try:
                self._app.api.Workbooks(name).Close(False)
            except Exception as error:  # it is not open; pywin32's class of errors exists on Windows only
                if type(error).__name__ != "com_error":
                    raise
        self._app.api.Workbooks.Open(str(path))

    def _attached(self, process: int) -> Any:
        import xlwings

        until = time.monotonic() + _START
        while True:
            if process in xlwings.apps.keys():  # noqa: SIM118 - not a dict
                return xlwings.apps[process]
            if time.monotonic() > until:
                raise TimeoutError(f"Excel (process {process}) did not come up within {_START:g} s")
            time.sleep(_PAUSE)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if self._app is not None:
            try:
                self._app.quit()
            except Exception:
                process.kill()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class ExcelBook:
    """A book open in Excel."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def read(self, sheet: str, area: str) -> list[list[Any]]:
        values = patiently(lambda: self._book.sheets[sheet].range(area).api.Value2)
        rows = values if isinstance(values, tuple) else ((values,),)  # one cell comes alone
        return [list(map(inward, row)) for row in rows]

    def named(self, name: str) -> Any:
        """The value of a defined name's cell, None where there is no such name."""
        if name not in [found.name for found in self._book.names]:
            return None
        return inward(patiently(lambda: self._book.names[name].refers_to_range.api.Value2))

    def recalculate(self) -> None:
        patiently(self._book.app.api.CalculateFull)

    def close(self) -> None:
        patiently(lambda: self._book.api.Close(False))


def patiently(call: Callable[[], Any], attempts: int = 60) -> Any:
    """A call of Excel, repeated while Excel says that it is busy."""
    for pause in _pauses(attempts):
        try:
            return call()
        except Exception as error:
            if getattr(error, "hresult", None) not in _CALL_REJECTED or not pause:
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _pauses(attempts: int) -> Iterator[float]:
    yield from [_PAUSE] * (attempts - 1)
    yield 0.0
