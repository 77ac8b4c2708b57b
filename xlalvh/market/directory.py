"""The folder for what a user's installation keeps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DirectoryError(OSError):
    """The data folder cannot be made; the message names it and the remedy."""


def data_directory() -> Path:
    """The user's data folder, made where it is missing; the environment variable XLALVH_HOME names another.

    Raises
    ------
    DirectoryError
    """
    from pathlib import Path  # what a first formula does not need is imported on use

    import platformdirs

    named = os.environ.get("XLALVH_HOME")
    folder = Path(named) if named else Path(platformdirs.user_data_dir("xlalvh", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DirectoryError(
            f"the data folder {folder} cannot be made ({error.strerror or error}); have XLALVH_HOME name a folder that "
            "you may write"
        ) from error
    return folder
