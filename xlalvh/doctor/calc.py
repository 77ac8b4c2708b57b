"""LibreOffice Calc: the program, what its add-in is built with, and the add-in's registration."""

from __future__ import annotations

import re
import subprocess
import sys

from xlalvh import __version__
from xlalvh.doctor.check import Checks, Finding, fault, not_applicable, ok, unknown, warning
from xlalvh.hosts.calc import locate
from xlalvh.hosts.calc.package import IDENTIFIER

_INSTALL = "close LibreOffice and run: xlalvh calc install"
_OLDEST = (7, 4)
_LIMIT = 60.0  # seconds


def checks() -> Checks:
    """Every link to Calc; where there is none, one line says so."""
    try:
        locate.soffice()
    except locate.ProgramMissingError:
        return {"LibreOffice": lambda: not_applicable("not installed; it is one of the programs that show formulas")}
    return {"LibreOffice": program, "LibreOffice's SDK": sdk, "LibreOffice's Python": python, "Calc add-in": addin}


def program() -> Finding:
    """LibreOffice and its version."""
    text = _said(str(locate.soffice()), "--version")
    found = re.search(r"(\d+)\.(\d+)[\d.]*", text)
    if found is None:
        return unknown(f"{locate.soffice()} says {text.strip()[:200]!r} of its version")
    if (int(found[1]), int(found[2])) < _OLDEST:
        return warning(f"LibreOffice {found[0]}; 7.4 is the oldest that was tried", "install a newer one")
    return ok(f"LibreOffice {found[0]}, {locate.soffice()}")


def sdk() -> Finding:
    """What compiles the add-in's interface."""
    try:
        return ok(str(locate.unoidl_write()))
    except locate.ProgramMissingError as error:
        return fault(str(error), "install LibreOffice's SDK; Debian and Ubuntu: apt install libreoffice-dev")


def python() -> Finding:
    """The Python in which the add-in runs."""
    try:
        return ok(str(locate.calc_python()))
    except locate.ProgramMissingError as error:
        return fault(str(error), "install it; Debian and Ubuntu: apt install python3-uno")


def addin() -> Finding:
    """Whether the add-in is registered, once and in this version."""
    try:
        listing = "".join(_said(str(locate.unopkg()), "list", *shared) for shared in ((), ("--shared",)))
    except (locate.ProgramMissingError, subprocess.TimeoutExpired) as error:
        return unknown(f"LibreOffice's extensions could not be listed ({error})")
    return registered(listing)


def registered(listing: str) -> Finding:
    """What ``unopkg list`` says of our add-in."""
    versions = re.findall(rf"^Identifier: {re.escape(IDENTIFIER)}\s+Version: (\S+)", listing, re.MULTILINE)
    if not versions:
        found = "the add-in is not registered, so ALVH_ formulas show #NAME? in Calc"
        return warning(found, _INSTALL) if sys.platform == "win32" else fault(found, _INSTALL)
    others = [version for version in versions if version != __version__]
    if others:
        return fault(f"the add-in is registered as {' and '.join(others)}; this is {__version__}", _INSTALL)
    if len(versions) > 1:
        return warning(
            "the add-in is registered for this user and for all users", "remove one in Tools, Extension Manager"
        )
    return ok(f"registered, version {versions[0]}")


def _said(*command: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_LIMIT, env=locate.environment(), errors="replace"
    )
    return done.stdout + done.stderr
