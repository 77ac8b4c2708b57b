"""Wing status at and around its thresholds, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from xlalvh.strategy import adjust

RULES = {"trigger": 0.15, "multiple": 2.0, "watch": 0.75}


@pytest.mark.parametrize(
    ("delta", "entry", "status"),
    [
        (0.16, 0.16, "safe"),  # the seeds' bare 0.15 would fire here, at entry
        (0.2399, 0.16, "safe"),
        (0.24, 0.16, "watch"),
        (0.3199, 0.16, "watch"),
        (0.32, 0.16, "tested"),
        (-0.32, 0.16, "tested"),
        (-0.32, -0.16, "tested"),
        (0.11, 0.05, "safe"),  # 0.15 rules where the entry was far out
        (0.1125, 0.05, "watch"),
        (0.15, 0.05, "tested"),
    ],
)
def test_status(delta, entry, status) -> None:
    assert adjust.wing_status(delta, entry, **RULES) == status


@pytest.mark.parametrize(
    ("rule", "value", "statuses"),
    [
        ("trigger", 0.30, ["safe", "safe", "watch", "tested"]),
        ("multiple", 1.0, ["safe", "tested", "tested", "tested"]),
        ("watch", 0.40, ["watch", "watch", "tested", "tested"]),
    ],
)
def test_each_threshold(rule, value, statuses) -> None:
    """Entry at 0.10: tested from 0.20, watch from 0.15."""
    deltas = np.array([0.10, 0.17, 0.23, 0.31])
    assert adjust.wing_status(deltas, 0.10, **RULES).tolist() == ["safe", "watch", "tested", "tested"]
    assert adjust.wing_status(deltas, 0.10, **{**RULES, rule: value}).tolist() == statuses
