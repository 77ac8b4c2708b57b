"""Where LibreOffice's programs are on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from glob import glob
from pathlib import Path

_INSTALLS = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice*/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "/Applications/LibreOffice.app/Contents/Resources",
    "C:/Program Files/LibreOffice/program",
)


class ProgramMissingError(Exception):
    """A program that is not installed; the message names the package that brings it."""


def soffice() -> Path:
    """LibreOffice itself."""
    return _find("soffice", "libreoffice-calc")


def unopkg() -> Path:
    """LibreOffice's extension manager."""
    return _find("unopkg", "libreoffice-common")


def unoidl_write() -> Path:
    """The compiler of interface definitions, from LibreOffice's SDK."""
    return _find("unoidl-write", "libreoffice-dev")


def type_libraries() -> list[Path]:
    """The compiled definitions of LibreOffice's own interfaces, the basic ones first."""
    found = [p for folder in _folders() for p in (folder / "types.rdb", folder / "types" / "offapi.rdb") if p.is_file()]
    if not found:
        raise ProgramMissingError("LibreOffice's types.rdb is missing; install libreoffice-calc")
    return found[:2]


@cache
def calc_python() -> Path:
    """A Python that can import ``uno``: LibreOffice's own, or the system's."""
    names = ("python.exe", "python") if sys.platform == "win32" else ("python", "python3")
    candidates = [folder / name for folder in _folders() for name in names]
    candidates += [Path("/usr/bin/python3")]
    for candidate in candidates:
        if candidate.is_file():
            test = subprocess.run([candidate, "-c", "import uno"], capture_output=True, check=False)
            if test.returncode == 0:
                return candidate
    raise ProgramMissingError("no Python here can import uno; install python3-uno")


def environment() -> dict[str, str]:
    """What LibreOffice's programs are to run with: its Python first on the path, for it takes its library from there,
    and an activated virtual environment or a version manager would lead it to another."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    env["PATH"] = os.pathsep.join([str(calc_python().parent), env.get("PATH", os.defpath)])
    return env


def _folders() -> list[Path]:
    folders = [Path(found).resolve().parent] if (found := shutil.which("soffice")) else []
    for pattern in _INSTALLS:
        folders += [Path(found) for found in sorted(glob(pattern))]
    return list(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def _find(name: str, package: str) -> Path:
    file = name + (".exe" if os.name == "nt" else "")
    places = [folder / file for folder in _folders()]
    places += [folder.parent / "sdk" / "bin" / file for folder in _folders()]
    for place in places:
        if place.is_file():
            return place
    if found := shutil.which(name):
        return Path(found)
    raise ProgramMissingError(f"{name} is missing; install the package {package} (Debian's name)")
