"""The folder for what a user's installation keeps."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_directory() -> Path:
    """The user's data folder, made where it is missing; the environment variable XLALVH_HOME names another."""
    named = os.environ.get("XLALVH_HOME")
    folder = Path(named) if named else Path(platformdirs.user_data_dir("xlalvh", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
