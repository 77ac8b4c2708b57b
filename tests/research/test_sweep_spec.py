"""The file of a sweep: what it means, and what in it cannot be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xlalvh.research.sweep_spec import SweepError, read, settle

GOOD = """
from = 2017-01-03
to = 2018-06-29
folds = 3
[grid]
variant = ["condor alone", "+ ALVH seeds"]
put_delta = [0.10, 0.16]
allocation = [[4, 4, 2], [2, 2, 1]]
"""


def spec_of(folder: Path, text: str) -> Path:
    path = folder / "s.toml"
    path.write_text(text)
    return path


def test_every_combination_in_order(tmp_path: Path) -> None:
    spec = read(spec_of(tmp_path, GOOD))
    points = list(spec.points())
    assert (spec.first, spec.last, spec.folds, len(spec)) == (dt.date(2017, 1, 3), dt.date(2018, 6, 29), 3, 8)
    assert points[0] == {"variant": "condor alone", "put_delta": 0.10, "allocation": [4, 4, 2]}
    assert points[-1] == {"variant": "+ ALVH seeds", "put_delta": 0.16, "allocation": [2, 2, 1]}


def test_a_point_becomes_rules_and_a_preset() -> None:
    point = {"variant": "+ ALVH 30/110/220 days", "lots": 5, "allocation": [1, 2, 3], "sizing": "band"}
    settings, variant = settle({**point, "rung_deltas": [[0.5], [0.4], [0.3]]})
    assert variant == "+ ALVH 30/110/220 days"
    assert settings.rules["lots"] == 5.0
    changed = settings.presets[1]
    assert (changed.weights, changed.sizing, changed.deltas) == ((1.0, 2.0, 3.0), "band", ((0.5,), (0.4,), (0.3,)))
    assert settings.presets[0].weights == (4.0, 4.0, 2.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x =", "is no TOML"),
        ("", "has no"),
        ("[grid]\nput_delta = 0.1", "give a list of values"),
        ("[grid]\nput_delta = []", "give a list of values"),
        ("[grid]\nwheel = [1]", "wheel is no rule"),
        ("[grid]\nwing_trigger = [7]", "it must be from 0 to 1"),
        ('[grid]\nput_delta = ["x"]', "give a number"),
        ('[grid]\nvariant = ["mine"]', "must be one of: condor alone"),
        ("[grid]\nallocation = [[1, 2]]", "give three numbers"),
        ("[grid]\nrung_deltas = [[[1.5], [0.4], [0.3]]]", "above 0, at most 0.99"),
        ('[grid]\nsizing = ["big"]', "must be one of: band"),
        ("folds = 1\n[grid]\nlots = [1]", "whole number from 2"),
        ("from = 2017\n[grid]\nlots = [1]", "give a day"),
        ("more = 1\n[grid]\nlots = [1]", "more is not known"),
        (f"[grid]\nlots = {list(range(1, 200))}\nwing_width = {list(range(1, 100))}", "give at most 10,000"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SweepError, match=said):
        read(spec_of(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="cannot be read"):
        read(tmp_path / "none.toml")
