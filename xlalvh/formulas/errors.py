"""The one error that a formula gives to a cell."""

from __future__ import annotations

VALUE = "#VALUE!"
NUM = "#NUM!"
NA = "#N/A"
CODES = (VALUE, NUM, NA)

# What a host may hand over when an input cell holds an error of its own.
EXCEL_ERRORS = ("#NULL!", "#DIV/0!", VALUE, "#REF!", "#NAME?", NUM, NA, "#GETTING_DATA", "#SPILL!", "#CALC!")


class CellError(Exception):
    """A failure as a cell shows it.

    Formulas *return* it; the code below them raises it. Hosts turn it into their own error value.

    Parameters
    ----------
    code : str
        ``#VALUE!`` (wrong type or shape), ``#NUM!`` (out of domain or no solution) or ``#N/A`` (not available).
    message : str
        One sentence that names the argument, the value received and the remedy.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code} {self.message}"

    def __repr__(self) -> str:
        return f"CellError({self.code!r}, {self.message!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellError) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)


def value_error(message: str) -> CellError:
    """`CellError` for a wrong type or shape."""
    return CellError(VALUE, message)


def num_error(message: str) -> CellError:
    """`CellError` for a value out of domain, or no solution."""
    return CellError(NUM, message)


def not_available(message: str) -> CellError:
    """`CellError` for something that is missing."""
    return CellError(NA, message)
