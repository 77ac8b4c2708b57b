"""A running Calc with the add-in, driven from the project's Python.

Calc runs in a profile of its own, so the user's is not touched, on the user's display or, without one, on a virtual
one. Every process that is started here is ended here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from xlalvh.formulas.errors import CellError
from xlalvh.hosts.calc import locate, package
from xlalvh.hosts.calc.locate import ProgramMissingError

_SCREEN = "1600x1200x24"
_END_WITHIN = 10.0  # seconds


class CalcError(Exception):
    """Calc, or the script that drives it, refused a command or ended."""


class CalcSession:
    """A Calc of our own; use it in a ``with`` statement.

    Parameters
    ----------
    addin : Path, optional
        A built ``.oxt``; a fresh one if left out.
    bare : bool
        Without any add-in, where the functions are to be those of a file's own macros.

    Raises
    ------
    ProgramMissingError
        On entry, where LibreOffice, its SDK, its Python or Xvfb is missing.
    CalcError
        On entry, where Calc does not start.
    """

    def __init__(self, addin: Path | None = None, *, bare: bool = False) -> None:
        self._addin = addin
        self._bare = bare
        self._stack = ExitStack()
        self._driver: subprocess.Popen[str] | None = None
        self.group = 0  # process group of Calc and of what it starts

    def __enter__(self) -> CalcSession:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._driver is not None and self._driver.poll() is None:
                self._command("quit")
        except CalcError:
            pass  # what does not go by itself is ended below
        finally:
            self._stack.close()

    def open(self, path: Path | None = None, *, macros: bool = False) -> CalcBook:
        """Open a file, or a new book, in a visible window; formulas of an Excel file are bound.

        A file's own macros run only where `macros` allows it.
        """
        return CalcBook(self, self._command("open", str(path.resolve()) if path else None, macros))

    def function_help(self, name: str) -> dict[str, Any] | None:
        """What Calc's function wizard shows of a formula: help, category, arguments; None where it knows none."""
        found: dict[str, Any] | None = self._command("function_help", name)
        return found

    def _start(self) -> None:
        soffice, python = locate.soffice(), locate.calc_python()
        folder = tempfile.TemporaryDirectory(prefix="xlalvh-", ignore_cleanup_errors=True)
        home = Path(self._stack.enter_context(folder))
        profile = home / "profile"
        if not self._bare:
            package.install(profile, self._addin)
        environment = locate.environment()
        if os.name == "posix" and not environment.get("DISPLAY"):
            environment["DISPLAY"] = self._virtual_display()
        pipe = home.name
        log = self._stack.enter_context((home / "calc.log").open("w+"))
        self._stack.callback(_show, log)
        office = self._run(
            [
                str(soffice),
                *package.profile_options(profile),
                f"--accept=pipe,name={pipe};urp",
                "--norestore",
                "--nologo",
                "--nodefault",
                "--nofirststartwizard",
                "--nolockcheck",
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.group = office.pid
        self._driver = self._run(
            [str(python), str(Path(__file__).with_name("driver.py")), pipe],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=_follow, args=(office, self._driver), daemon=True).start()
        self._answer("start")

    def _virtual_display(self) -> str:
        if shutil.which("Xvfb") is None:
            raise ProgramMissingError("there is no display and no Xvfb; install the package xvfb, or set DISPLAY")
        read, write = os.pipe()
        with os.fdopen(read) as numbers:
            self._run(
                # Without -noreset the display is gone for a moment after each client's end.
                ["Xvfb", "-displayfd", str(write), "-screen", "0", _SCREEN, "-nolisten", "tcp", "-noreset"],
                pass_fds=(write,),
                stderr=subprocess.DEVNULL,
            )
            os.close(write)
            number = numbers.readline().strip()
        if not number:
            raise CalcError("Xvfb did not start")
        return f":{number}"

    def _run(self, command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        process = subprocess.Popen(command, **options)
        self._stack.callback(_end, process, group=bool(options.get("start_new_session")))
        return process

    def _command(self, *words: Any) -> Any:
        if self._driver is None or self._driver.stdin is None:
            raise CalcError("Calc is not running; use the session in a with statement")
        try:
            self._driver.stdin.write(json.dumps(words) + "\n")
            self._driver.stdin.flush()
        except OSError:
            raise CalcError(f"{words[0]}: the driver has ended") from None
        return self._answer(str(words[0]))

    def _answer(self, what: str) -> Any:
        assert self._driver is not None and self._driver.stdout is not None
        line = self._driver.stdout.readline()
        if not line:
            raise CalcError(f"{what}: Calc or its driver has ended")
        answer = json.loads(line, object_hook=_error_cell)
        if "failed" in answer:
            raise CalcError(f"{what}: {answer['failed']}")
        return answer["ok"]


class CalcBook:
    """A book open in a session."""

    def __init__(self, session: CalcSession, number: int) -> None:
        self._session = session
        self._number = number

    def sheets(self) -> list[str]:
        """Names of the sheets."""
        return list(self._do("sheets"))

    def read(self, sheet: str, area: str) -> list[list[Any]]:
        """Values of a range or a named range as rows: floats, text, "" for blanks, `CellError` for errors."""
        rows: list[list[Any]] = self._do("read", sheet, area)
        return rows

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """Formula texts of a range as rows, in Calc's own words."""
        rows: list[list[str]] = self._do("formulas", sheet, area)
        return rows

    def write(self, sheet: str, cell: str, value: Any) -> None:
        """Set one cell to a number, text or a blank (None); text that begins with "=" is a formula."""
        self._do("write", sheet, cell, value)

    def write_formulas(self, sheet: str, area: str, rows: Sequence[Sequence[str]]) -> None:
        """Set the formula texts of a range, in Calc's words (arguments parted by ";")."""
        self._do("write_formulas", sheet, area, rows)

    def write_array(self, sheet: str, area: str, formula: str) -> None:
        """Set one array formula over a range, in Calc's words."""
        self._do("write_array", sheet, area, formula)

    def add_sheet(self, name: str) -> None:
        """A new sheet behind the others."""
        self._do("add_sheet", name)

    def refresh(self, areas: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        """Write named areas as a refresh does, and raise its counter."""
        self._do("refresh", areas)

    def date_1904(self) -> bool:
        """Whether it counts days from 1904."""
        return bool(self._do("date_1904"))

    def menu(self, entry: str) -> None:
        """Choose an entry of the menu ALVH, by its word in `menu.py`, with this book in front."""
        self._do("menu", entry)

    def undo(self) -> str:
        """Undo the last step, as Edit - Undo does; what it was called."""
        return str(self._do("undo"))

    def recalculate(self) -> float:
        """Recalculate every cell, changed or not; the seconds that it took."""
        return float(self._do("recalculate"))

    def modified(self) -> bool:
        """Whether Calc would ask to save it."""
        return bool(self._do("modified"))

    def store_ods(self, path: Path) -> None:
        """Write a copy as ``.ods``; its formulas bind when it is opened."""
        self._do("store", str(path.resolve()))

    def export_pdf(self, path: Path) -> None:
        """Print every sheet to a PDF file."""
        self._do("store", str(path.resolve()))

    def close(self) -> None:
        """Close without saving."""
        self._do("close")

    def _do(self, command: str, *words: Any) -> Any:
        return self._session._command(command, self._number, *words)


def _error_cell(item: dict[str, Any]) -> Any:
    return CellError(item["error"], f"the cell shows {item['error']}") if "error" in item else item


def _show(log: IO[str]) -> None:
    """What Calc and the helper had to say, without what LibreOffice always says where there is no Java."""
    log.seek(0)
    sys.stderr.writelines(line for line in log if "javaldx" not in line)


def _follow(office: subprocess.Popen[Any], driver: subprocess.Popen[Any]) -> None:
    """The driver goes when Calc goes, also where Calc fails to start."""
    office.wait()
    driver.kill()


def _end(process: subprocess.Popen[Any], *, group: bool) -> None:
    """Wait for a process to go, then make it go."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    for force in (None, process.terminate, process.kill):
        if force is not None:
            if group and sys.platform != "win32":  # it began a session, so that what it started ends with it
                os.killpg(process.pid, signal.SIGTERM if force == process.terminate else signal.SIGKILL)
            else:
                force()
        try:
            process.wait(_END_WITHIN if force or group else 0.2)
        except subprocess.TimeoutExpired:
            continue
        return
