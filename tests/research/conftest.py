"""The real history that several tests look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.research.assemble import assemble
from xlalvh.research.history import History


@pytest.fixture(scope="session")
def real_history(data: Path) -> History:
    """What the folder of real market data tells."""
    return assemble(data)[0]
