"""The data folder: the one named, else the platform's."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.market.directory import data_directory


def test_the_named_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "a" / "b"))
    assert data_directory() == tmp_path / "a" / "b"
    assert data_directory().is_dir()


def test_without_a_name_it_lies_in_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XLALVH_HOME", raising=False)
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    assert data_directory().name == "xlalvh"
