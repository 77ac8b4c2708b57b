"""Where tests find real market data and programs, and what happens where they are missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STRICT = os.environ.get("XLALVH_STRICT") == "1"


def missing(what: str) -> None:
    """Skip with the reason, or fail where everything must be there."""
    if STRICT:
        pytest.fail(f"XLALVH_STRICT=1 and {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real market data."""
    folder = Path(os.environ.get("XLALVH_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        missing(f"there is no market data in {folder}: set XLALVH_DATA to its folder")
    return folder
