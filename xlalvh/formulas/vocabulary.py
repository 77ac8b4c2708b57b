"""Arguments that several formulas share, so that a word means the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from xlalvh.formulas.errors import num_error, value_error
from xlalvh.formulas.registry import Argument, Kind
from xlalvh.strategy import rules

RIGHT = Argument("right", Kind.RIGHT, '"C" for a call, "P" for a put')
FORWARD = Argument("forward", Kind.NUMBER, "forward of the option's own expiry", "index points", above=0)
STRIKE = Argument("strike", Kind.NUMBER, "strike", "index points", above=0)
YEARS = Argument("years", Kind.NUMBER, "time to settlement: minutes / 525,600", "years", low=0, high=100)
VOL = Argument("vol", Kind.NUMBER, "volatility, 0.18 is 18 %", "decimal a year", low=0, high=100)
RATE = Argument(
    "rate",
    Kind.NUMBER,
    "continuously compounded rate; 0 if omitted",
    "decimal a year",
    low=-1,
    high=1,
    optional=True,
    default=0.0,
)
HEADERS = Argument("headers", Kind.FLAG, "FALSE leaves the header row out", optional=True, default=True)

ROWS = Argument(
    "rows",
    Kind.SINGLE,
    "rows to fill up to with blanks, below the header, where an area is of fixed size; none if omitted",
    low=1,
    high=10_000,
    optional=True,
    default=0.0,
)

ONE_FORWARD, ONE_YEARS, ONE_RATE = (argument._replace(kind=Kind.SINGLE) for argument in (FORWARD, YEARS, RATE))
STEP = Argument(
    "step",
    Kind.VECTOR,
    "one number: round strikes to it; several: the listed strikes to snap to",
    "index points",
    optional=True,
)


def whole(value: float, name: str) -> int:
    """A count. ``#NUM!`` for a number that is not whole, or beyond what a sheet could hold."""
    if value != int(value) or abs(value) > 1_048_576:
        raise num_error(f"{name} is {value:g}; give a whole number that a sheet could hold")
    return int(value)


def filled(found: Sequence[tuple[Any, ...]], rows: float) -> list[tuple[Any, ...]]:
    """Rows and blank ones up to `rows`; ``#NUM!`` where there are more, for an area of that size would cut them."""
    size = whole(rows, "rows")
    if 0 < size < len(found):
        raise num_error(f"rows is {size}; the result has {len(found)} rows: give an area of so many")
    return [*found, *[("",) * len(found[0])] * (size - len(found))]


def one_of(given: str, choices: Sequence[str], name: str) -> str:
    """A word of a list, in any case; ``#VALUE!`` naming the list for another."""
    if given.lower() not in choices:
        raise value_error(f"{name} is {given!r}; enter one of: {', '.join(choices)}")
    return given.lower()


def rules_argument(group: tuple[str, str]) -> Argument:
    """The argument that takes a group of thresholds, a row or column in the order of the Rules sheet."""
    first, last = group
    count = len(rules.between(group))
    words = f"{count} thresholds in the order of Rules, {first} to {last}; its defaults if omitted"
    return Argument("rules", Kind.VECTOR, words, optional=True)


def group_rules(group: tuple[str, str], given: np.ndarray | None) -> dict[str, float]:
    """A group's thresholds by name; ``#NUM!`` for a blank or absurd one, naming it."""
    try:
        return rules.settle(group, None if given is None else given.tolist())
    except ValueError as error:
        raise num_error(str(error)) from error
