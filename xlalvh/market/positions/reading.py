"""What was read of a broker's file: every row with what became of it, and the columns that were not used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from xlalvh.market.positions import numbers
from xlalvh.market.positions.legs import Contract, Leg
from xlalvh.market.quotes import QuoteError, plain

MULTIPLIER = 100.0  # of every option that is read
_LONGEST = 100  # characters of a row that are shown


class PositionError(QuoteError):
    """A file of positions that cannot be used; the message names it, what was found and the remedy."""


class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    OTHER = "other instrument"  # a position, but no option on SPX, XSP or VIX
    NO_POSITION = "no position"  # titles, column names, totals, closed positions
    NOT_UNDERSTOOD = "not understood"


class Row(NamedTuple):
    """One row of the file."""

    line: int  # from 1
    text: str
    outcome: Outcome
    reason: str  # empty where it was taken
    leg: Leg | None = None
    account: str = ""


class Reading(NamedTuple):
    """A broker's file as it was read."""

    broker: str
    layout: str  # which of the broker's files
    rows: tuple[Row, ...]
    unused: tuple[str, ...]  # columns

    def of(self, outcome: Outcome) -> list[Row]:
        """The rows with an outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def legs(self) -> list[Leg]:
        return [row.leg for row in self.rows if row.leg is not None]

    @property
    def accounts(self) -> list[str]:
        """Those of the rows that count, in order of appearance; an empty text where the file names none."""
        counted = (Outcome.TAKEN, Outcome.OTHER, Outcome.NOT_UNDERSTOOD)
        found = dict.fromkeys(row.account for row in self.rows if row.outcome in counted)
        return list(found or dict.fromkeys(row.account for row in self.rows if row.account)) or [""]


class Lines:
    """The rows of a file under way: what a broker's reader asks and tells of them."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.cells = [list(row) for row in rows]
        self.comma = numbers.continental(cell for row in rows for cell in row)
        self.account = ""
        self._found: dict[int, Row] = {}
        self._columns: dict[str, bool] = {}  # name to whether it was used

    def tell(self, i: int, outcome: Outcome, reason: str, account: str | None = None) -> None:
        """What became of row `i`, from 0."""
        self._put(i, outcome, reason, None, self.account if account is None else account)

    def take(self, i: int, leg: Leg, account: str | None = None) -> None:
        """Row `i` is a leg; one without contracts is none."""
        where = self.account if account is None else account
        if leg.quantity == 0.0:
            self._put(i, Outcome.NO_POSITION, "closed: 0 contracts", None, where)
        else:
            self._put(i, Outcome.TAKEN, "", leg._replace(group=plain(leg.group)), where)

    def attempt(self, i: int, read: Callable[[], Leg], account: str | None = None) -> None:
        """Take what `read` gives; its ValueError says why row `i` is not understood."""
        try:
            self.take(i, read(), account)
        except ValueError as error:
            self.tell(i, Outcome.NOT_UNDERSTOOD, str(error), account)

    def number(self, text: str) -> float | None:
        """A cell as a number in the file's notation."""
        return numbers.number(text, comma=self.comma)

    def header(self, names: Iterable[str]) -> Header:
        """A row of column names, whose columns count as not used until one is asked for."""
        found = Header(names, self._columns)
        for name in found.names:
            self._columns.setdefault(name, False)
        return found

    def done(self, broker: str, layout: str) -> Reading:
        """Everything that was told; a row of which nothing was told is not understood."""
        rows = []
        for i, cells in enumerate(self.cells):
            if i not in self._found:
                blank = not any(cells)
                self.tell(
                    i,
                    Outcome.NO_POSITION if blank else Outcome.NOT_UNDERSTOOD,
                    "blank" if blank else "the row belongs to no table of this layout",
                )
            rows.append(self._found[i])
        unused = tuple(plain(name) for name, used in self._columns.items() if not used and name)
        return Reading(broker, layout, tuple(rows), unused)

    def _put(self, i: int, outcome: Outcome, reason: str, leg: Leg | None, account: str) -> None:
        text = ",".join(self.cells[i]).rstrip(",")
        shown = plain(text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")
        self._found[i] = Row(i + 1, shown, outcome, plain(reason), leg, plain(account))


class Header:
    """The names of a table's columns."""

    def __init__(self, names: Iterable[str], used: dict[str, bool]) -> None:
        self.names = [" ".join(name.split()) for name in names]
        self._keys = [key(name) for name in self.names]
        self._used = used

    def __contains__(self, name: str) -> bool:
        return key(name) in self._keys

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self for name in names)

    def cell(self, row: Sequence[str], *names: str) -> str:
        """A row's cell in the first of the columns that is there; empty where none is, or the row is short."""
        for name in names:
            if name in self:
                place = self._keys.index(key(name))
                self._used[self.names[place]] = True
                return row[place].strip() if place < len(row) else ""
        return ""


def key(name: str) -> str:
    """A column's name as it is compared: lower case, letters and digits only.

    >>> key("Qty (Quantity)"), key("Put/Call")
    ('qtyquantity', 'putcall')
    """
    return re.sub(r"[\W_]+", "", name.lower())


def quantity(lines: Lines, text: str) -> float:
    """Contracts, signed; ValueError for none or a broken count."""
    found = lines.number(text)
    if found is None:
        raise ValueError("it has no quantity")
    if found != int(found):
        raise ValueError(f"{found:g} is no whole number of contracts")
    return found


def entry(lines: Lines, unit: str, total: str = "", count: float = 0.0) -> float | None:
    """Points a unit from the cell of a price, else from that of a cost in dollars; None where neither is told."""
    price = lines.number(unit)
    if price is not None:
        return abs(price)
    cost = lines.number(total)
    return abs(cost) / (abs(count) * MULTIPLIER) if cost is not None and count else None


def agree(contract: Contract, **said: object) -> None:
    """ValueError where another column says something else than the symbol; None says nothing."""
    for name, value in said.items():
        if value is not None and value != getattr(contract, name):
            raise ValueError(f"the symbol's {name} is {getattr(contract, name)}, its column says {value}")
