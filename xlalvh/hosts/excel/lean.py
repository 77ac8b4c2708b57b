"""Imports without the packages that are loaded wherever they are installed and that nobody needs yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

OPTIONAL = ("PIL", "matplotlib", "pandas", "polars")  # what xlwings tries to import for conversions not used here


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Have these packages seem not installed inside the block; one that is loaded already stays. Afterwards they can
    be imported as ever."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None: the import fails at once
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
