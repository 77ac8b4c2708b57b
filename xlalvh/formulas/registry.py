"""The catalogue: every formula, declared once.

Excel and Calc wrappers, wizard help, the Functions sheet and the docs are generated from `catalogue`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from xlalvh.formulas import cells
from xlalvh.formulas.errors import CellError, num_error, value_error

HELP_LIMIT = 254  # the function wizard of Excel takes one character less than the file format


class Kind(Enum):
    """What an argument takes."""

    NUMBER = "number"  # pairs element by element
    RIGHT = "right"  # C or P, pairs element by element
    DATE = "date"  # an Excel serial, pairs element by element
    LABEL = "label"  # text, pairs element by element
    SINGLE = "single"  # one number
    TEXT = "text"  # one text
    FLAG = "flag"  # TRUE or FALSE
    MOMENT = "moment"  # one date, with or without a time
    VECTOR = "vector"  # a row or column of numbers, what is no number being missing
    RANGE = "range"  # cells as they are
    REFERENCE = "reference"  # the cell itself, not its value


PAIRED = (Kind.NUMBER, Kind.RIGHT, Kind.DATE, Kind.LABEL)


@dataclass(frozen=True)
class Argument:
    """One argument: how cells become values, and what the wizard says of it."""

    name: str
    kind: Kind
    help: str
    unit: str = ""
    low: float = -math.inf
    above: float = -math.inf
    high: float = math.inf
    optional: bool = False
    default: Any = None

    def check(self, value: float) -> None:
        """Raise ``#NUM!`` where a number lies outside the argument's domain."""
        if value <= self.above:
            raise num_error(f"{self.name} is {value:g}; it must be above {self.above:g} ({self.help})")
        if value < self.low:
            raise num_error(f"{self.name} is {value:g}; it must be at least {self.low:g} ({self.help})")
        if value > self.high:
            raise num_error(f"{self.name} is {value:g}; it must be at most {self.high:g} ({self.help})")

    def convert(self, cell: Any) -> Any:
        """One cell as the value that the formula's function takes."""
        if self.kind in (Kind.NUMBER, Kind.SINGLE):
            value = cells.number(cell, self.name)
            self.check(value)
            return value
        if self.kind is Kind.RIGHT:
            return cells.right_sign(cell, self.name)
        if self.kind in (Kind.LABEL, Kind.TEXT):
            return cells.text(cell, self.name)
        if self.kind in (Kind.DATE, Kind.MOMENT):
            return cells.moment(cell, self.name)
        return cells.flag(cell, self.name)


