"""The table of claims: measured, judged, as plain rows that can be stored."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from xlalvh.research.claims.catalogue import CLAIMS
from xlalvh.research.claims.claim import ARTICLES, Claim, Found, Verdict, judge
from xlalvh.research.claims.stated import RULES, Stated
from xlalvh.research.claims.world import NotThereError, World
from xlalvh.research.results import Results, Table


class UnknownClaimError(ValueError):
    """An id that no claim has; the message lists them."""


class Row(NamedTuple):
    """One line of the table; None where there is no number."""

    id: str
    article: str
    date: str
    quote: str
    says: str
    method: str
    unit: str
    estimate: float | None
    low: float | None  # of the 95 % interval
    high: float | None
    sample: str
    episodes: int | None
    data: str
    note: str
    verdict: str


def chosen(ids: Sequence[str] = ()) -> list[Claim]:
    """The claims with these ids, all if there are none, in the order of the catalogue.

    Raises
    ------
    UnknownClaimError
    """
    known = {claim.id for claim in CLAIMS}
    for wanted in ids:
        if wanted not in known:
            raise UnknownClaimError(f"there is no claim {wanted!r}; the claims are: {', '.join(sorted(known))}")
    return [claim for claim in CLAIMS if not ids or claim.id in ids]


def examine(claim: Claim, world: World) -> Verdict:
    """Measure and judge one claim; what the data do not hold makes it untestable here."""
    if claim.measure is None:
        return judge(claim, None, claim.method)
    try:
        return judge(claim, claim.measure(world))
    except NotThereError as error:
        return judge(claim, None, str(error))


def table(claims: Iterable[Claim], world: World, told: Callable[[Claim], None] = lambda claim: None) -> list[Row]:
    """A row a claim; `told` hears of each before it is measured."""
    rows = []
    for claim in claims:
        told(claim)
        rows.append(row(examine(claim, world)))
    return rows


def row(verdict: Verdict) -> Row:
    """A verdict as plain values."""
    claim, found = verdict.claim, verdict.found
    known = found or Found(math.nan, math.nan, math.nan, 0, "", data="")
    return Row(
        id=claim.id,
        article=claim.article,
        date=ARTICLES[claim.article].date,
        quote=claim.quote,
        says=claim.says,
        method=f"not measured: {verdict.reason}" if verdict.reason else claim.method,
        unit=claim.unit,
        estimate=_number(known.estimate),
        low=_number(known.low),
        high=_number(known.high),
        sample=known.sample,
        episodes=known.episodes if found else None,
        data=known.data,
        note="; ".join(part for part in (known.note, _beside(known)) if part),
        verdict=verdict.words,
    )


def _beside(found: Found) -> str:
    """What the estimate would be at other prices of options, where they count."""
    if not found.others or not math.isfinite(found.estimate):
        return ""
    return f"at other prices {min(found.others):.3g} to {max(found.others):.3g}"


def results(rows: Sequence[Row], world: World, made: dt.date) -> Results:
    """What is stored and printed as JSON: the claims, and the numbers that are rules."""
    day = world.history.day
    return Results(
        kind="claims",
        made=made.isoformat(),
        data=f"index levels and VX futures of {day[0]} to {day[-1]}; each line names its own sample",
        error="where a line's data are modelled, option prices are the model's: its verdict must stand with VIX "
        "volatilities 20 % and condor credits 15 % lower and higher",
        tables={
            "claims": Table(Row._fields, tuple(tuple(row) for row in rows)),
            "rules": Table(Stated._fields, tuple(tuple(stated) for stated in RULES)),
        },
    )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
