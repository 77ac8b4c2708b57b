"""Nobody cuts the power of a test: its ledgers do not wait for the disk. A killed process loses nothing by that."""

from __future__ import annotations

import pytest

from xlalvh.research.paper import file


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_SYNCHRONOUS", "OFF")
