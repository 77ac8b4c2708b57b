"""What an argument of a formula takes, and how cells become it."""

import math
from enum import Enum
from typing import Any, NamedTuple

from xlalvh.formulas import cells
from xlalvh.formulas.errors import num_error, value_error


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


class Argument(NamedTuple):
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

    def is_left_out(self, cell: Any) -> bool:
        """Whether an optional argument was omitted or points to one blank cell."""
        return self.optional and cells.is_blank(cell)

    def convert_whole(self, value: Any) -> Any:
        """All that was given for an argument that does not pair."""
        if self.is_left_out(value):
            return self.default
        if self.kind is Kind.VECTOR:
            return cells.vector(value, self.name)
        if self.kind in (Kind.RANGE, Kind.REFERENCE):
            return value
        one = cells.grid(value, self.name)
        if not one.is_scalar:
            raise value_error(f"{self.name} has {len(one.cells)} cells; give one cell")
        if self.is_left_out(one.cells[0]):
            return self.default
        return self.convert(one.cells[0])
