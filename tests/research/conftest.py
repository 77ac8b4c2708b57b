"""The real chains, cut and fitted once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlalvh.research.calibrate import ModelError, model_error
from xlalvh.research.history import History


@pytest.fixture(scope="session")
def model_errors(data: Path, history: History, tmp_path_factory: pytest.TempPathFactory) -> ModelError:
    """Of the real chains of SPX and VIX."""
    folder = tmp_path_factory.mktemp("chains")
    for name in ("spx_chains", "vix_chains"):
        for path in (data / name).glob("*.csv"):
            (folder / path.name).symlink_to(path)
    return model_error(folder, history)
