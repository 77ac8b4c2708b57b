"""What the installer and the doctor ask of Windows, and where xlalvh's own things stand there.

Standard library only: the installer uses this file before anything is installed. `Machine` is all that is Windows'
own; tests give another one.
"""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ADDIN = "xlalvh.xlam"
BOOK = "alvh.xlsm"

SETTINGS = r"HKCU\Software\VB and VBA Program Settings\xlalvh\Install"  # what GetSetting in our VBA reads
ENVIRONMENT = "Environment"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\xlalvh"
EXCEL_PROGRAM = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
LONG_PATHS = r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem"

Value = str | int | bytes


class Machine(Protocol):
    """The platform. A registry key is written as in ``HKCU\\Software\\...``."""

    def values(self, key: str) -> dict[str, Value]:
        """All values of a key by name ("" is the default one), empty where it is missing."""

    def keys(self, key: str) -> list[str]:
        """Names of a key's subkeys, empty where it is missing."""

    def exists(self, key: str) -> bool:
        """Whether a key is there."""

    def write(self, key: str, name: str, value: str | int) -> None:
        """Set a value, making the key and those above it."""

    def delete(self, key: str) -> None:
        """Delete a key that has no subkeys, if it is there."""

    def folder(self, name: str) -> Path:
        """``local``, ``roaming`` or ``documents``: folders of this user."""

    def plain(self, path: Path) -> str | None:
        """An existing path in characters of the ANSI code page: itself, else its short form, else None."""

    def processes(self, image: str) -> list[int]:
        """Ids of this user's processes of a program such as ``EXCEL.EXE``."""

    def elevated(self, process: int | None = None) -> bool | None:
        """Whether a process (this one if left out) runs as administrator; None where that cannot be told."""

    def reserve(self, folder: Path) -> None:
        """Leave a folder of this user's to this user, administrators and the system."""

    def open(self, path: Path) -> None:
        """Open a file with its program."""


@dataclass(frozen=True)
class Places:
    """Where the parts of an installation are."""

    home: Path
    environment: Path
    addin: Path
    books: Path

    @classmethod
    def of(cls, machine: Machine, environment: Path | None = None) -> Places:
        """The places of this user; the environment may stand elsewhere."""
        home = machine.folder("local") / "xlalvh"
        startup = machine.folder("roaming") / "Microsoft" / "Excel" / "XLSTART"
        return cls(home, environment or home / "environment", startup / ADDIN, machine.folder("documents") / "xlalvh")


def unfit(executable: str, version: tuple[int, int], platform: str) -> str:
    """Why formulas cannot run on a Python of Windows, "" where they can; `platform` as sysconfig says it.

    >>> unfit("C:/Python313/python.exe", (3, 13), "win-amd64")
    ''
    """
    if "/windowsapps/" in executable.lower().replace("\\", "/"):
        return f"{executable} is the Store edition of Python, whose folders Excel does not see"
    if platform != "win-amd64":
        return f"{executable} is built for {platform}, and formulas need win-amd64"
    if version < (3, 11):
        return f"{executable} is Python {'.'.join(map(str, version))}, older than 3.11"
    return ""


def plain_path(machine: Machine, path: Path) -> str | None:
    """A path, which need not exist, in characters of the ANSI code page; None where Windows has no such form.

    xlwings' library takes the server's command in that code page.
    """
    there, rest = path, list[str]()
    while not there.exists() and there != there.parent:
        rest.insert(0, there.name)
        there = there.parent
    plain = machine.plain(there)
    return None if plain is None or not all(name.isascii() for name in rest) else os.path.join(plain, *rest)


def zone_of(path: Path) -> str:
    """The mark of the web: the text of a file's ``Zone.Identifier`` stream, "" where it has none."""
    try:
        return Path(f"{path}:Zone.Identifier").read_text(errors="replace")
    except OSError:
        return ""


def listed(lines: str, image: str) -> list[int]:
    """Process ids in the lines of ``tasklist /FO CSV /NH``, which says so in words where there are none.

    >>> listed('"EXCEL.EXE","4711","Console","1","90,000 K"', "excel.exe")
    [4711]
    >>> listed("INFO: No tasks are running which match the specified criteria.", "excel.exe")
    []
    """
    rows = csv.reader(lines.splitlines())
    return [int(row[1]) for row in rows if len(row) > 1 and row[0].lower() == image.lower()]


def this_machine() -> Machine | None:
    """The Windows that this process runs on; None elsewhere."""
    if sys.platform == "win32":
        return _Windows()
    return None


