"""Every formula's example against a value found without the package."""

from __future__ import annotations

import pytest

from tests.formulas.expected import EXPECTED, differences, tolerance
from xlalvh.formulas import catalogue
from xlalvh.formulas.registry import Kind, call

VALUED = [name for name, f in catalogue.items() if all(a.kind is not Kind.REFERENCE for a in f.arguments)]


@pytest.mark.parametrize("name", VALUED)
def test_example(name) -> None:
    entry = catalogue[name]
    found = call(name, [entry.example.get(a.name) for a in entry.arguments])
    assert differences(found, EXPECTED[name], tolerance(name)) == []


def test_differences_are_seen() -> None:
    assert differences(1.0, 1.0 + 1e-12, 1e-9) == []
    assert differences(1.0, 1.001, 1e-9) != []
    assert differences((("a", 1.0),), (("a", 2.0),), 1e-9) == ["[1][2]: 1.0 is not 2.0"]
    assert differences((1.0,), (1.0, 2.0), 1e-9) != []
    assert differences("contango", "flat", 1e-9) != []
    assert differences("", None, 1e-9) == []
    assert differences(1.0, "x", 1e-9) != []
