"""The program itself on any platform: Python, packages, the processes that compute, the data directory, the clock."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import xlalvh
from xlalvh.doctor.check import Checks, Finding, fault, ok, unknown, warning, worst
from xlalvh.hosts.excel.windows import unfit
from xlalvh.market import directory

AGAIN = "install again: python installer/bootstrap.py run"
_NEW_PYTHON = "install the 64-bit Python from python.org, then " + AGAIN

# A put on a forward of 4200 struck at 4000, as in the README.
QUESTION = ["P", 4200.0, 4000.0, 0.12, 0.19, 0.05]
_ANSWER = 35.69
_SLOW = 15.0  # seconds
_LITTLE, _TOO_LITTLE = 500.0, 50.0  # MB of disk space


def checks() -> Checks:
    """Every link of the program."""
    return {
        "Python": python,
        "packages": packages,
        "Excel's formula process": excel_process,
        "Calc's formula process": calc_process,
        "data directory": data_directory,
        "disk space": disk_space,
        "clock": clock,
        "time zones": time_zones,
        "sleep": lambda: sleep(asleep()),
        "providers": providers,
    }


def python() -> Finding:
    """The Python that runs this."""
    version = sys.version.split()[0]
    if sys.platform == "win32" and (reason := unfit(sys.executable, sys.version_info[:2], sysconfig.get_platform())):
        return fault(reason, _NEW_PYTHON)
    if sys.version_info < (3, 11):  # noqa: UP036 - this is what is being checked
        return fault(f"Python {version}; 3.11 is the oldest that will do", _NEW_PYTHON)
    return ok(f"xlalvh {xlalvh.__version__} on Python {version}, {sys.executable}")


def packages() -> Finding:
    """What is installed against what xlalvh declares."""
    from packaging.requirements import Requirement

    wrong = []
    declared = [Requirement(text) for text in metadata.requires("xlalvh") or ()]
    needed = [r for r in declared if r.marker is None or r.marker.evaluate({"extra": ""})]
    for requirement in needed:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} is {version} and not {requirement.specifier}")
    installed = metadata.version("xlalvh")
    if installed != xlalvh.__version__:
        wrong.append(f"xlalvh is installed as {installed} and runs as {xlalvh.__version__}")
    return fault("; ".join(wrong), AGAIN) if wrong else ok(f"all {len(needed)} are as declared")


def excel_process() -> Finding:
    """One formula through what Excel's VBA reaches, in a process of its own."""
    program = (
        "import json, sys; from xlalvh.hosts.excel.server import answer; "
        "print(json.dumps(answer('ALVH_PRICE', False, *json.loads(sys.argv[1]))[0][0]))"
    )
    return _answered([sys.executable, "-I", "-c", program, json.dumps(QUESTION)])


def calc_process() -> Finding:
    """One formula through the helper of Calc's add-in."""
    from xlalvh.hosts.calc.client import Client, HelperError
    from xlalvh.hosts.calc.package import helper_command

    client = Client(helper_command(), on_error=str)
    started = time.monotonic()
    try:
        return _right(client.ask(["ALVH_PRICE", QUESTION, False]), time.monotonic() - started)
    except HelperError as error:
        return fault(str(error), AGAIN)
    finally:
        client.close()


def _answered(command: Sequence[str]) -> Finding:
    started = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, errors="replace")
    except subprocess.TimeoutExpired:
        return fault("no answer within two minutes", "see whether a virus scanner holds Python back; then " + AGAIN)
    if done.returncode:
        return fault(f"it fails: {done.stderr.strip()[-300:]}", AGAIN)
    return _right(json.loads(done.stdout), time.monotonic() - started)


def _right(answer: object, seconds: float) -> Finding:
    if not isinstance(answer, float) or round(answer, 2) != _ANSWER:
        return fault(f"ALVH_PRICE gave {answer!r} where {_ANSWER} is right; trust no figure of it", AGAIN)
    found = f"started and gave the right price in {seconds:.1f} s"
    if seconds > _SLOW:
        return warning(found, "have the virus scanner leave the environment's folder alone")
    return ok(found)


