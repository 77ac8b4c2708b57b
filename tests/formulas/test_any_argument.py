"""No argument makes a formula raise, or give NaN or infinity as a number."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlalvh.formulas import registry
from xlalvh.formulas.errors import CODES, EXCEL_ERRORS, CellError
from xlalvh.formulas.registry import Kind, catalogue

NAMES = [f.name for f in catalogue.values() if all(a.kind is not Kind.REFERENCE for a in f.arguments)]

numbers = st.one_of(
    st.floats(),  # with NaN and both infinities
    st.integers(-5, 5000),
    st.sampled_from([0, -0.0, 1e-320, 5e-324, 1e-300, 1e300, -1e300, 1.7e308, 10**400, 61.0, 2_958_465.9999999, 1e-9]),
    st.sampled_from([0.05, 0.12, 0.16, 0.5, 1.0, 4200.0, 4000.0]),
)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=5),
    st.sampled_from(["", "  ", "C", "p", "Put", "VIX", "SPXW", "front", "layer", "back", *EXCEL_ERRORS]),
    st.sampled_from([Decimal("1.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999")]),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.sampled_from(
        [CellError("#N/A", "none"), CellError("#NUM!", "none"), np.float64("nan"), np.int64(7), np.bool_(True)]
    ),
    st.sampled_from([1j, b"x", dt.timedelta(1), dt.time(9, 30), object(), {}, {"a": 1}, len]),
)
scalars = st.one_of(numbers, odd)
lists = st.lists(scalars, max_size=6)
ranges = st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(scalars, min_size=n, max_size=n), max_size=5))
ragged = st.lists(st.one_of(scalars, lists), max_size=4)
deep = st.lists(ragged, max_size=3)
arrays = st.sampled_from(
    [
        np.array(4.0),
        np.array([]),
        np.array([0.1, math.nan, 4200.0]),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.ones((2, 2, 2)),
        np.array(["C", None, 3.0], dtype=object),
        np.array([1, 2, 3, 4]),
        np.array([True, False]),
        np.array(["a", "b"]),
    ]
)
anything = st.one_of(scalars, lists, ranges, ragged, deep, arrays)


def faults(answer: Any, *, arrays_too: bool = False) -> list[Any]:
    """What no host could show."""
    if isinstance(answer, (tuple, list)):
        return [fault for item in answer for fault in faults(item, arrays_too=arrays_too)]
    if arrays_too and isinstance(answer, np.ndarray):
        return faults(answer.tolist(), arrays_too=True)
    if isinstance(answer, CellError):
        return [] if answer.code in CODES and answer.message else [answer]
    if type(answer) is float:
        return [] if math.isfinite(answer) else [answer]
    return [] if type(answer) in (str, bool) else [answer]


def check(formula: registry.Formula, given_args: list[Any]) -> None:
    assert faults(formula(*given_args), arrays_too=True) == []
    assert faults(registry.call(formula.name, given_args)) == []


common = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=25
)


@pytest.mark.parametrize("name", NAMES)
@common
@given(data=st.data())
def test_junk_everywhere(name, data) -> None:
    formula = catalogue[name]
    check(formula, data.draw(st.lists(anything, max_size=len(formula.arguments) + 1)))


@pytest.mark.parametrize("name", [name for name in NAMES if catalogue[name].arguments])
@common
@given(data=st.data())
def test_junk_in_an_otherwise_sensible_call(name, data) -> None:
    formula = catalogue[name]
    values = [formula.example.get(a.name) for a in formula.arguments]
    for i in data.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=2)):
        values[i] = data.draw(spoilt(values[i]))
    check(formula, values)


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """Junk in place of an argument, or in one of its cells, or its number made extreme."""
    if not isinstance(value, (list, tuple)) or not value:
        return st.one_of(scalars, numbers, anything)
    cells = list(value)
    one_cell = st.tuples(st.integers(0, len(cells) - 1), st.deferred(lambda: spoilt(cells[0])))
    return st.one_of(anything, one_cell.map(lambda p: (*cells[: p[0]], p[1], *cells[p[0] + 1 :])))
