"""The tests of numerics see the array kernels however few options they hand over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xlalvh.numerics import blocks


@pytest.fixture(autouse=True, scope="module")
def _arrays() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "FEW", 0)
        yield
