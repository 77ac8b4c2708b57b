"""What says which template a book was made from: a custom property of the document, which Excel and Calc keep.

It has the version of xlalvh and a digest of names, formulas and inputs, so that no change of the sheets needs a number
raised by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

PROPERTY = "xlalvh template"


def stamp(version: str, layout: Iterable[tuple[str, ...]]) -> str:
    """The property's text: the version, a blank, and the layout's digest."""
    lines = "\n".join("\t".join(part) for part in layout)
    return f"{version} {hashlib.sha256(lines.encode()).hexdigest()[:12]}"


def version(stamp: str) -> tuple[int, ...]:
    """The version in a stamp, for comparing; that of a book without a stamp, which is older than stamps, is empty."""
    return tuple(int(part) for part in stamp.partition(" ")[0].split(".") if part.isdigit())
