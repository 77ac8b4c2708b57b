"""Where the user's data live."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def data_directory() -> Path:
    """The folder of store, settings and locks, made where it is missing: XLALVH_HOME, or the user's data folder."""
    home = os.environ.get("XLALVH_HOME")
    path = Path(home) if home else user_data_path("xlalvh", appauthor=False)
    path.mkdir(parents=True, exist_ok=True)
    return path
