"""The Research group: what measurements of the method found, as the last run stored it.

Where no run was made on this machine, the results that come with the package are shown; the table "about" says which.
Reading is cached until the file changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlalvh.formulas.errors import not_available, value_error
from xlalvh.formulas.registry import Argument, Kind, formula

if TYPE_CHECKING:
    from xlalvh.research.results import Results

RESEARCH = "Research"
SHIPPED = "shipped"

REFRESH = Argument(
    "refresh",
    Kind.RANGE,
    'the counter cell of the refresh, so that the formula follows; "shipped": what comes with xlalvh',
    optional=True,
)

_last: dict[str, tuple[tuple[str, int, int], Results]] = {}


@formula(
    category=RESEARCH,
    help="A table of the last backtest: of the run on this machine, else of the results that come with xlalvh.",
    arguments=(
        Argument(
            "table",
            Kind.TEXT,
            "about, size, summary, crises, sensitivity, equity or drawdown",
        ),
        REFRESH,
    ),
    result="The table with its header; shares of the capital are decimals, dates are text, nothing known is blank.",
    source="xlalvh backtest; option prices are modelled, and every verdict must outlast their error",
    example={"table": "size", "refresh": SHIPPED},
    spills=True,
)
def alvh_backtest(table, refresh):
    return table_of("backtest", table, refresh)


def table_of(kind: str, name: str, refresh: Any = None) -> list[tuple[Any, ...]]:
    """A table of a kind of results, its header first.

    Raises
    ------
    CellError
        ``#N/A`` where there are no results, ``#VALUE!`` for a table that they do not have.
    """
    found = results(kind, refresh)
    wanted = name.strip().lower()
    if wanted == "about":
        return [("item", "text"), ("results", found.label), ("data", found.data), ("error", found.error)]
    if wanted not in found.tables:
        raise value_error(f"table is {name!r}; enter one of: about, {', '.join(found.tables)}")
    chosen = found.tables[wanted]
    return [chosen.columns, *(tuple("" if cell is None else cell for cell in row) for row in chosen.rows)]


def results(kind: str, refresh: Any = None) -> Results:
    """The results of a kind, read again only where the file has changed; errors as `table_of`."""
    from xlalvh.research import results as stored

    try:
        if isinstance(refresh, str) and refresh.strip().lower() == SHIPPED:
            return stored.load(kind, shipped=True)
        stamp = stored.stamp(kind)
        known = _last.get(kind)
        if known is None or known[0] != stamp:
            known = _last[kind] = stamp, stored.load(kind)
        return known[1]
    except stored.ResultsError as error:
        raise not_available(str(error)) from error
