"""Install xlalvh for one user of Windows, bring it up to date, mend it, and take it away again.

No administrator, no service, nothing outside the user's own folders and registry. What is made is written into a
manifest before it is made, so that an installation that broke off can be mended or removed too. A new environment is
built beside the old one and takes its place only when it works.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import sysconfig
import tempfile
import time
import zipapp
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[1]
if (ROOT / "xlalvh").is_dir():  # else this runs from the uninstaller, which brings what it needs
    sys.path.insert(0, str(ROOT))

from manifest import Manifest  # noqa: E402

from xlalvh import __version__  # noqa: E402
from xlalvh.hosts.excel.windows import (  # noqa: E402
    BOOK,
    ENVIRONMENT,
    EXCEL_PROGRAM,
    LONG_PATHS,
    SETTINGS,
    UNINSTALL,
    Machine,
    Places,
    plain_path,
    this_machine,
    unfit,
)

__all__ = ["InstallError", "Installer", "Interpreter", "excel_is_here", "this_machine", "uninstall"]

UNINSTALLER = "uninstall.pyz"
_CARRIED = ("xlalvh/__init__.py", "xlalvh/hosts/__init__.py", "xlalvh/hosts/excel/__init__.py")
_LONGEST_BELOW = 140  # characters that packages need below the environment's folder, with some to spare
_LONGEST_PATH = 259
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT
_WAIT = 5.0  # seconds for a formula process to end after Excel
_EXCEL = "EXCEL.EXE"


class InstallError(Exception):
    """Cannot go on; the message says what to do. What was there before is still there."""


class Tools(Protocol):
    """What is done with an environment."""

    def make(self, folder: Path) -> None:
        """Make a whole environment: locked packages and xlalvh."""

    def settle(self, folder: Path) -> None:
        """Write the programs of an environment again, which name its folder."""

    def fault(self, folder: Path) -> str:
        """What is wrong with an environment, "" where it works."""

    def addin(self, folder: Path, target: Path) -> None:
        """Have an environment write Excel's add-in."""

    def book(self, folder: Path, target: Path) -> None:
        """Have an environment write the workbook."""

    def fingerprint(self) -> str:
        """Equal for equal checkouts."""


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs set-up."""

    executable: str
    version: tuple[int, int]
    platform: str

    @classmethod
    def current(cls) -> Interpreter:
        """The running one, outside any virtual environment."""
        executable = getattr(sys, "_base_executable", None) or sys.executable
        return cls(executable, sys.version_info[:2], sysconfig.get_platform())

    def check(self) -> None:
        """Refuse what formulas cannot run on."""
        if fault := unfit(self.executable, self.version, self.platform):
            raise InstallError(
                f"{fault}; install the 64-bit Python from python.org (for you alone is enough) and run this with it"
            )


class Installer:
    """One user's installation.

    Parameters
    ----------
    machine : Machine
        Windows.
    tools : Tools, optional
        What makes environments; not needed to uninstall.
    environment : Path, optional
        A folder for the environment, where the usual one cannot be used. It is remembered.
    say : callable
        Takes messages for the user, a line each.
    """

    def __init__(
        self,
        machine: Machine,
        tools: Tools | None = None,
        *,
        environment: Path | None = None,
        interpreter: Interpreter | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.machine, self.tools, self.say = machine, tools, say
        self.interpreter = interpreter or Interpreter.current()
        self.manifest = Manifest(Places.of(machine).home / "installed.json")
        before = self.manifest.data["environment"]
        self.places = Places.of(machine, environment or (Path(before) if before else None))

    # Install.

    def install(self) -> Path:
        """Install, bring up to date or mend, whatever is needed; the workbook to open.

        Raises
        ------
        InstallError
            Where it cannot be done; what worked before works on.
        """
        assert self.tools is not None
        self.interpreter.check()
        environment = self._checked_environment()
        self._recover()
        fault = self.tools.fault(self.places.environment) if self.places.environment.exists() else "it is not there"
        current = self.manifest.data["fingerprint"] == self.tools.fingerprint() and not fault
        book = self.places.books / BOOK
        if current and self._whole(environment):
            return book
        self._refuse_while_excel_is_open()
        self._refuse_to_lose()
        if not current:
            self._renew_environment()
        self.manifest.data["environment"] = str(self.places.environment)
        self._write_file(self.places.addin, self._made(self.tools.addin, self.places.addin))
        book = self._write_book(self._made(self.tools.book, book))
        self._write_file(self.places.home / UNINSTALLER, _uninstaller())
        self._register(environment)
        self.manifest.data |= {"version": __version__, "fingerprint": self.tools.fingerprint()}
        for other in self._environments():
            if other != self.places.environment:
                _remove_environment(other)
        self.manifest.environments = [str(self.places.environment)]
        self.manifest.save()
        self.say(f"xlalvh {__version__} is installed in {self.places.environment}")
        return book

    def _checked_environment(self) -> str:
        """The environment's folder as Excel will be told it."""
        folder = self.places.environment
        elsewhere = "name a folder of yours with plain English letters: --environment C:\\xlalvh"
        plain = plain_path(self.machine, folder)
        if plain is None:
            raise InstallError(f"{folder} has letters outside this Windows' code page and no short name; {elsewhere}")
        long_paths = self.machine.values(LONG_PATHS).get("LongPathsEnabled") == 1
        if len(str(folder)) + _LONGEST_BELOW > _LONGEST_PATH and not long_paths:
            raise InstallError(f"{folder} is too long for the files of Python packages; {elsewhere}")
        if self.places.home.is_relative_to(folder):
            raise InstallError(f"{folder} holds the user's settings of xlalvh; name a new folder")
        for place in (self.places.books, self.places.addin.parent):
            if place.is_relative_to(folder) or folder.is_relative_to(place):
                raise InstallError(f"{folder} and {place} would lie in one another; name another folder")
        if folder not in self._environments():
            for theirs in (folder, _beside(folder, "new"), _beside(folder, "old")):  # all of them would be replaced
                if theirs.exists() and (theirs is not folder or any(theirs.iterdir())):
                    raise InstallError(f"{theirs} is there already and may be yours; name a new folder")
        return plain

    def _renew_environment(self) -> None:
        """Build beside, try, swap; the old environment comes back where anything fails."""
        assert self.tools is not None
        here = self.places.environment
        new, old = _beside(here, "new"), _beside(here, "old")
        if str(here) not in self.manifest.environments:
            self.manifest.environments.append(str(here))
        self.manifest.contents.pop(str(here), None)
        self.manifest.folder(here.parent)
        _remove_tree(new)
        try:
            if not here.is_relative_to(self.machine.folder("local")):
                new.mkdir()
                self.machine.reserve(new)  # a folder elsewhere may be open to others, whose code Excel would run
            self.tools.make(new)
            if fault := self.tools.fault(new):
                raise InstallError(f"the new environment does not work: {fault}; run this again")
            if here.exists():
                _rename(here, old)
            try:
                _rename(new, here)
                self.tools.settle(here)
                if fault := self.tools.fault(here):
                    raise InstallError(f"the new environment does not work in its place: {fault}; run this again")
                self.manifest.contents[str(here)] = sorted(path.name for path in here.iterdir())
            except BaseException:
                _remove_tree(here)
                if old.exists():
                    _rename(old, here)
                raise
        finally:
            _remove_tree(new)
        with contextlib.suppress(OSError):  # what a virus scanner holds goes the next time
            _remove_tree(old)

    def _recover(self) -> None:
        """After a swap that was cut off: the old environment back in its place."""
        here, old = self.places.environment, _beside(self.places.environment, "old")
        if old.exists():
            if here.exists():
                with contextlib.suppress(OSError):
                    _remove_tree(old)
            else:
                _rename(old, here)

    def _environments(self) -> list[Path]:
        """Folders of environments that are ours: the usual one, and those that were asked for."""
        usual = Places.of(self.machine).environment
        return list(dict.fromkeys([usual, *map(Path, self.manifest.environments)]))

    def _made(self, make: Callable[[Path, Path], None], like: Path) -> bytes:
        """What the environment writes, as bytes: a file copied by Windows would take the mark of the web along."""
        with tempfile.TemporaryDirectory(prefix="xlalvh-") as folder:
            make(self.places.environment, Path(folder) / like.name)
            return (Path(folder) / like.name).read_bytes()

    def _write_file(self, path: Path, content: bytes) -> None:
        new = hashlib.sha256(content).hexdigest()
        self.manifest.files[str(path)] = [*self.manifest.files.get(str(path), []), new]
        self.manifest.folder(path.parent)
        draft = path.with_name(path.name + ".part")
        draft.write_bytes(content)
        os.replace(draft, path)
        self.manifest.files[str(path)] = [new]

    def _write_book(self, content: bytes) -> Path:
        """The workbook, beside the user's where that one has been changed."""
        book = self.places.books / BOOK
        if book.exists() and not self.manifest.unchanged(book):
            beside = book.with_name(f"{book.stem}-{__version__}{book.suffix}")
            if not beside.exists() or self.manifest.unchanged(beside):
                self._write_file(beside, content)
                self.say(f"{book} is yours and stays as it is; the new template is {beside}")
            return book
        self._write_file(book, content)
        return book

    def _register(self, environment: str) -> None:
        for name, value in self._registered(environment).items():
            self._write_key(UNINSTALL, name, value)
        self._write_key(SETTINGS, ENVIRONMENT, environment)

    def _registered(self, environment: str) -> dict[str, str | int]:
        command = f'"{self.interpreter.executable}" -I "{self.places.home / UNINSTALLER}"'
        return {
            "DisplayName": "xlalvh: SPX iron condors and the 4/4/2 VIX ladder, for Excel",
            "DisplayVersion": __version__,
            "Publisher": "xlalvh",
            "InstallLocation": environment,
            "UninstallString": command,
            "QuietUninstallString": command,
            "NoModify": 1,
            "NoRepair": 1,
        }

    def _write_key(self, key: str, name: str, value: str | int) -> None:
        parts = key.split("\\")
        above = ["\\".join(parts[:i]) for i in range(2, len(parts) + 1)]
        new = [path for path in above if not self.machine.exists(path) and path not in self.manifest.keys]
        if new:
            self.manifest.keys += new
            self.manifest.save()
        self.machine.write(key, name, value)

    def _whole(self, environment: str) -> bool:
        """Whether everything but the environment is as it was written; the book may have been changed."""
        found = self.machine.values(UNINSTALL)
        return (
            self.manifest.unchanged(self.places.addin)
            and self.manifest.unchanged(self.places.home / UNINSTALLER)
            and (self.places.books / BOOK).exists()
            and self.machine.values(SETTINGS).get(ENVIRONMENT) == environment
            and all(found.get(name) == value for name, value in self._registered(environment).items())
        )

    # Uninstall.

    def uninstall(self) -> list[Path]:
        """Take away what was made and nothing else; the books that stay because they are the user's.

        Raises
        ------
        InstallError
            Where Excel or a formula process still uses it, or something of the user's is in an environment; nothing is
            gone then.
        """
        self._refuse_while_excel_is_open()
        self._refuse_to_lose()
        here, doomed = self.places.environment, _beside(self.places.environment, "old")
        if here.exists():
            _remove_tree(doomed)
            _rename(here, doomed)  # all or nothing: refused while any program in it runs
        for environment in self._environments():
            _remove_environment(environment)
        files = {Path(name) for name in self.manifest.files} | {self.places.addin, self.places.home / UNINSTALLER}
        books = sorted(file for file in files if file.parent == self.places.books)
        kept = [book for book in books if book.exists() and not self.manifest.unchanged(book)]
        for file in sorted(files):
            file.with_name(file.name + ".part").unlink(missing_ok=True)
            if file not in kept:
                file.unlink(missing_ok=True)
        self._unregister()
        for name in [*reversed(self.manifest.folders), str(self.places.books)]:
            _remove_empty(Path(name))
        for path in (self.manifest.path.with_name(self.manifest.path.name + ".part"), self.manifest.path):
            path.unlink(missing_ok=True)
        _remove_empty(self.places.home)
        for book in kept:
            self.say(f"{book} is yours and stays")
        if self.places.home.exists():
            self.say(f"{self.places.home} stays: your stored quotes and settings; delete it if you want them gone")
        self.say("xlalvh is uninstalled")
        return kept

    def _unregister(self) -> None:
        own = SETTINGS.rpartition("\\")[0]  # our macros keep their settings there too
        for key in (*(f"{own}\\{name}" for name in self.machine.keys(own)), own, UNINSTALL):
            self.machine.delete(key)
        for key in reversed(self.manifest.keys):
            if self.machine.exists(key) and not self.machine.keys(key) and not self.machine.values(key):
                self.machine.delete(key)

    def _refuse_to_lose(self) -> None:
        """An environment is replaced and removed as a whole: stop where something stands in it that we did not make."""
        for environment in self._environments():
            ours = self.manifest.contents.get(str(environment))
            if ours is None or not environment.is_dir():
                continue
            theirs = sorted(str(path) for path in environment.iterdir() if path.name not in ours)
            if theirs:
                more = f" and {len(theirs) - 3} more" if len(theirs) > 3 else ""
                raise InstallError(
                    f"{', '.join(theirs[:3])}{more}: not made by xlalvh, and would be deleted with {environment}; move "
                    "it elsewhere and run this again"
                )

    def _refuse_while_excel_is_open(self) -> None:
        if found := self.machine.processes(_EXCEL):
            raise InstallError(
                f"Excel is open (process {', '.join(map(str, found))}); save your work, close every Excel window and "
                "run this again. Where no window shows, end Excel in the Task Manager"
            )