# Rows below a paired table, from its rows and the cells that each argument received.
Footer = Callable[[list[Any], Mapping[str, list[Any]]], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Formula:
    """One entry of the catalogue."""

    name: str
    category: str
    help: str
    arguments: tuple[Argument, ...]
    result: str
    source: str
    example: Mapping[str, Any]
    function: Callable[..., Any]
    columns: tuple[str, ...] = ()
    spills: bool = False
    gives_date: bool = False
    date_columns: tuple[str, ...] = ()
    unavailable: str = "no finite result for these arguments"
    paired: bool = False
    footer: Footer | None = None

    @property
    def python_name(self) -> str:
        return self.name.lower()

    @property
    def signature(self) -> str:
        words = [f"[{a.name}]" if a.optional else a.name for a in self.arguments]
        return f"{self.name}({', '.join(words)})"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate on cells; the result is a value, nested tuples, an array, or a `CellError`. Never raises
        for what a cell can hold."""
        try:
            given = self._bind(args, kwargs)
            with np.errstate(all="ignore"):  # what overflows becomes an error of its cell, not a warning
                return self._pair(given) if self.paired else self._whole(given)
        except CellError as error:
            return error

    def _bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        if len(args) > len(self.arguments):
            raise value_error(f"{self.name} takes {len(self.arguments)} arguments and received {len(args)}")
        given = list(args) + [None] * (len(self.arguments) - len(args))
        names = {a.name: i for i, a in enumerate(self.arguments)}
        for name, value in kwargs.items():
            if name not in names:
                raise value_error(f"{self.name} has no argument {name}; it takes {', '.join(names)}")
            given[names[name]] = value
        return given

    def _pair(self, given: list[Any]) -> Any:
        """Element by element: a bad element spoils its own result only."""
        paired = [(a, v) for a, v in zip(self.arguments, given, strict=True) if a.kind in PAIRED]
        others = {
            a.name: _convert_whole(a, v) for a, v in zip(self.arguments, given, strict=True) if a.kind not in PAIRED
        }
        grids = [cells.grid(v, a.name) for a, v in paired]
        names = [a.name for a, _ in paired]
        shape = cells.common_shape(
            [g.shape for g in grids], [len(g.cells) for g in grids], names, grids=not self.columns
        )
        count = math.prod(shape)
        errors: list[CellError | None] = [None] * count
        columns = []
        for (argument, _), g in zip(paired, grids, strict=True):
            left_out = argument.optional and len(g.cells) == 1 and _omitted(g.cells[0])
            values, faults = ([argument.default], [None]) if left_out else _convert_all(argument, g.cells)
            if any(faults):
                for i, fault in enumerate(cells.spread(faults, g.shape, shape)):
                    errors[i] = errors[i] or fault
            columns.append(cells.spread(values, g.shape, shape))
        good = [i for i in range(count) if errors[i] is None]
        results: list[Any] = list(errors)
        if good:
            arrays = {
                a.name: _as_array(a, column if len(good) == count else [column[i] for i in good])
                for (a, _), column in zip(paired, columns, strict=True)
            }
            answer = self.function(**arrays, **{k: v for k, v in others.items() if k != "headers"})
            for i, item in zip(good, np.asarray(answer).tolist(), strict=True):
                results[i] = self._checked(item)
        as_array = any(isinstance(v, np.ndarray) for _, v in paired)
        if not self.columns:
            return cells.shaped(results, shape, as_array=as_array)
        width = len(self.columns)
        rows = [tuple(r) if isinstance(r, list) else (r,) * width for r in results]
        if self.footer is not None:
            received = {name: cells.spread(g.cells, g.shape, shape) for name, g in zip(names, grids, strict=True)}
            rows += self.footer(rows, received)
        return (self.columns, *rows) if others.get("headers", True) else tuple(rows)

    def _whole(self, given: list[Any]) -> Any:
        converted = {a.name: _convert_whole(a, v) for a, v in zip(self.arguments, given, strict=True)}
        headers = converted.pop("headers", True)
        answer = self.function(**converted)
        if self.columns:
            rows = tuple(tuple(row) for row in answer)
            answer = (self.columns, *rows) if headers else rows
        return cells.plain(answer)

    def _checked(self, item: Any) -> Any:
        if isinstance(item, list):
            return [self._checked(one) for one in item]
        if isinstance(item, float) and not math.isfinite(item):
            return num_error(f"{self.name}: {self.unavailable}")
        return item


catalogue: dict[str, Formula] = {}


def formula(
    *,
    category: str,
    help: str,
    arguments: Sequence[Argument],
    result: str,
    source: str,
    example: Mapping[str, Any],
    columns: Sequence[str] = (),
    paired: bool = False,
    spills: bool = False,
    gives_date: bool = False,
    date_columns: Sequence[str] = (),
    unavailable: str = "no finite result for these arguments",
    footer: Footer | None = None,
) -> Callable[[Callable[..., Any]], Formula]:
    """Declare a formula. `paired` formulas get arrays of equal length and answer an array (rows where `columns`
    names them); the others get their arguments converted by kind and answer a value or rows."""

    def register(function: Callable[..., Any]) -> Formula:
        entry = Formula(
            name=function.__name__.upper(),
            category=category,
            help=help,
            arguments=tuple(arguments),
            result=result,
            source=source,
            example=dict(example),
            function=function,
            columns=tuple(columns),
            spills=spills or bool(columns),
            gives_date=gives_date,
            date_columns=tuple(date_columns),
            unavailable=unavailable,
            paired=paired,
            footer=footer,
        )
        if entry.name in catalogue:
            raise ValueError(f"{entry.name} is declared twice")
        catalogue[entry.name] = entry
        object.__setattr__(entry, "__doc__", _docstring(entry))
        return entry

    return register


def call(name: str, args: Sequence[Any], *, date_1904: bool = False) -> Any:
    """Evaluate a formula for a host: plain tuples, floats, text and `CellError` come back."""
    entry = catalogue.get(name.upper())
    if entry is None:
        return CellError("#VALUE!", f"there is no formula {name}; see the Functions sheet")
    if date_1904:
        dated = (Kind.DATE, Kind.MOMENT)
        kinds = [a.kind for a in entry.arguments]
        args = [
            cells.shift_1904(v, into_1900=True) if i < len(kinds) and kinds[i] in dated else v
            for i, v in enumerate(args)
        ]
    answer = cells.plain(entry(*args))
    if not date_1904:
        return answer
    if entry.date_columns and isinstance(answer, tuple):
        dated_at = {entry.columns.index(name) for name in entry.date_columns}
        return tuple(
            tuple(cells.shift_1904(v, into_1900=False) if i in dated_at else v for i, v in enumerate(row))
            for row in answer
        )
    return cells.shift_1904(answer, into_1900=False) if entry.gives_date else answer


def _omitted(value: Any) -> bool:
    """Whether an optional argument was left out or points to one blank cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def _convert_whole(argument: Argument, value: Any) -> Any:
    if argument.optional and _omitted(value):
        return argument.default
    if argument.kind is Kind.VECTOR:
        return cells.vector(value, argument.name)
    if argument.kind in (Kind.RANGE, Kind.REFERENCE):
        return value
    one = cells.grid(value, argument.name)
    if not one.is_scalar:
        raise value_error(f"{argument.name} has {len(one.cells)} cells; give one cell")
    if argument.optional and _omitted(one.cells[0]):
        return argument.default
    return argument.convert(one.cells[0])


def _convert_all(argument: Argument, items: list[Any]) -> tuple[list[Any], list[CellError | None]]:
    values: list[Any] = []
    faults: list[CellError | None] = []
    for item in items:
        try:
            values.append(argument.convert(item))
            faults.append(None)
        except CellError as error:
            values.append(None)
            faults.append(error)
    return values, faults


def _as_array(argument: Argument, column: list[Any]) -> np.ndarray:
    return np.array(column, dtype=float if argument.kind in (Kind.NUMBER, Kind.RIGHT) else object)


def _docstring(entry: Formula) -> str:
    lines = [entry.help, "", "Parameters", "----------"]
    for a in entry.arguments:
        unit = f", {a.unit}" if a.unit else ""
        lines += [f"{a.name} : {a.kind.value}{unit}{', optional' if a.optional else ''}", f"    {a.help}"]
    lines += ["", "Returns", "-------", entry.result, "", "Notes", "-----", f"Source: {entry.source}"]
    return "\n".join(lines)
