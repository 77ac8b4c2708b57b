"""A book as arrays: its expiries, its parts, and values as the Condor group has them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.risk.books import BOOK
from xlalvh.strategy import book


def test_expiries_in_order_and_apart_by_index() -> None:
    same_day = BOOK._replace(years=np.full(7, 0.12))
    assert [(name, years, int(mask.sum())) for name, years, mask in same_day.expiries()] == [
        ("SPX", 0.12, 4),
        ("VIX", 0.12, 3),
    ]
    assert [(name, years) for name, years, _ in BOOK.expiries()] == [
        ("SPX", 0.12),
        ("VIX", 0.10),
        ("VIX", 0.18),
        ("VIX", 0.26),
    ]


def test_values_are_those_of_the_book() -> None:
    lines = book.lines(*BOOK, np.full(7, 100.0))
    assert BOOK.value() == pytest.approx([line.value_dollars for line in lines], rel=1e-14)
    vix = BOOK.take(BOOK.underlying == "VIX")
    assert vix.strike.tolist() == [21.0, 23.0, 25.0]
    assert vix.value() == pytest.approx(BOOK.value()[4:])
