"""What a sweep tries: a TOML file of values by name, and the settings of the backtest that each combination means.

::

    from = 2010-05-24            # days, both included
    to = 2021-06-11
    folds = 5                    # equal parts of the days, for the walk-forward split

    [grid]
    variant = ["condor alone", "+ ALVH seeds"]
    put_delta = [0.10, 0.16]     # any rule
    target_coverage = [0.6, 0.9]
    rung_deltas = [[[0.5], [0.5], [0.5]]]   # by layer; these three change the variant's preset
    allocation = [[4, 4, 2], [2, 2, 1]]
    sizing = ["band", "per ten condors"]
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xlalvh.research.backtest import FIRST, Settings
from xlalvh.strategy import presets
from xlalvh.strategy.rules import DEFAULTS, rule

Point = dict[str, Any]  # a value by name, as TOML has it

SIZINGS = (presets.BAND, presets.PER_TEN_CONDORS, presets.EXPOSURE, presets.PREMIUM)
_OF_PRESET = ("rung_deltas", "allocation", "sizing")
_MOST = 10_000  # points
_LADDER = "+ ALVH "


class SweepError(ValueError):
    """A sweep that cannot be run; the message names the file or the entry, what was found and the remedy."""


@dataclass(frozen=True)
class Spec:
    """The days, the folds and the grid of a sweep."""

    first: dt.date
    last: dt.date | None
    folds: int
    grid: Mapping[str, tuple[Any, ...]]

    def points(self) -> Iterator[Point]:
        """Every combination, in the order of the file."""
        for values in itertools.product(*self.grid.values()):
            yield dict(zip(self.grid, values, strict=True))

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.grid.values())


def read(path: Path) -> Spec:
    """A sweep's file.

    Raises
    ------
    SweepError
        Naming the entry that cannot be, and what it may be.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SweepError(f"{path} cannot be read ({error.strerror or error})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SweepError(f"{path} is no TOML: {error}") from error
    unknown = sorted(set(found) - {"from", "to", "folds", "grid"})
    if unknown:
        raise SweepError(f"{path}: {unknown[0]} is not known; a sweep has from, to, folds and [grid]")
    folds = found.get("folds", 5)
    if not isinstance(folds, int) or isinstance(folds, bool) or not 2 <= folds <= 50:
        raise SweepError(f"{path}: folds is {folds!r}; give a whole number from 2 to 50")
    grid = found.get("grid")
    if not isinstance(grid, dict) or not grid:
        raise SweepError(f"{path} has no [grid]: give at least one name with a list of values")
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise SweepError(f"{path}: {name} is {values!r}; give a list of values, as put_delta = [0.10, 0.16]")
    first, last = (_day(path, name, found.get(name)) for name in ("from", "to"))
    spec = Spec(max(first or FIRST, FIRST), last, folds, {name: tuple(values) for name, values in grid.items()})
    if len(spec) > _MOST:
        raise SweepError(f"{path} asks for {len(spec):,} points; give at most {_MOST:,}")
    for point in spec.points():
        settle(point)
    return spec


def settle(point: Point) -> tuple[Settings, str]:
    """The backtest's settings and variant of a point.

    Raises
    ------
    SweepError
        For a name or a value that cannot be.
    """
    rules = dict(DEFAULTS)
    for name, value in point.items():
        if name == "variant" or name in _OF_PRESET:
            continue
        if name not in rules:
            raise SweepError(f"{name} is no rule; give a rule of the sheet Rules, variant, {', '.join(_OF_PRESET)}")
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise SweepError(f"{name} is {value!r}; give a number")
        try:
            rule(name).check(float(value))
        except ValueError as error:
            raise SweepError(str(error)) from error
        rules[name] = float(value)
    settings = Settings(rules)
    variant = point.get("variant", f"{_LADDER}{presets.SEEDS.name}")
    if variant not in settings.variants():
        raise SweepError(f"variant is {variant!r}; it must be one of: {', '.join(settings.variants())}")
    changes = {name: point[name] for name in _OF_PRESET if name in point}
    if changes:
        settings = replace(settings, presets=_changed(settings.presets, variant, changes))
    return settings, variant


def _changed(given: tuple[presets.Preset, ...], variant: str, changes: Mapping[str, Any]) -> tuple[presets.Preset, ...]:
    """The presets, that of the variant with other deltas, contracts or sizing."""
    name = variant.removeprefix(_LADDER) if variant.startswith(_LADDER) else presets.SEEDS.name
    fields: dict[str, Any] = {}
    if "sizing" in changes:
        if changes["sizing"] not in SIZINGS:
            raise SweepError(f"sizing is {changes['sizing']!r}; it must be one of: {', '.join(SIZINGS)}")
        fields["sizing"] = changes["sizing"]
    if "allocation" in changes:
        fields["weights"] = _layers("allocation", changes["allocation"])
    if "rung_deltas" in changes:
        layers = changes["rung_deltas"]
        if not isinstance(layers, list) or len(layers) != 3:
            raise SweepError(f"rung_deltas is {layers!r}; give a list of deltas for each of three layers")
        fields["deltas"] = tuple(_numbers("rung_deltas", layer, 0.99) for layer in layers)
    return tuple(p._replace(**fields) if p.name == name else p for p in given)


def _layers(name: str, value: Any) -> tuple[float, ...]:
    found = _numbers(name, value, 1e4)
    if len(found) != 3:
        raise SweepError(f"{name} is {value!r}; give three numbers, front, mid and back")
    return found


def _numbers(name: str, value: Any, most: float) -> tuple[float, ...]:
    if not isinstance(value, list) or not value:
        raise SweepError(f"{name} is {value!r}; give a list of numbers")
    if any(not isinstance(v, (int, float)) or isinstance(v, bool) or not 0.0 < v <= most for v in value):
        raise SweepError(f"{name} is {value!r}; its numbers must be above 0, at most {most:g}")
    return tuple(float(v) for v in value)


def _day(path: Path, name: str, value: Any) -> dt.date | None:
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    raise SweepError(f"{path}: {name} is {value!r}; give a day, as {name} = 2021-06-11")
