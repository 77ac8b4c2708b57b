"""Numbers as brokers print them, in US or continental notation, which a file keeps to throughout."""

from __future__ import annotations

import re
from collections.abc import Iterable

BLANK = frozenset(("", "-", "--", "N/A", "n/a", "NA", "None"))
_LONGEST = 40  # characters
_SIGNED = re.compile(r"([(+-]?)\s*[$€£]?\s*([(+-]?)\s*[$€£]?\s*([0-9., '’]*[0-9.,])\s*(%?)(\)?)", re.ASCII)
_US = re.compile(r"(\d{1,3}(,\d{3})+|\d*)(\.\d*)?", re.ASCII)
_CONTINENTAL = re.compile(r"(\d{1,3}([. '’]\d{3})+|\d*)(,\d*)?", re.ASCII)
_ONLY_US = re.compile(r"[$(+-]*\d[\d,]*\.(\d{1,2}|\d{4,})[)%]?|[$(+-]*\d{1,3}(,\d{3})+\.\d*[)%]?", re.ASCII)
_ONLY_CONTINENTAL = re.compile(r"[(+-]*\d[\d.]*,(\d{1,2}|\d{4,})[)%]?|[(+-]*\d{1,3}(\.\d{3})+,\d*[)%]?", re.ASCII)


def continental(cells: Iterable[str]) -> bool:
    """Whether a file writes the comma for the decimal point: its unambiguous numbers say so and none contradicts.

    >>> continental(["1.234,5", "12,50"]), continental(["1,234.50", "2,5"])
    (True, False)
    """
    texts = [cell.strip() for cell in cells]
    comma = any(_ONLY_CONTINENTAL.fullmatch(text) for text in texts)
    return comma and not any(_ONLY_US.fullmatch(text) for text in texts)


def number(text: str, *, comma: bool = False) -> float | None:
    """A cell as a number, None where it holds none.

    Parameters
    ----------
    text : str
        Such as 1,234.50, (1,234.50), -$2.05, +3, .65; a blank, -- and N/A are no number.
    comma : bool
        Continental notation.

    Raises
    ------
    ValueError
        For anything else.

    >>> number("($1,234.50)"), number("1.234,50", comma=True), number("--")
    (-1234.5, 1234.5, None)
    """
    cell = text.strip().replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    if cell in BLANK:
        return None
    match = _SIGNED.fullmatch(cell) if len(cell) <= _LONGEST else None
    if match is None:
        raise ValueError(f"{text!r} is no number")
    sign, second, digits, _, closing = match.groups()
    marks = sign + second
    digits = digits.strip()
    if (marks.count("(") == 1) != bool(closing) or len(marks) > 1 or not any(c.isdigit() for c in digits):
        raise ValueError(f"{text!r} is no number")
    if not (_CONTINENTAL if comma else _US).fullmatch(digits):
        raise ValueError(f"{text!r} is no number in this file's notation")
    for mark in ". '’" if comma else ",":
        digits = digits.replace(mark, "")
    value = float(digits.replace(",", "."))
    return -value if marks in ("-", "(") and value else value
