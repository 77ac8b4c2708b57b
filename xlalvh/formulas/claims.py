"""The Research group: what was measured, read from stored results. Nothing is computed here."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xlalvh.formulas.errors import not_available
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS

if TYPE_CHECKING:
    from xlalvh.research.results import Stored

RESEARCH = "Research"
ALL, SHIPPED = "all", "shipped"

REFRESH = Argument(
    "refresh",
    Kind.RANGE,
    'the counter cell that a refresh increments, so that the formula follows; "shipped" reads the results that came '
    "with xlalvh",
    optional=True,
)
# Titles of the table, and the names that they have in the results.
_COLUMNS = {
    "verdict": "verdict",
    "the article's words": "quote",
    "article": "article",
    "it says": "says",
    "measured": "estimate",
    "low": "low",
    "high": "high",
    "unit": "unit",
    "n": "episodes",
    "data": "data",
    "what we measured": "method",
    "sample": "sample",
    "note": "note",
    "claim": "id",
}


def stored(kind: str, refresh: Any = None) -> Stored:
    """The results of a kind, read again when they change.

    Raises
    ------
    CellError
        ``#N/A`` where there are none.
    """
    from xlalvh.research import results

    if isinstance(refresh, str) and refresh.strip().lower() == SHIPPED:
        return _read(kind, None)
    return _read(kind, results.stamp(kind))


@lru_cache(maxsize=8)
def _read(kind: str, stamp: tuple[str, int] | None) -> Stored:
    from xlalvh.research import results

    try:
        return results.shipped(kind) if stamp is None else results.load(kind)
    except results.ResultsError as error:
        raise not_available(str(error)) from error


@formula(
    category=RESEARCH,
    help="What the method's articles claim in numbers, what we measured, and the verdict; of stored results.",
    arguments=(
        Argument(
            "claim",
            Kind.TEXT,
            "a claim's name, as the table's last column has it; all if omitted",
            optional=True,
            default=ALL,
        ),
        REFRESH,
        HEADERS,
    ),
    result="A row a claim. Low and high: the 95 % interval. n: independent episodes. Blank where there is no figure; "
    "the command xlalvh claims measures again and stores what it finds.",
    source="block bootstrap on real index and futures data; options of the past are modelled where data says so",
    example={"claim": "correlation-logs", "refresh": SHIPPED},
    columns=tuple(_COLUMNS),
)
def alvh_claims(claim, refresh, headers=True):
    rows = stored("claims", refresh).document["claims"]
    wanted = claim.strip().lower()
    chosen = [row for row in rows if wanted in (ALL, row["id"].lower())]
    if not chosen:
        known = ", ".join(row["id"] for row in rows[:6])
        raise not_available(
            f"claim is {claim!r}; the results have {known} and {len(rows) - 6} more: see the sheet Claims"
        )
    return [tuple("" if row[name] is None else row[name] for name in _COLUMNS.values()) for row in chosen]


@formula(
    category=RESEARCH,
    help="Whose results a sheet of research shows: ours, that came with xlalvh, or those of a run on this computer.",
    arguments=(Argument("kind", Kind.TEXT, "claims"), REFRESH),
    result="A sentence: who measured, and on data of which days.",
    source="stored results",
    example={"kind": "claims", "refresh": SHIPPED},
)
def alvh_results(kind, refresh):
    found = stored(kind.strip().lower(), refresh)
    who = "a run on this computer" if found.own else "the makers of xlalvh, on real index and futures data"
    return f"Measured by {who}; data {found.document['data']}."
