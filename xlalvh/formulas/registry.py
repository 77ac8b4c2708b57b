"""The catalogue: every formula, declared once.

Excel and Calc wrappers, wizard help, the Functions sheet and the docs are generated from `catalogue`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from xlalvh.formulas import cells, pairing
from xlalvh.formulas.arguments import Argument as Argument  # with Kind, what a declaration needs
from xlalvh.formulas.arguments import Kind as Kind
from xlalvh.formulas.errors import CellError, num_error, value_error

HELP_LIMIT = 254  # the function wizard of Excel takes one character less than the file format


# Rows below a paired table, from its rows and the cells that each argument received.
Footer = Callable[[list[Any], Mapping[str, list[Any]]], list[tuple[Any, ...]]]


class _Declared(NamedTuple):
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
    broadcasts: bool = False
    footer: Footer | None = None


class Formula(_Declared):
    """One entry of the catalogue."""

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
                if not self.paired:
                    return self._whole(given)
                return pairing.evaluate(self, given)
        except CellError as error:
            return error
        except ArithmeticError:  # figures too large or too small to count with, in plain arithmetic
            return self.no_result()

    def _bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        if len(args) > len(self.arguments):
            raise value_error(f"{self.name} takes {len(self.arguments)} arguments and received {len(args)}")
        given = list(args) + [None] * (len(self.arguments) - len(args))
        if not kwargs:
            return given
        names = {a.name: i for i, a in enumerate(self.arguments)}
        for name, value in kwargs.items():
            if name not in names:
                raise value_error(f"{self.name} has no argument {name}; it takes {', '.join(names)}")
            given[names[name]] = value
        return given

    def _whole(self, given: list[Any]) -> Any:
        converted = {a.name: a.convert_whole(v) for a, v in zip(self.arguments, given, strict=True)}
        headers = converted.pop("headers", True)
        answer = self.function(**converted)
        if self.columns:
            rows = tuple(tuple(row) for row in answer)
            answer = (self.columns, *rows) if headers else rows
        return cells.plain(answer)

    def checked(self, item: Any) -> Any:
        """One result as hosts take it; what is not finite becomes the error that says why."""
        if isinstance(item, np.ndarray):
            item = item.item()
        if isinstance(item, float) and not math.isfinite(item):
            return self.no_result()
        return cells.plain(item)

    def no_result(self) -> CellError:
        return num_error(f"{self.name}: {self.unavailable}")


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
    broadcasts: bool = False,
    spills: bool = False,
    gives_date: bool = False,
    date_columns: Sequence[str] = (),
    unavailable: str = "no finite result for these arguments",
    footer: Footer | None = None,
) -> Callable[[Callable[..., Any]], Formula]:
    """Declare a formula. `paired` formulas get arrays of equal length and answer an array, or where `columns` names
    them a tuple of arrays; one that `broadcasts` gets a number where one cell was given, and answers a number where all
    are. The others get their arguments converted by kind and answer a value or rows."""

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
            broadcasts=broadcasts,
            footer=footer,
        )
        if entry.name in catalogue:
            raise ValueError(f"{entry.name} is declared twice")
        catalogue[entry.name] = entry
        entry.__doc__ = _docstring(entry)
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
    answer = entry(*args)
    if isinstance(answer, np.ndarray):
        answer = cells.plain(answer)
    if not date_1904:
        return answer
    if entry.date_columns and isinstance(answer, tuple):
        dated_at = {entry.columns.index(name) for name in entry.date_columns}
        return tuple(
            tuple(cells.shift_1904(v, into_1900=False) if i in dated_at else v for i, v in enumerate(row))
            for row in answer
        )
    return cells.shift_1904(answer, into_1900=False) if entry.gives_date else answer


def _docstring(entry: Formula) -> str:
    lines = [entry.help, "", "Parameters", "----------"]
    for a in entry.arguments:
        unit = f", {a.unit}" if a.unit else ""
        lines += [f"{a.name} : {a.kind.value}{unit}{', optional' if a.optional else ''}", f"    {a.help}"]
    lines += ["", "Returns", "-------", entry.result, "", "Notes", "-----", f"Source: {entry.source}"]
    return "\n".join(lines)
