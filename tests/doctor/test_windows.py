"""Excel's links on a whole installation, and each one broken."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings

from tests.fake_windows import FakeWindows
from xlalvh import __version__
from xlalvh.doctor import windows
from xlalvh.doctor.check import State, diagnose
from xlalvh.hosts.excel.package import build_addin
from xlalvh.hosts.excel.windows import ENVIRONMENT, EXCEL_PROGRAM, SETTINGS, Places

OPTIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Options"
DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
REGION = r"HKCU\Control Panel\International"
ZONE = "[ZoneTransfer]\nZoneId=3\n"


def program(bits: int) -> bytes:
    """The head of a PE file: the offset of its header at 0x3C, then the signature and the machine's number."""
    return b"MZ" + bytes(0x3A) + struct.pack("<I", 0x80) + bytes(0x40) + b"PE\0\0" + {
        64: b"\x64\x86", 32: b"\x4c\x01"
    }[bits] + bytes(64)  # fmt: skip


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("addin") / "xlalvh.xlam"
    build_addin(path)
    return path.read_bytes()


@pytest.fixture
def machine(tmp_path: Path, addin: bytes, monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    """A Windows with Excel and everything installed."""
    made = FakeWindows(tmp_path / "user")
    places = Places.of(made)
    (places.environment / "Scripts").mkdir(parents=True)
    (places.environment / "Scripts" / "pythonw.exe").write_bytes(program(64))
    for bits in (64, 32):
        (places.environment / f"xlwings{bits}-{xlwings.__version__}.dll").write_bytes(program(bits))
    places.addin.parent.mkdir(parents=True)
    places.addin.write_bytes(addin)
    places.books.mkdir()
    (places.books / "alvh.xlsm").write_bytes(b"book")
    made.write(SETTINGS, ENVIRONMENT, str(places.environment))
    excel = tmp_path / "EXCEL.EXE"
    excel.write_bytes(program(64))
    made.write(EXCEL_PROGRAM, "", str(excel))
    made.write(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "VersionToReport", "16.0.17928.20114")
    monkeypatch.setattr(sys, "prefix", str(places.environment))
    return made


def findings(machine: FakeWindows) -> dict[str, tuple[State, str, str]]:
    return {check.link: (check.state, check.found, check.remedy) for check in diagnose(windows.checks(machine))}


def test_nothing_is_wrong_with_a_whole_installation(machine: FakeWindows) -> None:
    found = findings(machine)
    assert {link: what for link, what in found.items() if what[0] is not State.OK} == {}
    assert "Excel 16.0.17928.20114, 64 bit" in found["Excel"][1]
    assert __version__ in found["add-in"][1]


def places(machine: FakeWindows) -> Places:
    return Places.of(machine)


def other_addin(machine: FakeWindows) -> None:
    (places(machine).addin.parent / "copy of it.xlam").write_bytes(places(machine).addin.read_bytes())


def old_addin(machine: FakeWindows) -> None:
    from zipfile import ZipFile

    with ZipFile(places(machine).addin, "w") as archive:
        archive.writestr("docProps/core.xml", "<dc:title>xlalvh 0.0.9</dc:title>")


def alternative(machine: FakeWindows) -> None:
    folder = machine.home / "startup"
    folder.mkdir()
    (folder / "XLALVH.xla").write_bytes(b"")
    machine.write(OPTIONS, "AltStartup", str(folder))


def library(name: str, content: bytes | None) -> Callable[[FakeWindows], None]:
    def change(machine: FakeWindows) -> None:
        file = places(machine).environment / f"{name}-{xlwings.__version__}.dll"
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)

    return change


def two_excels(machine: FakeWindows) -> None:
    machine.running["EXCEL.EXE"] = [10, 20]


def elevated_excel(machine: FakeWindows) -> None:
    machine.running["EXCEL.EXE"] = [10]
    machine.administrators = {10}


def elevated_both(machine: FakeWindows) -> None:
    machine.running["EXCEL.EXE"] = [10]
    machine.administrators = {10, None}


def onedrive(machine: FakeWindows) -> None:
    there = machine.home / "OneDrive - Firm" / "Documents"
    real = machine.folder
    machine.folder = lambda name: there if name == "documents" else real(name)


def disabled(path: str) -> Callable[[FakeWindows], None]:
    """A value as Excel writes it: three numbers, then path and description in UTF-16."""
    texts = [f"{text}\0".encode("utf-16-le") for text in (path, "an add-in")]
    value = struct.pack("<III", 1, *map(len, texts)) + b"".join(texts)
    return lambda machine: machine.write(DISABLED, "A1B2", value)


