"""ALVH_CLAIMS: what the articles claim, and what was measured, read from stored results. Nothing is computed here."""

from __future__ import annotations

from xlalvh.formulas.errors import not_available
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.research import REFRESH, RESEARCH, SHIPPED, results, table_of

ALL, ABOUT = "all", "about"

# Titles of the table, and the names that they have in the results.
COLUMNS = {
    "verdict": "verdict",
    "the article's words": "quote",
    "article": "article",
    "it says": "says",
    "measured": "estimate",
    "95 % low": "low",
    "95 % high": "high",
    "unit": "unit",
    "n (episodes)": "episodes",
    "data": "data",
    "what we measured": "method",
    "sample": "sample",
    "note": "note",
    "claim": "id",
}


@formula(
    category=RESEARCH,
    help="What the method's articles claim in numbers, what we measured, and the verdict; of stored results.",
    arguments=(
        Argument(
            "claim",
            Kind.TEXT,
            "a claim's name, as the table's last column has it; all, as if omitted; or about: whose results they are",
            optional=True,
            default=ALL,
        ),
        REFRESH,
    ),
    result="A row a claim under a header. Measured and its 95 % interval are in the unit named. Episodes are "
    "independent. Blank where there is no figure. The command xlalvh claims measures again and stores what it finds.",
    source="block bootstrap on index and futures data; data says where options of the past are modelled",
    example={"claim": "correlation-logs", "refresh": SHIPPED},
    spills=True,
)
def alvh_claims(claim, refresh):
    wanted = claim.strip().lower()
    if wanted == ABOUT:
        return table_of("claims", ABOUT, refresh)
    table = results("claims", refresh).tables["claims"]
    name_at = table.columns.index("id")
    chosen = [row for row in table.rows if wanted in (ALL, str(row[name_at]).lower())]
    if not chosen:
        some = ", ".join(str(row[name_at]) for row in table.rows[:4])
        raise not_available(f"claim is {claim!r}; the sheet Claims lists their names in its last column: {some} ...")
    named = [dict(zip(table.columns, row, strict=True)) for row in chosen]
    for row in named:
        row["article"] = f"{row['article']}, {row['date']}"
    return [
        tuple(COLUMNS),
        *(tuple("" if row[name] is None else row[name] for name in COLUMNS.values()) for row in named),
    ]
