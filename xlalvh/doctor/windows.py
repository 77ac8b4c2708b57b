"""Excel on Windows, link by link: Excel, the environment, the libraries, the add-in, the books' place.

The form of Excel's list of disabled items is not documented, so it is only searched for our names. What policies
forbid is in `policies`.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from zipfile import BadZipFile, ZipFile

import xlwings

from xlalvh import __version__
from xlalvh.doctor.check import Checks, Finding, fault, not_applicable, ok, warning, worst
from xlalvh.hosts.excel.windows import (
    ADDIN,
    BOOK,
    ENVIRONMENT,
    EXCEL_PROGRAM,
    SETTINGS,
    Machine,
    Places,
    plain_path,
    zone_of,
)

INSTALL = "close Excel and install again: py installer/bootstrap.py run"

_OFFICE = r"Software\Microsoft\Office\16.0"
_OPTIONS = rf"HKCU\{_OFFICE}\Excel\Options"
_DISABLED = rf"HKCU\{_OFFICE}\Excel\Resiliency\DisabledItems"
_CLICK_TO_RUN = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_INTERNATIONAL = r"HKCU\Control Panel\International"

_MACHINES = {0x8664: 64, 0x014C: 32, 0xAA64: 64}
_COMMAND_LIMIT = 2047  # bytes that xlwings' library takes as the server's command
_COMMAND_REST = 160  # of them not the path


def checks(machine: Machine | None) -> Checks:
    """Every link to Excel; where there is no Windows, one line says so."""
    if machine is None:
        return {"Excel": lambda: not_applicable("Excel for Windows is not on this system")}
    places = Places.of(machine)
    return {
        "Excel": lambda: excel(machine),
        "Excel's processes": lambda: instances(machine),
        "administrator": lambda: elevation(machine),
        "job": job,
        "environment": lambda: environment(machine, places),
        "environment's path": lambda: path(machine, places),
        "xlwings' libraries": lambda: libraries(_environment(machine, places)),
        "add-in": lambda: addin(machine, places),
        "other copies of the add-in": lambda: duplicates(machine, places),
        "add-in and workbook": lambda: both(places),
        "disabled items": lambda: disabled(machine),
        "Protected View": lambda: protected_view(machine, places),
        "OneDrive": lambda: onedrive(machine, places),
        "AutoSave": lambda: autosave(machine, places),
        "separators": lambda: separators(machine),
    }


def excel(machine: Machine) -> Finding:
    """Which Excel there is."""
    program = str(machine.values(EXCEL_PROGRAM).get("", "")).strip('"')
    if not program:
        return fault("no desktop Excel is registered", "install Excel from office.com, not from the Microsoft Store")
    if "\\windowsapps\\" in program.lower():
        return fault(f"{program} is the Store edition, which does not load add-ins of this kind reliably",
                     "uninstall it and install Excel from office.com")  # fmt: skip
    known = machine.values(_CLICK_TO_RUN)
    version = str(known.get("VersionToReport", "of unknown version"))
    bits = _bits(Path(program)) or {"x64": 64, "x86": 32}.get(str(known.get("Platform")), 0)
    if version.split(".")[0] not in ("16", "of unknown version"):
        return fault(f"Excel {version}; 2016 (16.0) is the oldest that will do", "install a newer Excel")
    return ok(f"Excel {version}, {bits or 'unknown'} bit, {program}")


def instances(machine: Machine) -> Finding:
    """Two Excels do not see each other's books; each starts its own formula process."""
    found = machine.processes("EXCEL.EXE")
    if len(found) > 1:
        return warning(f"{len(found)} Excels run (processes {', '.join(map(str, found))})",
                       "close all of them, in the Task Manager those without a window, and start one")  # fmt: skip
    return ok("one runs" if found else "none runs")


def elevation(machine: Machine) -> Finding:
    """An Excel that runs as administrator does not see what a user's programs offer it, and the reverse."""
    own = machine.elevated()
    others = [process for process in machine.processes("EXCEL.EXE") if machine.elevated(process) is not own]
    remedy = "start Excel, and this, without Run as administrator"
    if others:
        return fault(f"Excel (process {others[0]}) and this program run with different rights", remedy)
    return warning("this runs as administrator; its Excel may be another user's", remedy) if own else ok("no")


