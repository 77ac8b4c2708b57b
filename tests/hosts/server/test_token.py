"""The token: made once, from the environment where it is set, refused where it is weak."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from xlalvh.hosts.server.token import VARIABLE, TokenError, borne, read_or_make


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_it_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "token"
    first = read_or_make(file)
    assert len(first) >= 43  # 256 bits
    assert read_or_make(file) == first
    assert read_or_make(tmp_path / "other") != first
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_environment_comes_first_and_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0123456789abcdef")
    assert read_or_make(tmp_path / "token") == "0123456789abcdef"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "short", "a blank between 123", "ünïcödé-0123456789"])
def test_a_weak_token_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(TokenError, match=f"{VARIABLE} holds {len(text)} characters; give at least 16"):
        read_or_make(tmp_path / "token")
    monkeypatch.delenv(VARIABLE)
    (tmp_path / "token").write_text(text)
    with pytest.raises(TokenError, match="or remove the file"):
        read_or_make(tmp_path / "token")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer secret1", "bearer secret", "secret", "é"])
def test_only_the_token_is_borne(header: str | None) -> None:
    assert not borne(header, "secret")
    assert borne("Bearer secret", "secret")