def data_directory() -> Finding:
    """Whether the store's folder can be written."""
    try:
        folder = directory.data_directory()
    except directory.DirectoryError as error:
        return fault(str(error), "give yourself the right to, or set XLALVH_HOME")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"xlalvh")
    except OSError as error:
        return fault(f"{folder} cannot be written ({error})", "give yourself the right to, or set XLALVH_HOME")
    damaged = [path.name for path in sorted(folder.glob("*-damaged-*.sqlite3"))]
    if damaged:
        return warning(
            f"{folder} can be written; quotes that a refresh set aside as damaged: {', '.join(damaged)}",
            "see whether the disk or another program damages files; delete what you do not need",
        )
    return ok(f"{folder} can be written")


def disk_space() -> Finding:
    """Room where quotes and books go."""
    folder = directory.data_directory()
    free = shutil.disk_usage(folder).free / 1e6
    found = f"{free:,.0f} MB free at {folder}"
    remedy = "make room on that disk"
    if free < _TOO_LITTLE:
        return fault(found, remedy)
    return warning(found, remedy) if free < _LITTLE else ok(found)


def clock() -> Finding:
    """Whether the clock can be right: this program is older than now."""
    now = dt.datetime.now(dt.UTC)
    written = dt.datetime.fromtimestamp(Path(xlalvh.__file__).stat().st_mtime, dt.UTC)
    found = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < written - dt.timedelta(days=1):
        return fault(f"{found}, before this program was written", "set the clock; ages of quotes count from it")
    return ok(found)


def time_zones() -> Finding:
    """New York's hours, on which every settlement depends: 4 h behind UTC in July, 5 h in January."""
    try:
        new_york = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return fault("New York's time zone is not known", AGAIN)
    behind = [dt.datetime(2026, month, 1, 12, tzinfo=new_york).utcoffset() for month in (7, 1)]
    if behind != [dt.timedelta(hours=-4), dt.timedelta(hours=-5)]:
        return fault(f"New York's offsets are {behind}", AGAIN)
    now = dt.datetime.now().astimezone()
    return ok(
        f"here {now:%H:%M %Z} is {now.astimezone(new_york):%H:%M} in New York; tzdata {metadata.version('tzdata')}"
    )


def asleep() -> float | None:
    """Seconds that this machine has slept since it was started; None where that cannot be told."""
    if sys.platform == "win32":
        import ctypes

        awake = ctypes.c_ulonglong()
        ctypes.windll.kernel32.GetTickCount64.restype = ctypes.c_ulonglong
        if not ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake)):
            return None
        return float(ctypes.windll.kernel32.GetTickCount64() / 1e3 - awake.value / 1e7)
    since_start = getattr(time, "CLOCK_BOOTTIME", None)  # Linux has it
    if since_start is None:
        return None
    return time.clock_gettime(since_start) - time.clock_gettime(time.CLOCK_MONOTONIC)


def sleep(seconds: float | None) -> Finding:
    """A machine that slept shows quotes from before."""
    if seconds is None:
        return unknown("this system does not say")
    if seconds < 60:
        return ok("not since this machine was started")
    return warning(
        f"this machine has slept {seconds / 3600:.1f} h since it was started",
        "after waking look at the age of the quotes and refresh; where formulas show #N/A, run the macro AlvhStart",
    )


def providers() -> Finding:
    """Whether the sources of quotes that the settings name can be reached."""
    from xlalvh.market import settings
    from xlalvh.market.probe import probe

    try:
        results = probe(settings.load())
    except settings.SettingsError as error:
        return fault(str(error), "until then no quotes are refreshed")
    remedy = "see whether a browser on this machine reaches it; a proxy or firewall may stand between"
    return worst(
        [warning(f"{name}: {reason}", remedy) for name, reason in results.items() if reason],
        ok(f"reached: {', '.join(results) or 'none is asked, the settings name the sample alone'}"),
    )
