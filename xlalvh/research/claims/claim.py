"""A claim, what a measure of it gives, and the verdict: the same rule for all."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlalvh.research.claims.world import World

ENOUGH = 10  # episodes without which nothing is decided
REAL, MODELLED = "real", "modelled"


class Article(NamedTuple):
    """Where a claim stands."""

    name: str
    title: str
    date: str


ARTICLES = {
    article.name: article
    for article in (
        Article(
            "correlation", "How does the -0.85 VIX/SPX correlation make the 4/4/2 ... so much better", "2026-05-07"
        ),
        Article("spikes", "Anyone using the ALVH hedge? How does the 4/4/2 VIX call layering ... perform", "no date"),
        Article("SPY", "Do any of you hedge your SPY positions with VIX products", "no date"),
        Article("edge", "How much edge do you actually keep by layering VIX hedges on a losing wing", "2026-05-09"),
        Article("contango", "How does the ALVH hedge perform when VIX is in contango vs backwardation", "2026-05-06"),
        Article("vendor", "other public pages of the vendor", "2026-05"),
    )
}


class Region(NamedTuple):
    """Where the measured figure lies if the claim is true; both ends belong to it."""

    low: float = -math.inf
    high: float = math.inf

    def holds(self, low: float, high: float) -> bool:
        """Whether all of an interval lies inside."""
        return self.low <= low and high <= self.high

    def fails(self, low: float, high: float) -> bool:
        """Whether all of an interval lies outside."""
        return high < self.low or low > self.high


class Kind(Enum):
    """What can be said of a claim at all."""

    SERIES = "series"  # many episodes: a verdict is possible
    EVENT = "event"  # one event, or a fact without a sample: measured, no inference
    UNTESTABLE = "untestable"


class Judgement(Enum):
    """The verdict's first words."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"
    MEASURED = "measured, no inference"
    UNTESTABLE = "untestable"


@dataclass(frozen=True)
class Found:
    """What a measure gives, in the unit of its claim.

    `episodes` are the independent pieces of the sample: drawdowns, spikes, or blocks of a long series. `others` are
    the estimates under other assumptions of a pricing model: a verdict must be the same under each.
    """

    estimate: float
    low: float
    high: float
    episodes: int
    sample: str
    data: str = REAL
    others: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """One quantitative statement of an article, made measurable.

    `says` is the claim in numbers, `region` the same for the verdict, `method` what is measured and which choices that
    takes. Without a `measure` it is untestable, and `method` says why.
    """

    id: str
    article: str
    quote: str
    says: str
    method: str
    unit: str = ""
    region: Region = field(default_factory=Region)
    kind: Kind = Kind.SERIES
    measure: Callable[[World], Found] | None = None


@dataclass(frozen=True)
class Verdict:
    """A claim, what was found, and what follows."""

    claim: Claim
    found: Found | None
    judgement: Judgement
    words: str
    reason: str = ""  # why it is untestable


def judge(claim: Claim, found: Found | None, reason: str = "") -> Verdict:
    """The verdict on a claim.

    It holds, or fails, only where the interval lies wholly inside, or outside, of what it says, there are at least ten
    episodes, and every other assumption of the model says the same. One event bears no inference.
    """
    if claim.kind is Kind.UNTESTABLE or found is None:
        return Verdict(claim, None, Judgement.UNTESTABLE, Judgement.UNTESTABLE.value, reason)
    if claim.kind is Kind.EVENT:
        return Verdict(claim, found, Judgement.MEASURED, Judgement.MEASURED.value)
    region = claim.region
    for outcome, agrees in ((Judgement.HOLDS, region.holds), (Judgement.FAILS, region.fails)):
        if (
            found.episodes >= ENOUGH
            and math.isfinite(found.low)
            and math.isfinite(found.high)
            and agrees(found.low, found.high)
            and all(agrees(other, other) for other in found.others)
        ):
            return Verdict(claim, found, outcome, outcome.value)
    return Verdict(claim, found, Judgement.UNDECIDED, f"undecided (n = {found.episodes})")
