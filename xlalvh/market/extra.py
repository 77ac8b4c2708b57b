"""How a user gets a package that only some need."""

from __future__ import annotations

import sys
from pathlib import Path


def command(package: str) -> str:
    """What installs it into this environment. xlalvh itself is on no package index, where its name may be another's."""
    python = Path(sys.executable)
    if python.stem.lower() == "pythonw":  # has no console, where pip would tell what it does
        python = python.with_stem("python")
    return f'"{python}" -m pip install "{package}"'
