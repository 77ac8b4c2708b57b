"""Settings: defaults, entries, and clear errors for wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.market.settings import Settings, SettingsError, load


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    assert load() == Settings()
    assert Settings().order == ("cboe", "fred")
    assert Settings().cboe.quotes.startswith("https://")
    assert Settings().fred.graph.startswith("https://")


def test_entries(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        '﻿order = ["ib", "files", "cboe"]\nhistories = ["VIX", "DFF"]\n[http]\nevery = 60\n'
        '[cboe]\nquotes = "http://127.0.0.1:8000/quotes"\n[files]\nspx = "C:/Users/me/Downloads"\n[ib]\nport = 4001\n',
        encoding="utf-8",
    )
    found = load(path)
    assert found.order == ("ib", "files", "cboe")
    assert found.histories == ("VIX", "DFF")
    assert (found.http.every, found.http.retries, found.ib.port) == (60.0, 3, 4001)
    assert found.files.spx == "C:/Users/me/Downloads"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("order = [", "Invalid|Unclosed|Expected|Cannot|Unexpected"),
        ('order = ["cbeo"]', r"Invalid enum value 'cbeo' - at `order"),
        ("order = []", "length >= 1"),
        ("[http]\nretries = 'three'", r"Expected `int`, got `str` - at `http\.retries`"),
        ("[http]\ntotal = -1", r"http\.total"),
        ("[htpp]\nevery = 1", "unknown field `htpp`"),
        ("[fred]\napi_key = 'secret'", r"unknown field `api_key` - at `fred`"),
        ("[cboe]\nquotes = 'http://cdn.cboe.com/x'", r"cboe\.quotes"),
        ("[cboe]\nquotes = 'https://me:secret@cdn.cboe.com/x'", r"cboe\.quotes"),
        ("[cboe]\nquotes = 'https://cdn.cboe.com/x?token=secret'", r"cboe\.quotes"),
        ("histories = ['../x']", "histories"),
    ],
)
def test_wrong_entries_are_named_with_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(str(path))
    assert said.endswith("correct the entry, or remove it: its default then holds")
    assert "\n" not in said
    assert "secret" not in said


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load(path)