def excel_is_here(machine: Machine) -> bool:
    """Whether a machine has a desktop Excel."""
    return bool(machine.values(EXCEL_PROGRAM).get(""))


def uninstall() -> int:
    """What the entry in Windows' list of programs runs; the exit code."""
    machine = this_machine()
    if machine is None:
        print("this uninstaller is for Windows", file=sys.stderr)
        return 1
    try:
        Installer(machine, say=lambda text: print(text, file=sys.stderr)).uninstall()
    except (InstallError, OSError) as error:
        print(f"xlalvh: {error}", file=sys.stderr)
        if sys.stdin is not None and sys.stdin.isatty():
            input("Press Enter to close. ")  # Windows closes the window with the program
        return 1
    return 0


def _uninstaller() -> bytes:
    """This file and what it imports as one program, which needs no checkout and no environment."""
    with tempfile.TemporaryDirectory(prefix="xlalvh-") as name:
        folder = Path(name) / "uninstaller"
        for carried in (*_CARRIED, "xlalvh/hosts/excel/windows.py"):
            (folder / carried).parent.mkdir(parents=True, exist_ok=True)
            (folder / carried).write_bytes((ROOT / carried).read_bytes())
        for carried in ("windows.py", "manifest.py"):
            (folder / carried).write_bytes(Path(__file__).with_name(carried).read_bytes())
        (folder / "__main__.py").write_text("import sys\n\nimport windows\n\nsys.exit(windows.uninstall())\n")
        zipapp.create_archive(folder, Path(name) / UNINSTALLER)
        return (Path(name) / UNINSTALLER).read_bytes()


def _beside(environment: Path, ending: str) -> Path:
    return environment.with_name(f"{environment.name}.{ending}")


def _remove_environment(environment: Path) -> None:
    for folder in (environment, _beside(environment, "new"), _beside(environment, "old")):
        _remove_tree(folder)


def _rename(old: Path, new: Path) -> None:
    """Rename a folder; Windows refuses while a program in it runs."""
    until = time.monotonic() + _WAIT
    while True:
        try:
            os.rename(old, new)
            return
        except PermissionError as error:
            if time.monotonic() > until:
                raise InstallError(
                    f"{old} is in use ({error}); close Excel, end pythonw.exe in the Task Manager, and run this again"
                ) from error
            time.sleep(0.2)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _remove_tree(folder: Path) -> None:
    if _is_link(folder):
        folder.unlink()  # what it leads to is the user's affair
    elif folder.exists():
        shutil.rmtree(folder)


def _is_link(path: Path) -> bool:
    """A symbolic link, or a junction of Windows."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION
