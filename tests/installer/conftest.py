"""The installer's files are programs, not a package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT
from tests.installer.life import Life


@pytest.fixture(scope="module")
def bootstrap(windows: ModuleType) -> ModuleType:
    return _load("bootstrap")


@pytest.fixture(scope="module")
def windows() -> ModuleType:
    if "windows" not in sys.modules:
        _load("manifest")
        _load("windows")
    return sys.modules["windows"]


@pytest.fixture
def life(windows: ModuleType, tmp_path: Path) -> Life:
    return Life(windows, tmp_path / "user")


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "installer" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as a program finds what lies beside it
    spec.loader.exec_module(module)
    return module