@pytest.mark.parametrize(("change", "link", "state", "told"), [
    (lambda m: m.write(EXCEL_PROGRAM, "", ""), "Excel", State.FAULT, "no desktop Excel"),
    (lambda m: m.write(EXCEL_PROGRAM, "", r"C:\Program Files\WindowsApps\Excel\EXCEL.EXE"), "Excel", State.FAULT,
     "Store edition"),
    (lambda m: m.write(r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "VersionToReport", "15.0.1"),
     "Excel", State.FAULT, "2016"),
    (two_excels, "Excel's processes", State.WARNING, "10, 20"),
    (elevated_excel, "administrator", State.FAULT, "process 10"),
    (elevated_both, "administrator", State.WARNING, "this runs as administrator"),
    (lambda m: (places(m).environment / "Scripts" / "pythonw.exe").unlink(), "environment", State.FAULT, "pythonw.exe"),
    (library("xlwings64", None), "xlwings' libraries", State.FAULT, "xlwings64-.* is missing"),
    (library("xlwings64", program(32)), "xlwings' libraries", State.FAULT, "no 64-bit library but a 32-bit one"),
    (library("xlwings32", b"<html>"), "xlwings' libraries", State.FAULT, "no 32-bit library"),
    (lambda m: places(m).addin.unlink(), "add-in", State.FAULT, "is not there"),
    (lambda m: places(m).addin.write_bytes(b"PK half"), "add-in", State.FAULT, "damaged"),
    (old_addin, "add-in", State.FAULT, r"of version 0\.0\.9"),
    (other_addin, "other copies of the add-in", State.FAULT, "copy of it.xlam"),
    (alternative, "other copies of the add-in", State.FAULT, "XLALVH.xla"),
    (lambda m: m.write(OPTIONS, "OPEN1", '/R "C:\\Old\\xlalvh.xlam"'), "other copies of the add-in", State.FAULT,
     "list of add-ins"),
    (disabled("c:\\users\\me\\appdata\\roaming\\microsoft\\excel\\xlstart\\xlalvh.xlam"), "disabled items", State.FAULT,
     "xlalvh.xlam"),
    (disabled("c:\\other\\thing.xll"), "disabled items", State.OK, "none of ours"),
    (lambda m: Path(f"{places(m).books / 'alvh.xlsm'}:Zone.Identifier").write_text(ZONE), "Protected View",
     State.FAULT, "alvh.xlsm"),
    (lambda m: Path(f"{places(m).addin}:Zone.Identifier").write_text(ZONE), "Protected View", State.FAULT,
     "xlalvh.xlam"),
    (onedrive, "OneDrive", State.WARNING, "web addresses"),
    (onedrive, "AutoSave", State.WARNING, "saved while"),
    (lambda m: (m.write(REGION, "sDecimal", ","), m.write(REGION, "sList", ";")), "separators", State.OK,
     r'"P";4200;4000;0,12;0,19'),
    (lambda m: (m.write(REGION, "sDecimal", ","), m.write(REGION, "sList", ",")), "separators", State.FAULT, "both"),
])  # fmt: skip
def test_each_break_is_found_with_a_remedy(
    machine: FakeWindows, change: Callable[[FakeWindows], object], link: str, state: State, told: str
) -> None:
    import re

    change(machine)
    found, text, remedy = findings(machine)[link]
    assert found is state
    assert re.search(told, text)
    assert bool(remedy) is (state is not State.OK)


def test_nothing_installed(tmp_path: Path) -> None:
    found = findings(FakeWindows(tmp_path))
    for link in ("environment", "xlwings' libraries", "add-in"):
        assert found[link][0] is State.FAULT
        assert "bootstrap.py run" in found[link][2]


def test_another_environment_than_excels(machine: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "C:\\elsewhere")
    state, text, remedy = findings(machine)["environment"]
    assert state is State.WARNING
    assert "C:\\elsewhere" in text
    assert "Scripts\\xlalvh" in remedy


def test_letters_outside_the_code_page(machine: FakeWindows) -> None:
    other = machine.home / "Владимир"
    other.mkdir()
    machine.write(SETTINGS, ENVIRONMENT, str(other))
    assert findings(machine)["environment's path"][0] is State.FAULT
    machine.short_names = {str(other): "C:\\F00B~1"}
    state, _, remedy = findings(machine)["environment's path"]
    assert state is State.FAULT
    assert "install again" in remedy
    machine.write(SETTINGS, ENVIRONMENT, "C:\\" + "n" * 2000)
    assert "too long" in findings(machine)["environment's path"][1]


@pytest.mark.parametrize(("path", "there"), [
    ("C:\\Users\\me\\OneDrive\\book.xlsx", True),
    ("C:\\Users\\me\\OneDrive - Firm\\a\\book.xlsx", True),
    ("C:\\Users\\me\\Documents\\book.xlsx", False),
    ("C:\\Users\\me\\OneDriveless\\book.xlsx", False),
])  # fmt: skip
def test_onedrive_is_known_by_its_folder(path: str, there: bool) -> None:
    from pathlib import PureWindowsPath

    assert windows.is_onedrive(PureWindowsPath(path)) is there


def test_elsewhere_one_line_says_so() -> None:
    (check,) = diagnose(windows.checks(None))
    assert check.state is State.NOT_APPLICABLE


def test_a_job_that_lets_nothing_break_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert windows.job().state is State.OK

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(5, "Access is denied")

    monkeypatch.setattr(windows.subprocess, "run", refused)
    assert windows.job().state is State.FAULT
