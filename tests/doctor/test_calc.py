"""What is said of Calc."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import missing
from xlalvh import __version__
from xlalvh.doctor import calc
from xlalvh.doctor.check import State, diagnose
from xlalvh.hosts.calc import engine, locate

# unopkg's own words, its other lines included
ENTRY = """All deployed {where} extensions:

Identifier: org.xlalvh.calc
  Version: {version}
  URL: vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/xlalvh.oxt
  is registered: yes
  Media-Type: application/vnd.sun.star.package-bundle
"""
OTHER = "Identifier: org.other.calc\n  Version: 9.9\n"


@pytest.mark.parametrize(
    ("listing", "state", "told"),
    [
        ("All deployed user extensions:\n\n<none>\n", State.FAULT, "not registered"),
        (OTHER, State.FAULT, "not registered"),
        (OTHER + ENTRY.format(where="user", version=__version__), State.OK, __version__),
        (ENTRY.format(where="user", version="0.0.1"), State.FAULT, "as 0.0.1; this is"),
        (ENTRY.format(where="user", version=__version__) * 2, State.WARNING, "for all users"),
    ],
)
def test_registration(listing: str, state: State, told: str) -> None:
    finding = calc.registered(listing)
    assert finding.state is state
    assert told in finding.found


def test_the_links_here() -> None:
    if not engine.available():
        missing("LibreOffice with its SDK and Python is not installed")
    found = {check.link: check for check in diagnose(calc.checks())}
    assert found.keys() == {"LibreOffice", "LibreOffice's SDK", "LibreOffice's Python", "Calc add-in"}
    assert [found[link].state for link in list(found)[:3]] == [State.OK] * 3
    assert found["Calc add-in"].state in (State.OK, State.FAULT, State.WARNING)


def test_without_libreoffice_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: str) -> NoReturn:
        raise locate.ProgramMissingError("soffice is missing")

    monkeypatch.setattr(locate, "_find", gone)
    (check,) = diagnose(calc.checks())
    assert check.state is State.NOT_APPLICABLE
    for link in (calc.sdk, calc.addin):
        assert link().state in (State.FAULT, State.UNKNOWN)


def test_an_old_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "soffice", lambda: Path("soffice"))
    for text, state in (("LibreOffice 6.4.7.2", State.WARNING), ("24.8.1.2", State.OK), ("?", State.UNKNOWN)):
        monkeypatch.setattr(calc, "_said", lambda *_, text=text: text)
        assert calc.program().state is state
