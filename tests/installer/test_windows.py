"""The installation's whole life, against a registry in memory and folders below a temporary one.

Environments are small here, so that a life takes milliseconds; test_bootstrap lets the real tools make one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import xlalvh
from tests.conftest import ROOT
from tests.installer.life import Life
from xlalvh.hosts.excel import windows as places


def others(life: Life) -> None:
    """What a user has from elsewhere, near our places."""
    (life.addin.parent).mkdir(parents=True)
    (life.addin.parent / "PERSONAL.XLSB").write_text("macros of the user")
    (life.home / "AppData/Local/other").mkdir()
    (life.home / "Documents/letter.docx").write_text("dear")
    life.machine.write(r"HKCU\Software\VB and VBA Program Settings\Other\Place", "x", "1")
    life.machine.write(r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Other", "DisplayName", "Other")


@pytest.mark.parametrize("prepare", [lambda life: None, others], ids=["new profile", "used profile"])
def test_nothing_remains_and_nothing_else_changes(life: Life, prepare: Callable[[Life], None]) -> None:
    prepare(life)
    before = life.snapshot()
    assert life.install() == life.book
    assert life.machine.reserved == []
    assert life.addin.read_text() == "add-in 1"
    assert life.book.read_text() == "book 1"
    life.tools.version = "2"
    assert life.install() == life.book
    assert life.addin.read_text() == "add-in 2"
    assert life.book.read_text() == "book 2"
    registry, files = life.snapshot()
    assert {key: values for key, values in registry.items() if key in before[0]} == before[0]
    assert {name: data for name, data in files.items() if name in before[1]} == before[1]
    assert life.uninstall() == []
    assert life.snapshot() == before


def test_excel_is_told_where_the_environment_is(life: Life) -> None:
    """VBA: GetSetting("xlalvh", "Install", "Environment"), which looks below VB and VBA Program Settings."""
    life.install()
    key = r"HKCU\Software\VB and VBA Program Settings\xlalvh\Install"
    assert life.machine.values(key) == {"Environment": str(life.environment)}
    assert 'GetSetting("xlalvh", "Install", "Environment"' in (ROOT / "xlalvh/hosts/excel/vba/AlvhHost.bas").read_text(
        "utf-8"
    )


def test_windows_lists_it_among_the_programs(life: Life) -> None:
    life.install()
    entry = life.machine.values(r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\xlalvh")
    assert entry["DisplayVersion"] == xlalvh.__version__
    assert entry["UninstallString"] == (
        f'"C:\\Python311\\python.exe" -I "{life.home / "AppData/Local/xlalvh/uninstall.pyz"}"'
    )


def test_what_is_up_to_date_is_left_alone_even_while_excel_is_open(life: Life) -> None:
    life.install()
    before = life.snapshot()
    life.tools.done.clear()
    life.machine.running["EXCEL.EXE"] = [4711]
    assert life.install() == life.book
    assert life.tools.done == []
    assert life.snapshot() == before


@pytest.mark.parametrize("deed", ["install", "uninstall"])
def test_an_open_excel_is_named_and_nothing_changes(life: Life, deed: str) -> None:
    life.install()
    before = life.snapshot()
    life.tools.version = "2"
    life.machine.running["EXCEL.EXE"] = [4711]
    with pytest.raises(life.windows.InstallError, match=r"Excel is open \(process 4711\).*close every Excel window"):
        getattr(life, deed)()
    assert life.snapshot() == before


@pytest.mark.parametrize("step", ["make", "fault", "settle"])
def test_the_old_version_works_on_where_the_new_one_fails(life: Life, step: str) -> None:
    life.install()
    _, before = life.snapshot()
    life.tools.version, life.tools.fails_at = "2", step
    with pytest.raises((ConnectionError, life.windows.InstallError)):
        life.install()
    _, files = life.snapshot()
    manifest = str((life.home / "AppData/Local/xlalvh/installed.json").relative_to(life.home))
    del before[manifest], files[manifest]
    assert files == before
    life.tools.fails_at = ""
    life.install()
    assert (life.environment / "package.py").read_text() == "2"


@pytest.mark.parametrize("step", ["make", "fault", "settle", "addin", "book"])
@pytest.mark.parametrize("after", ["install", "uninstall"])
def test_a_first_installation_that_failed_can_be_repeated_and_removed(life: Life, step: str, after: str) -> None:
    before = life.snapshot()
    life.tools.fails_at = step
    with pytest.raises((ConnectionError, life.windows.InstallError)):
        life.install()
    life.tools.fails_at = ""
    if after == "install":
        life.install()
        assert life.addin.exists()
    life.uninstall()
    assert life.snapshot() == before


def cut_off(life: Life, deed: str, at: int) -> bool:
    """Install or uninstall in a child that ends at its n-th change of files or registry; whether it had that many."""
    count = iter(range(1, 1000))

    def cut(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            if next(count) == at:
                os._exit(9)
            return function(*args, **kwargs)

        return counted

    registry = life.home.parent / "registry.json"
    child = os.fork()
    if child == 0:  # its changes to files stay; its registry comes back through a file

        def kept(change: Callable[..., None]) -> Callable[..., None]:
            def changed(*args: Any) -> None:
                change(*args)
                registry.write_text(json.dumps(life.machine.registry))

            return cut(changed)

        for name in ("write", "delete"):
            setattr(life.machine, name, kept(getattr(life.machine, name)))
        for name in ("rename", "replace", "mkdir", "unlink", "rmdir"):
            setattr(os, name, cut(getattr(os, name)))
        try:
            getattr(life, deed)()
        except BaseException:
            os._exit(8)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    if registry.exists():
        life.machine.registry = json.loads(registry.read_text())
    return code == 9


@pytest.mark.skipif(os.name == "nt", reason="the child is forked in the POSIX way")
@pytest.mark.parametrize("deed", ["first", "upgrade", "uninstall"])
@pytest.mark.parametrize("then", ["install", "uninstall"])
def test_killed_at_any_change_it_is_mended_or_removed(
    windows: ModuleType, tmp_path: Path, deed: str, then: str
) -> None:
    for at in range(1, 200):
        life = Life(windows, tmp_path / str(at) / "user")
        others(life)
        before = life.snapshot()
        if deed != "first":
            life.install()
        if deed == "upgrade":
            life.tools.version = "2"
        if not cut_off(life, "uninstall" if deed == "uninstall" else "install", at):
            break
        if then == "install":
            assert life.install() == life.book
            assert (life.environment / "package.py").read_text() == life.tools.version
            assert life.addin.read_text() == f"add-in {life.tools.version}"
            assert life.book.read_text() == f"book {life.tools.version}"
        assert life.uninstall() == []
        assert life.snapshot() == before, f"cut off at change {at}"
    assert at > 15


def break_environment(life: Life) -> None:
    (life.environment / "package.py").unlink()


def break_addin(life: Life) -> None:
    life.addin.write_text("half")


def break_settings(life: Life) -> None:
    life.machine.delete(places.SETTINGS)


def break_manifest(life: Life) -> None:
    (life.home / "AppData/Local/xlalvh/installed.json").write_text("{half")


@pytest.mark.parametrize("breaking", [break_environment, break_addin, break_settings, break_manifest])
def test_what_is_broken_is_mended(life: Life, breaking: Callable[[Life], None]) -> None:
    life.install()
    good = life.snapshot()
    breaking(life)
    life.install()
    assert life.addin.read_text() == "add-in 1"
    registry, files = life.snapshot()
    assert registry == good[0]
    assert {name for name in files if not name.startswith("Documents")} == {
        name for name in good[1] if not name.startswith("Documents")
    }


def test_a_users_book_is_never_touched(life: Life) -> None:
    life.install()
    life.book.write_text("positions of the user")
    life.tools.version = "2"
    assert life.install() == life.book
    beside = life.book.with_name(f"alvh-{xlalvh.__version__}.xlsm")
    assert life.book.read_text() == "positions of the user"
    assert beside.read_text() == "book 2"
    assert any(str(beside) in line for line in life.told)
    (life.book.parent / "mine.xlsx").write_text("mine")
    assert life.uninstall() == [life.book]
    assert life.book.read_text() == "positions of the user"
    assert {path.name for path in life.book.parent.iterdir()} == {"alvh.xlsm", "mine.xlsx"}
    assert f"{life.book} is yours and stays" in life.told


def test_stored_quotes_stay_and_the_user_is_told(life: Life) -> None:
    life.install()
    store = life.home / "AppData/Local/xlalvh/quotes.sqlite"
    store.write_text("quotes")
    life.tools.version = "2"
    life.install()
    life.uninstall()
    assert [path.name for path in store.parent.iterdir()] == ["quotes.sqlite"]
    assert any(str(store.parent) in line and "stored quotes" in line for line in life.told)


@pytest.mark.parametrize(("executable", "version", "platform", "told"), [
    (r"C:\Users\me\AppData\Local\Microsoft\WindowsApps\python.exe", (3, 12), "win-amd64", "Store edition"),
    (r"C:\Program Files\WindowsApps\Python\python.exe", (3, 12), "win-amd64", "Store edition"),
    (r"C:\Python\python.exe", (3, 12), "win32", "win32.*64-bit Python from python.org"),
    (r"C:\Python\python.exe", (3, 12), "win-arm64", "win-arm64"),
    (r"C:\Python\python.exe", (3, 10), "win-amd64", "3.10, older than 3.11"),
])  # fmt: skip
def test_an_unfit_python_is_refused(
    life: Life, executable: str, version: tuple[int, int], platform: str, told: str
) -> None:
    before = life.snapshot()
    life.python = life.windows.Interpreter(executable, version, platform)
    with pytest.raises(life.windows.InstallError, match=told):
        life.install()
    assert life.snapshot() == before


def test_a_profile_outside_the_code_page_is_written_by_its_short_name(windows: ModuleType, tmp_path: Path) -> None:
    life = Life(windows, tmp_path / "Владимир")
    local = life.home / "AppData/Local"
    life.machine.short_names = {str(local): "C:\\Users\\F00B~1\\AppData\\Local"}
    life.install()
    told = life.machine.values(places.SETTINGS)["Environment"]
    assert isinstance(told, str)
    assert told == os.path.join("C:\\Users\\F00B~1\\AppData\\Local", "xlalvh", "environment")


def test_without_short_names_another_folder_is_asked_for_and_remembered(windows: ModuleType, tmp_path: Path) -> None:
    life = Life(windows, tmp_path / "Владимир")
    before = life.snapshot()
    with pytest.raises(windows.InstallError, match="--environment"):
        life.install()
    assert life.snapshot() == before
    other = tmp_path / "elsewhere" / "environment"
    life.install(environment=other)
    assert life.machine.values(places.SETTINGS)["Environment"] == str(other)
    assert life.machine.reserved == [other.with_name("environment.new")]
    life.tools.version = "2"
    life.install()
    assert (other / "package.py").read_text() == "2"
    life.uninstall()
    assert not other.parent.exists()
    assert life.snapshot() == before


def test_an_environment_moves_when_asked_to(life: Life, tmp_path: Path) -> None:
    before = life.snapshot()
    life.install()
    other = tmp_path / "elsewhere"
    life.install(environment=other)
    assert not life.environment.exists()
    assert (other / "package.py").exists()
    assert life.machine.values(places.SETTINGS)["Environment"] == str(other)
    life.uninstall()
    assert not other.exists()
    assert life.snapshot() == before


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("name", ["mine", "mine.new", "mine.old"])
def test_a_folder_that_holds_something_else_is_refused_and_whole(
    life: Life, tmp_path: Path, installed: bool, name: str
) -> None:
    if installed:
        life.install()
    theirs = tmp_path / name
    theirs.mkdir()
    (theirs / "thesis.docx").write_text("years of work")
    with pytest.raises(life.windows.InstallError, match=r"is there already and may be yours"):
        life.install(environment=tmp_path / "mine")
    assert (theirs / "thesis.docx").read_text() == "years of work"


def test_an_environment_elsewhere_that_broke_off_is_built_again(life: Life, tmp_path: Path) -> None:
    other = tmp_path / "other"
    life.tools.fails_at = "addin"
    with pytest.raises(ConnectionError):
        life.install(environment=other)
    life.tools.fails_at = ""
    life.install(environment=other)
    assert (other / "package.py").exists()
    life.uninstall()
    assert not other.exists()


@pytest.mark.skipif(os.name == "nt", reason="the child is forked in the POSIX way")
def test_a_move_killed_at_any_change_leaves_nothing_after_uninstalling(windows: ModuleType, tmp_path: Path) -> None:
    for at in range(1, 200):
        life = Life(windows, tmp_path / str(at) / "user")
        before = life.snapshot()
        life.install()
        life.elsewhere = life.home.parent / "other" / "place"
        if not cut_off(life, "move", at):
            break
        life.uninstall()
        assert life.snapshot() == before, f"cut off at change {at}"
        assert not life.elsewhere.parent.exists(), f"cut off at change {at}"
    assert at > 15


def test_the_folder_of_the_settings_is_refused(life: Life) -> None:
    before = life.snapshot()
    for folder in (life.home / "AppData/Local/xlalvh", life.home / "AppData/Local"):
        with pytest.raises(life.windows.InstallError, match="settings"):
            life.install(environment=folder)
    assert life.snapshot() == before


def test_a_folder_of_books_or_add_ins_is_refused(life: Life) -> None:
    before = life.snapshot()
    for folder in (life.book.parent, life.book.parent / "below", life.home / "Documents", life.addin.parent / "below"):
        with pytest.raises(life.windows.InstallError, match=r"lie in one another|is there already"):
            life.install(environment=folder)
    assert life.snapshot() == before


@pytest.mark.parametrize("deed", ["upgrade", "move", "uninstall"])
def test_what_a_user_put_into_the_environment_is_never_deleted(life: Life, deed: str) -> None:
    life.install()
    mine = life.environment / "positions.xlsx"
    mine.write_text("mine")
    before = life.snapshot()
    life.tools.version = "2"
    with pytest.raises(life.windows.InstallError, match=r"positions\.xlsx: not made by xlalvh"):
        {"upgrade": life.install, "move": life.move, "uninstall": life.uninstall}[deed]()
    assert life.snapshot() == before
    mine.unlink()
    {"upgrade": life.install, "move": life.move, "uninstall": life.uninstall}[deed]()


def test_an_environment_behind_a_link_is_left_where_the_link_leads(life: Life, tmp_path: Path) -> None:
    before = life.snapshot()
    life.install()
    other = tmp_path / "big disk"
    life.environment.rename(other)
    life.environment.symlink_to(other)
    life.tools.version = "2"
    life.install()
    assert not life.environment.is_symlink()
    assert (other / "package.py").read_text() == "1"
    life.environment.rename(tmp_path / "again")
    life.environment.symlink_to(tmp_path / "again")
    life.uninstall()
    assert (tmp_path / "again" / "package.py").read_text() == "2"
    assert life.snapshot() == before


def test_a_path_too_long_for_packages_is_refused_unless_windows_takes_it(windows: ModuleType, tmp_path: Path) -> None:
    life = Life(windows, tmp_path / ("n" * 90))
    with pytest.raises(windows.InstallError, match="too long"):
        life.install()
    life.machine.write(places.LONG_PATHS, "LongPathsEnabled", 1)
    assert life.install() == life.book


def test_an_environment_in_use_is_refused_and_whole(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.install()
    life.tools.version = "2"

    def refused(old: Path, new: Path) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(life.windows, "_WAIT", 0.0)
    with monkeypatch.context() as busy:
        busy.setattr(life.windows.os, "rename", refused)
        for deed in (life.install, life.uninstall):
            with pytest.raises(life.windows.InstallError, match=r"in use.*pythonw"):
                deed()
    assert (life.environment / "package.py").read_text() == "1"
    assert life.addin.read_text() == "add-in 1"


def test_the_uninstaller_needs_neither_checkout_nor_environment(life: Life) -> None:
    """Here it gets as far as finding that this is not Windows, with all it imports."""
    life.install()
    program = life.home / "AppData/Local/xlalvh/uninstall.pyz"
    done = subprocess.run([sys.executable, "-I", "-S", program], capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (1, "this uninstaller is for Windows\n")
