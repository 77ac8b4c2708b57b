"""The command that installs an extra package is one that can be typed."""

from __future__ import annotations

import shlex
import sys

import pytest

from xlalvh.market import extra


def test_it_is_for_this_environment() -> None:
    assert shlex.split(extra.command("yfinance>=1.0")) == [sys.executable, "-m", "pip", "install", "yfinance>=1.0"]


def test_it_speaks_where_this_process_is_mute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/environment/Scripts/pythonw.exe")
    assert extra.command("pyarrow") == '"/environment/Scripts/python.exe" -m pip install "pyarrow"'