if sys.platform == "win32":
    import contextlib
    import ctypes
    import subprocess
    import uuid
    import winreg
    from ctypes import wintypes

    _HIVES = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    _FOLDERS = {
        "local": "F1B32785-6FBA-4FCF-9D55-7B8E7F157091",
        "roaming": "3EB685DB-65F9-4CF6-A03A-E3EF65729F3D",
        "documents": "FDD39AD0-238F-46AF-ADB4-6C85480369C7",
    }
    _NO_WINDOW = 0x08000000
    _QUERY_PROCESS, _QUERY_TOKEN, _TOKEN_ELEVATION = 0x1000, 0x8, 20

    class _Windows:
        def values(self, key: str) -> dict[str, Value]:
            found: dict[str, Value] = {}
            with contextlib.suppress(OSError), _opened(key) as handle:
                for i in range(winreg.QueryInfoKey(handle)[1]):
                    name, value, _ = winreg.EnumValue(handle, i)
                    found[name] = value
            return found

        def keys(self, key: str) -> list[str]:
            with contextlib.suppress(OSError), _opened(key) as handle:
                return [winreg.EnumKey(handle, i) for i in range(winreg.QueryInfoKey(handle)[0])]
            return []

        def exists(self, key: str) -> bool:
            with contextlib.suppress(OSError), _opened(key):
                return True
            return False

        def write(self, key: str, name: str, value: str | int) -> None:
            hive, _, path = key.partition("\\")
            with winreg.CreateKey(_HIVES[hive], path) as handle:
                winreg.SetValueEx(handle, name, 0, winreg.REG_DWORD if isinstance(value, int) else winreg.REG_SZ, value)

        def delete(self, key: str) -> None:
            hive, _, path = key.partition("\\")
            with contextlib.suppress(FileNotFoundError):
                winreg.DeleteKey(_HIVES[hive], path)

        def folder(self, name: str) -> Path:
            identifier = (ctypes.c_ubyte * 16).from_buffer_copy(uuid.UUID(_FOLDERS[name]).bytes_le)
            text = ctypes.c_wchar_p()
            failed = ctypes.windll.shell32.SHGetKnownFolderPath(ctypes.byref(identifier), 0, None, ctypes.byref(text))
            try:
                if failed or not text.value:
                    raise OSError(f"Windows does not say where this user's folder {name!r} is")
                return Path(text.value)
            finally:
                ctypes.windll.ole32.CoTaskMemFree(text)

        def plain(self, path: Path) -> str | None:
            buffer = ctypes.create_unicode_buffer(1024)
            length = ctypes.windll.kernel32.GetShortPathNameW(str(path), buffer, len(buffer))
            for text in (str(path), buffer.value if 0 < length < len(buffer) else ""):
                with contextlib.suppress(UnicodeEncodeError):
                    if text and text.encode("mbcs"):
                        return text
            return None

        def processes(self, image: str) -> list[int]:
            words = ["tasklist", "/FO", "CSV", "/NH", "/FI", f"IMAGENAME eq {image}", "/FI", f"USERNAME eq {_user()}"]
            return listed(_said(words), image)

        def reserve(self, folder: Path) -> None:
            whole, system, administrators = "(OI)(CI)F", "*S-1-5-18", "*S-1-5-32-544"
            words = ["icacls", str(folder), "/inheritance:r", "/grant:r"]
            _said([*words, *(f"{who}:{whole}" for who in (_user(), system, administrators))], check=True)

        def elevated(self, process: int | None = None) -> bool | None:
            kernel, advapi = ctypes.windll.kernel32, ctypes.windll.advapi32
            kernel.OpenProcess.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
            kernel.CloseHandle.argtypes = [wintypes.HANDLE]
            advapi.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.POINTER(wintypes.HANDLE)]
            advapi.GetTokenInformation.argtypes = [
                wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p,
            ]  # fmt: skip
            handle = kernel.GetCurrentProcess() if process is None else kernel.OpenProcess(_QUERY_PROCESS, 0, process)
            token, answer, size = wintypes.HANDLE(), wintypes.DWORD(), wintypes.DWORD()
            try:
                if not handle or not advapi.OpenProcessToken(handle, _QUERY_TOKEN, ctypes.byref(token)):
                    return None
                read = advapi.GetTokenInformation(token, _TOKEN_ELEVATION, ctypes.byref(answer), 4, ctypes.byref(size))
                return bool(answer.value) if read else None
            finally:
                if token:
                    kernel.CloseHandle(token)
                if handle and process is not None:
                    kernel.CloseHandle(handle)

        def open(self, path: Path) -> None:
            os.startfile(path)

    def _user() -> str:
        return f"{os.environ.get('USERDOMAIN', '')}\\{os.environ.get('USERNAME', '')}".lstrip("\\")

    def _said(words: list[str], *, check: bool = False) -> str:
        # By its whole path: Windows looks for a bare name in the working directory first, which may be a download.
        program = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", f"{words[0]}.exe")
        done = subprocess.run(
            [program, *words[1:]],
            capture_output=True,
            check=False,
            encoding="oem",
            errors="replace",
            creationflags=_NO_WINDOW,
        )
        if check and done.returncode:
            raise OSError(f"{words[0]} failed: {done.stdout.strip()} {done.stderr.strip()}")
        return done.stdout

    def _opened(key: str) -> winreg.HKEYType:
        hive, _, path = key.partition("\\")
        return winreg.OpenKey(_HIVES[hive], path)
