"""Set-up's own logic; that it installs and runs is what CI shows by using it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT
from tests.installer.life import Life

SCRIPT = ROOT / "installer" / "bootstrap.py"
LOCKS = [ROOT / "installer" / name for name in ("requirements.lock", "requirements-dev.lock")]


def _requirement(text: str) -> str:
    """The normalised name of a requirement, as package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text)[0]).lower()


def _pinned(lock: Path) -> dict[str, list[str]]:
    """Names of a lock file and the versions that it pins, one a platform or Python."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE):
        found.setdefault(_requirement(name), []).append(version)
    return found


def test_every_declared_package_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, dev = map(_pinned, LOCKS)
    declared = project["project"]["dependencies"] + project["build-system"]["requires"]
    assert {_requirement(text) for text in declared} <= run.keys()
    tools = project["dependency-groups"]["dev"] + project["project"]["optional-dependencies"]["serve"]
    assert {_requirement(text) for text in tools} <= dev.keys()


def test_the_two_locks_agree() -> None:
    run, dev = map(_pinned, LOCKS)
    both = run.keys() & dev.keys()
    assert {name: dev[name] for name in both} == {name: run[name] for name in both}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_have_hashes_and_name_no_host(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_fingerprint_sees_content_and_not_line_ends(bootstrap: ModuleType, tmp_path: Path) -> None:
    unix, windows, other = tmp_path / "unix", tmp_path / "windows", tmp_path / "other"
    unix.write_bytes(b"a==1\nb==2\n")
    windows.write_bytes(b"a==1\r\nb==2\r\n")
    other.write_bytes(b"a==1\nb==3\n")
    assert bootstrap.fingerprint(unix) == bootstrap.fingerprint(windows)
    assert bootstrap.fingerprint(unix) != bootstrap.fingerprint(other)
    assert bootstrap.fingerprint(unix, other) != bootstrap.fingerprint(other, unix)


@pytest.mark.parametrize("content", [None, "", "{half", "[1]"])
def test_a_damaged_stamp_means_install_again(bootstrap: ModuleType, tmp_path: Path, content: str | None) -> None:
    stamp = tmp_path / "stamp.json"
    if content is not None:
        stamp.write_text(content)
    assert bootstrap.read_stamp(stamp) == {}


@pytest.fixture
def installs(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A home without network or subprocesses: what would be made and installed is noted here."""
    notes: list[str] = []

    def make_venv(folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        notes.append("venv")

    monkeypatch.setattr(bootstrap, "make_venv", make_venv)
    monkeypatch.setattr(bootstrap, "pip", lambda python, *words: notes.append(Path(words[-1]).name))
    monkeypatch.setattr(bootstrap, "_works", lambda python: True)
    for name in ("LOCK", "DEV_LOCK"):
        path = tmp_path / f"{name}.txt"
        path.write_text("a==1\n")
        monkeypatch.setattr(bootstrap, name, path)
    return notes


def test_only_what_changed_is_installed(bootstrap: ModuleType, tmp_path: Path, installs: list[str]) -> None:
    def prepare(*, dev: bool) -> list[str]:
        installs.clear()
        bootstrap.prepare(tmp_path, dev=dev)
        return list(installs)

    assert prepare(dev=False) == ["venv", "LOCK.txt", ROOT.name]
    assert prepare(dev=False) == []
    assert prepare(dev=True) == ["DEV_LOCK.txt"]
    assert prepare(dev=True) == []
    (tmp_path / "DEV_LOCK.txt").write_text("a==2\n")
    assert prepare(dev=False) == []
    assert prepare(dev=True) == ["DEV_LOCK.txt"]
    (tmp_path / "LOCK.txt").write_text("a==2\n")
    assert prepare(dev=True) == ["LOCK.txt", ROOT.name]


def test_an_environment_of_a_moved_checkout_is_made_anew(
    bootstrap: ModuleType, tmp_path: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(tmp_path, dev=False)
    installs.clear()
    moved = tmp_path / "moved here"
    moved.mkdir()
    (moved / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(bootstrap, "ROOT", moved)
    bootstrap.prepare(tmp_path, dev=False)
    assert installs == ["venv", "LOCK.txt", "moved here"]


def test_an_installation_that_failed_is_tried_again(
    bootstrap: ModuleType, tmp_path: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(python: Path, *words: str) -> None:
        raise bootstrap.SetupError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "pip", fails)
        with pytest.raises(bootstrap.SetupError):
            bootstrap.prepare(tmp_path, dev=False)
    installs.clear()
    bootstrap.prepare(tmp_path, dev=False)
    assert installs[-2:] == ["LOCK.txt", ROOT.name]


def test_packages_that_are_not_fully_installed_are_missing(bootstrap: ModuleType) -> None:
    """The lines are dpkg-query's for an installed package, one removed with its settings kept, and an unknown one."""
    listing = "xvfb installed\nlibreoffice-calc config-files\nlibreoffice-dev not-installed\npython3-uno installed\n"
    missing = bootstrap.missing_packages(listing)
    assert set(bootstrap.APT_PACKAGES) - set(missing) == {"xvfb", "python3-uno"}
    everything = "".join(f"{name} installed\n" for name in bootstrap.APT_PACKAGES)
    assert bootstrap.missing_packages(everything) == []
    assert bootstrap.missing_packages("") == list(bootstrap.APT_PACKAGES)


def test_home_is_the_checkout_where_it_can_be_written(bootstrap: ModuleType, tmp_path: Path) -> None:
    assert bootstrap.choose_home(tmp_path) == tmp_path


@pytest.mark.skipif(os.name == "nt", reason="folders are made read-only in the POSIX way")
def test_home_is_the_users_cache_where_it_cannot(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, cache = tmp_path / "checkout", tmp_path / "cache"
    checkout.mkdir()
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(bootstrap.os, "access", lambda path, mode: False)  # root may write everywhere
    home = bootstrap.choose_home(checkout)
    assert home.parent == cache
    assert home.is_dir()
    assert bootstrap.choose_home(checkout) == home
    assert bootstrap.choose_home(tmp_path) != home
    cache.joinpath("file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    with pytest.raises(bootstrap.SetupError, match="copy the checkout"):
        bootstrap.choose_home(checkout)


@pytest.mark.parametrize(("given", "passed"), [
    ([], ["--out", "HOME"]),
    (["--json", "--quotes", "a b.csv"], ["--json", "--quotes", "a b.csv", "--out", "HOME"]),
    (["--out", "there"], ["--out", "there"]),
    (["--out=there"], ["--out=there"]),
])  # fmt: skip
def test_run_writes_to_out_unless_told_otherwise(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], passed: list[str]
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda words, env: seen.extend(map(str, words)) or 3)
    assert bootstrap.run(tmp_path, Path("python"), given) == 3
    expected = [str(tmp_path / "out") if word == "HOME" else word for word in passed]
    assert seen == ["python", "-P", "-m", "xlalvh", "run", *expected]


@pytest.mark.parametrize("given", [[], ["tests/numerics"]])
def test_the_servers_tests_run_apart_with_its_flags(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str]
) -> None:
    """They come first, and not where other tests were asked for; either failure fails."""
    seen: list[tuple[str, bool]] = []

    def call(words: list[object], cwd: Path, env: dict[str, str]) -> int:
        seen.append((str(words[-1]), "XLWINGS_ON_SERVER" in env))
        return 1 if words[-1] == bootstrap.SERVER_TESTS else 0

    for name, value in (("install_apt_packages", None), ("ooxml_validator", None), ("check", True)):
        monkeypatch.setattr(bootstrap, name, lambda *_, value=value: value)
    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    assert bootstrap.test(tmp_path, Path("python"), given) == (0 if given else 1)
    assert [flagged for _, flagged in seen] == ([False] if given else [True, False])
    assert (bootstrap.SERVER_TESTS in [last for last, _ in seen]) is not bool(given)
    assert (ROOT / bootstrap.SERVER_TESTS).is_dir()


def test_an_old_python_is_told_what_to_do(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name if name == "python3.12" else None)
    assert bootstrap.main(["run"]) == 1
    assert re.search(r"needs Python 3\.11 or later .*run it with python3\.12", capsys.readouterr().err)


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["build"], 2), (["--help"], 0)])
def test_usage(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "bootstrap.py run" in done.stderr
    assert done.stdout == ""


def test_the_real_tools_work_on_a_real_environment(
    bootstrap: ModuleType, windows: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real venv and the real commands in it; pip is replaced by a link to this environment's packages."""

    def pip(python: Path, *words: str | Path) -> None:
        calls.append(words)
        site = next((python.parents[1] / "lib").glob("python*")) / "site-packages"
        (site / "borrowed.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n{ROOT}\n")
        for bits in (32, 64):
            (python.parents[1] / f"xlwings{bits}-0.37.8.dll").write_bytes(b"MZ")

    calls: list[tuple[str | Path, ...]] = []
    monkeypatch.setattr(bootstrap, "pip", pip)
    monkeypatch.setattr(bootstrap, "_has_ensurepip", lambda: False)
    monkeypatch.setattr(bootstrap, "_host_pip", lambda: True)
    life = Life(windows, tmp_path / "user")
    tools = bootstrap.Tools()
    installer = windows.Installer(life.machine, tools, interpreter=life.python, say=life.told.append)
    book = installer.install()
    assert calls == [
        ("--no-cache-dir", "--require-hashes", "-r", bootstrap.LOCK),
        ("--no-deps", "--no-build-isolation", ROOT),
        ("--no-deps", "--no-build-isolation", "--force-reinstall", ROOT),
    ]
    assert book.read_bytes() == (ROOT / "workbook/alvh.xlsm").read_bytes()
    assert life.addin.read_bytes()[:2] == b"PK"
    assert tools.fault(life.environment) == ""
    (life.environment / "xlwings64-0.37.8.dll").unlink()
    assert "xlwings64-0.37.8.dll missing" in tools.fault(life.environment)


def test_run_with_excel_installs_and_opens_the_book(
    bootstrap: ModuleType,
    windows: ModuleType,
    life: Life,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def denied(installer: object) -> None:
        raise PermissionError(13, "Permission denied", "xlalvh.xlam")

    monkeypatch.setattr(bootstrap, "Tools", lambda: life.tools)
    monkeypatch.setattr(windows, "this_machine", lambda: life.machine)
    monkeypatch.setattr(windows.Interpreter, "current", classmethod(lambda cls: life.python))
    monkeypatch.setattr(bootstrap, "choose_home", lambda root: life.home)
    seen: list[list[str]] = []
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda words, env: seen.append([str(w) for w in words]) or 0)
    assert bootstrap.main(["run"]) == 0
    assert life.machine.opened == [life.book]
    assert bootstrap.main(["run", "--quotes", "SPX.csv"]) == 0
    assert seen == [[str(bootstrap.script(life.environment, "python")), "-P", "-m", "xlalvh", "run",
                     "--quotes", "SPX.csv", "--out", str(life.home / "out")]]  # fmt: skip
    assert life.machine.opened == [life.book]
    life.machine.running["EXCEL.EXE"] = [1]
    assert bootstrap.main(["uninstall"]) == 1
    monkeypatch.setattr(windows.Installer, "_recover", denied)
    assert bootstrap.main(["run"]) == 1
    assert "close the program that has it open" in capsys.readouterr().err
    life.machine.running.clear()
    assert bootstrap.main(["uninstall"]) == 0
    assert not life.addin.exists()


def test_uninstall_elsewhere_says_what_there_is(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["uninstall"]) == 0
    assert "delete .venv, build and out" in capsys.readouterr().err
