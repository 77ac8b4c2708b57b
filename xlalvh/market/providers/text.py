"""Text files as rows of cells, and numbers out of cells."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from xlalvh.market.quotes import QuoteError

_BLANKS = " \t\u00a0\u202f"  # other control characters are damage, not blanks


class Document(NamedTuple):
    """A file's or an answer's bytes under the name that a user knows it by."""

    name: str
    raw: bytes

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePath(self.name).stem


def document(source: str | Path | Document, remedy: str) -> Document:
    """What is read: a document as it is, a path by its bytes; `read_rows` says the rest."""
    if isinstance(source, Document):
        return source
    path = Path(source)
    try:
        return Document(path.name, path.read_bytes())
    except OSError as error:
        raise QuoteError(f"{path}: {error.strerror or error}; check the path, or {remedy}") from error
    except ValueError as error:  # a NUL in the path
        raise QuoteError(f"{path}: {error}; check the path, or {remedy}") from error


def read_rows(source: str | Path | Document, remedy: str) -> list[list[str]]:
    """The comma-separated cells of every line, stripped; a blank line is an empty list.

    Parameters
    ----------
    source : str, Path or Document
    remedy : str
        What to give instead; ends the messages.

    Raises
    ------
    QuoteError
        As `read_lines`.
    """
    return list(_cells(read_lines(source, remedy)))


def read_lines(source: str | Path | Document, remedy: str) -> list[str]:
    """The lines of a text file, whatever ends them, decoded from UTF-8, UTF-16 or Windows' code page.

    Parameters
    ----------
    source : str, Path or Document
    remedy : str
        What to give instead; ends the messages.

    Raises
    ------
    QuoteError
        Where the file cannot be read, is empty, or is no text of cells (HTML, JSON, a workbook, binary).
    """
    name, raw = document(source, remedy)
    text = _decode(raw)
    start = text.lstrip()[:1]
    found = (
        "is empty" if not start
        else "is a workbook or an archive, not a CSV file" if raw[:2] == b"PK"
        else "holds a web page (HTML), not a CSV file" if start == "<"
        else "holds JSON, not a CSV file" if start in "{["
        else "is binary, not a CSV file" if "\0" in text
        else ""
    )  # fmt: skip
    if found:
        raise QuoteError(f"{name} {found}; {remedy}")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def number(cell: str) -> float:
    """A cell as a finite number, NaN for anything else, 1_000, digits of other scripts and control characters too."""
    if "_" in cell or not (cell.isascii() and cell.isprintable()):
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def date(cell: str) -> dt.date | None:
    """A cell as a date, from 2020-03-18 or 03/18/2020; None for anything else."""
    try:
        if len(cell) == 10 and cell[2] == "/":
            return dt.date(int(cell[6:]), int(cell[:2]), int(cell[3:5]))
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None


def count(n: int, what: str) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def shown(cells: list[str]) -> str:
    """A row for a message, cut to one short line."""
    line = ",".join(cells)
    return repr(line if len(line) <= 60 else line[:57] + "...")


def _decode(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _cells(lines: list[str]) -> Iterator[list[str]]:
    for line in lines:
        # A line at a time: an unclosed quote spoils its line, not the file.
        cells = _quoted(line) if '"' in line else line.split(",")
        cells = [cell.strip(_BLANKS) for cell in cells]
        yield cells if any(cells) else []


def _quoted(line: str) -> list[str]:
    """The cells of a line with quotes; none where text follows a closing quote, which would be joined to it."""
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        try:
            return next(csv.reader([line])) if "unexpected end" in str(error) else []
        except csv.Error:
            return []
