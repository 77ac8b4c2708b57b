"""Results of research as the formulas and sheets read them: tables in one JSON file a kind.

A run writes to the data directory; where no run was made there, the results that come with the package are shown, and
say so. Reading imports nothing heavy: the formula process does it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlalvh.market.directory import data_directory

FOLDER = "research"
SHIPPED = Path(__file__).with_name("shipped")
MAKERS = "measured by the makers of xlalvh"
YOURS = "measured on this machine"

_VERSION = 1

Cell = str | float | bool | None


class ResultsError(ValueError):
    """No results of a kind, or a file that is none; the message names it and the remedy."""


@dataclass(frozen=True)
class Table:
    """Named columns and rows of numbers, text, truth values and blanks."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Results:
    """Tables by name, and what they were measured on."""

    kind: str
    made: str  # the day of the run, YYYY-MM-DD
    data: str  # what was measured, from when to when
    error: str  # what of it is modelled, and how far off that may be
    tables: Mapping[str, Table]
    shipped: bool = False  # with the package, not of a run here

    @property
    def label(self) -> str:
        """Whose results these are, and of what day."""
        return f"{MAKERS if self.shipped else YOURS} on {self.made}"


def save(results: Results, path: Path | None = None) -> Path:
    """Write results where `load` finds them, or to a file, whole or not at all; gives the path.

    Raises
    ------
    ResultsError
        Where it cannot be written.
    """
    path = path or _local(results.kind)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write(as_json(results))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise ResultsError(f"{path} cannot be written ({error.strerror or error})") from error
    finally:
        new.unlink(missing_ok=True)
    return path


def load(kind: str, *, shipped: bool = False) -> Results:
    """The results of the last run here, else those that come with the package; these alone if `shipped`.

    Raises
    ------
    ResultsError
        Where there are none, or the file is damaged.
    """
    path = SHIPPED / f"{kind}.json" if shipped else _path(kind)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ResultsError(f"there are no {kind} results yet ({error.strerror}); run: xlalvh {kind}") from error
    return from_json(text, path, shipped=path.parent == SHIPPED)


def stamp(kind: str) -> tuple[str, int, int]:
    """What changes whenever `load` would read something else."""
    path = _path(kind)
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def as_json(results: Results) -> str:
    """The file's text, a line a row; a number that is not finite is refused, not written."""

    def text(item: object) -> str:
        return json.dumps(item, ensure_ascii=False, allow_nan=False)

    parts = (f'{text(name)}: {text(item)}' for name, item in (
        ("version", _VERSION), ("kind", results.kind), ("made", results.made), ("data", results.data),
        ("error", results.error),
    ))  # fmt: skip
    tables = (
        f'{text(name)}: {{"columns": {text(table.columns)},\n"rows": [\n' + ",\n".join(map(text, table.rows)) + "]}"
        for name, table in results.tables.items()
    )
    return "{" + ",\n".join(parts) + ',\n"tables": {\n' + ",\n".join(tables) + "}}\n"


def from_json(text: str, path: Path, *, shipped: bool = False) -> Results:
    """Results from a file's text; `path` is named in errors."""
    try:
        body: Any = json.loads(text)
        if body["version"] != _VERSION:
            raise ResultsError(f"{path} is of another version of xlalvh; run the measurement again")
        tables = {name: _table(given) for name, given in body["tables"].items()}
        kind, made, data, error = (str(body[name]) for name in ("kind", "made", "data", "error"))
        return Results(kind, made, data, error, tables, shipped)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as fault:
        raise ResultsError(f"{path} is damaged ({fault}); delete it, or run the measurement again") from fault


def _table(given: Any) -> Table:
    columns: Sequence[str] = given["columns"]
    rows = tuple(tuple(row) for row in given["rows"])
    if any(len(row) != len(columns) for row in rows):
        raise TypeError("a row has another length than the header")
    return Table(tuple(columns), rows)


def _local(kind: str) -> Path:
    return data_directory() / FOLDER / f"{kind}.json"


def _path(kind: str) -> Path:
    local = _local(kind)
    return local if local.exists() else SHIPPED / f"{kind}.json"