def job() -> Finding:
    """xlwings' library starts the formula process outside the job that Excel may run in, which a job can forbid."""
    flags = getattr(subprocess, "CREATE_BREAKAWAY_FROM_JOB", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        subprocess.run([sys.executable, "-I", "-c", ""], check=True, timeout=60, creationflags=flags)
    except PermissionError:
        return fault("programs started from here may start none outside their job (managed or virtualised Windows): "
                     "an Excel started in this way gets no formula process, and its cells stay #N/A",
                     "start Excel from the Start menu; else ask whoever manages this Windows to let jobs "
                     "break away (JOB_OBJECT_LIMIT_BREAKAWAY_OK)")  # fmt: skip
    return ok("a program started from here may start others outside its job; that Excel may too is not seen from here")


def environment(machine: Machine, places: Places) -> Finding:
    """Whether Excel is told the environment that this runs in."""
    told = machine.values(SETTINGS).get(ENVIRONMENT)
    if told is None and not places.environment.is_dir():
        return fault("not installed for Excel", INSTALL)
    folder = _environment(machine, places)
    if not (folder / "Scripts" / "pythonw.exe").is_file():
        return fault(f"{folder} has no Scripts\\pythonw.exe", INSTALL)
    if not _same(Path(sys.prefix), folder):
        return warning(f"Excel uses {folder}; this doctor runs in {sys.prefix}",
                       f'run the doctor of that one: "{folder}\\Scripts\\xlalvh" doctor')  # fmt: skip
    return ok(str(folder))


def path(machine: Machine, places: Places) -> Finding:
    """xlwings' library takes the server's command in the ANSI code page, 2,047 bytes of it."""
    folder = _environment(machine, places)
    remedy = "install into a folder with plain letters: py installer/bootstrap.py run --environment C:\\xlalvh"
    plain = plain_path(machine, folder)
    if plain is None:
        return fault(f"{folder} has letters outside this Windows' code page and no short name", remedy)
    if plain != str(folder):
        return fault(f"Excel is told {folder}, which has letters outside this Windows' code page", INSTALL)
    if len(plain) + _COMMAND_REST > _COMMAND_LIMIT:
        return fault(f"{folder} is too long", remedy)
    return ok("letters and length are fine")


def libraries(folder: Path) -> Finding:
    """The DLLs that Excel loads, of the version that our VBA names."""
    wrong, found = [], []
    for bits in (64, 32):
        file = folder / f"xlwings{bits}-{xlwings.__version__}.dll"
        if not file.is_file():
            wrong.append(f"{file.name} is missing in {folder}")
        elif (is_for := _bits(file)) != bits:
            wrong.append(f"{file} is no {bits}-bit library" + (f" but a {is_for}-bit one" if is_for else ""))
        else:
            found.append(f"{file.name}, {file.stat().st_size:,} bytes")
    if wrong:
        return fault("; ".join(wrong), "restore it in the virus scanner if that took it; else " + INSTALL)
    return ok("; ".join(found))


def addin(machine: Machine, places: Places) -> Finding:
    """The add-in that Excel loads as it starts."""
    if not places.addin.is_file():
        return fault(f"{places.addin} is not there, so Excel has no ALVH_ functions", INSTALL)
    version = addin_version(places.addin)
    if not version:
        return fault(f"{places.addin} is no add-in of xlalvh, or damaged", INSTALL)
    if version != __version__:
        return fault(f"{places.addin} is of version {version}; this is {__version__}", INSTALL)
    return ok(f"version {version}, {places.addin}")


def addin_version(file: Path) -> str:
    """The version in the add-in's title, "" where there is none."""
    try:
        with ZipFile(file) as archive:
            core = archive.read("docProps/core.xml").decode("utf-8", "replace")
    except (OSError, BadZipFile, KeyError):
        return ""
    title = re.search(r"<dc:title>xlalvh ([\w.]+)</dc:title>", core)
    return title[1] if title else ""


def duplicates(machine: Machine, places: Places) -> Finding:
    """A second copy answers with its own, perhaps older, functions."""
    folders = [places.addin.parent, *_alternative_startup(machine)]
    copies = [file for folder in folders for file in sorted(folder.glob("*.xla*")) if _is_copy(file, places.addin)]
    listed = [
        str(value)
        for name, value in machine.values(_OPTIONS).items()
        if re.fullmatch(r"OPEN\d*", name) and "xlalvh" in str(value).lower()
    ]
    return worst(
        [
            *(fault(f"{file} is loaded too", f"close Excel and delete {file}") for file in copies),
            *(
                fault(f"Excel's list of add-ins has {value} too", "clear its box in File, Options, Add-ins, Go")
                for value in listed
            ),
        ],
        ok("none"),
    )


def both(places: Places) -> Finding:
    """The workbook with macros has functions of its own, which it prefers to the add-in's."""
    book = places.books / BOOK
    if not book.is_file():
        return ok("no workbook with macros in its usual place")
    if not places.addin.is_file():
        return ok(f"{book} uses its own functions; other books have none")
    return ok(f"{book} uses its own functions, other books the add-in's; in the function wizard each shows twice")


def disabled(machine: Machine) -> Finding:
    """Excel lists here what it blames for a crash, and loads it no more."""
    names = [ADDIN.lower(), BOOK.lower()]
    texts = [
        value.decode("utf-16-le", "replace").lower()
        for value in machine.values(_DISABLED).values()
        if isinstance(value, bytes)
    ]
    hit = [name for name in names if any(name in text for text in texts)]
    if hit:
        return fault(f"Excel has disabled {' and '.join(hit)} after a crash",
                     "File, Options, Add-ins, Manage: Disabled Items, Go, Enable; then start Excel again")  # fmt: skip
    return ok("none of ours")


def protected_view(machine: Machine, places: Places) -> Finding:
    """Files with the mark of the web open in Protected View, without macros and without formulas."""
    files = [places.addin, *sorted(places.books.glob("*.xls*"))]
    marked = [file for file in files if zone_of(file)]
    if marked:
        return fault(f"marked as from the internet: {', '.join(map(str, marked))}",
                     "right-click the file, Properties, Unblock; for the add-in, " + INSTALL)  # fmt: skip
    return ok("none of our files is marked as from the internet")


def onedrive(machine: Machine, places: Places) -> Finding:
    """Excel knows a book below OneDrive by a web address."""
    if is_onedrive(places.books):
        return warning(f"{places.books} is in OneDrive, where Excel names books by web addresses",
                       "keep the books that you trade from in a folder outside OneDrive")  # fmt: skip
    return ok(f"{places.books} is not in OneDrive")


def autosave(machine: Machine, places: Places) -> Finding:
    """AutoSave, which works on OneDrive's books only, saves what a refresh writes at once."""
    if not is_onedrive(places.books):
        return ok("works on OneDrive's books only; yours are elsewhere")
    return warning("books in OneDrive are saved while you and macros change them",
                   "turn AutoSave off at the top left; an earlier state is in File, Info, Version History")  # fmt: skip


def separators(machine: Machine) -> Finding:
    """What stands between arguments and before decimals here."""
    values = machine.values(_INTERNATIONAL)
    point, separator = str(values.get("sDecimal", ".")), str(values.get("sList", ","))
    if point == separator:
        return fault(f"decimals and lists both use {point!r}", "Windows settings, Region, Additional settings")
    if point == ",":
        return ok(f"decimal comma: type formulas with {separator!r} between arguments, as in "
                  f'=ALVH_PRICE("P"{separator}4200{separator}4000{separator}0,12{separator}0,19)')  # fmt: skip
    return ok(f"{point!r} and {separator!r}")


def is_onedrive(path: Path) -> bool:
    """Whether a path goes through OneDrive's folder, such as ``OneDrive - Firm``."""
    return any(re.fullmatch(r"onedrive( - .*)?", part.lower()) for part in PureWindowsPath(path).parts)


def _environment(machine: Machine, places: Places) -> Path:
    """The folder that our VBA takes."""
    return Path(str(machine.values(SETTINGS).get(ENVIRONMENT, places.environment)))


def _alternative_startup(machine: Machine) -> Iterator[Path]:
    folder = machine.values(_OPTIONS).get("AltStartup")
    if isinstance(folder, str) and folder:
        yield Path(folder)


def _is_copy(file: Path, own: Path) -> bool:
    return file != own and (bool(addin_version(file)) or file.name.lower().startswith("xlalvh"))


def _bits(file: Path) -> int:
    """Whether a program or library is for 64 or 32 bits, by its PE header; 0 where it is neither."""
    try:
        with file.open("rb") as stream:
            if stream.read(2) != b"MZ":
                return 0
            stream.seek(0x3C)
            stream.seek(struct.unpack("<I", stream.read(4))[0])
            signature, machine = struct.unpack("<4sH", stream.read(6))
    except (OSError, struct.error):
        return 0
    return _MACHINES.get(machine, 0) if signature == b"PE\0\0" else 0


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
