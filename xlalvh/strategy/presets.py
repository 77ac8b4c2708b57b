"""What "4/4/2" can mean: the seeds define it three ways and the vendor's public pages in more.

Each preset says which expiries, which rung deltas, how many contracts a layer, and how it is sized. Where a source
gives no rung deltas, the seeds' are used, and the note says so.
"""

from typing import NamedTuple

from xlalvh.strategy.ladder import ALLOCATION, DELTAS

MONTHS, DAYS = "months", "days"
BAND, PER_TEN_CONDORS, EXPOSURE, PREMIUM = "band", "per ten condors", "exposure shares", "premium shares"


class Preset(NamedTuple):
    """One reading of the 4/4/2."""

    name: str
    tenor_rule: str  # MONTHS: consecutive monthlies from the front layer on; DAYS: the monthly nearest to each target
    tenor_days: tuple[float, float, float]
    deltas: tuple[tuple[float, ...], ...]
    weights: tuple[float, float, float]  # contracts a unit, or shares of exposure, or of the condor's maximum loss
    sizing: str
    note: str


SEEDS = Preset(
    "seeds",
    MONTHS,
    (30.0, 60.0, 90.0),
    DELTAS,
    (ALLOCATION[0], ALLOCATION[1], ALLOCATION[2]),
    BAND,
    "first, second, third monthly expiry; whole units nearest the target coverage inside the band",
)

PRESETS: tuple[Preset, ...] = (
    SEEDS,
    Preset(
        "30/110/220 days",
        DAYS,
        (30.0, 110.0, 220.0),
        ((0.50,), (0.50,), (0.50,)),
        (4.0, 4.0, 2.0),
        PER_TEN_CONDORS,
        "one 0.50-delta strike a layer, one unit for every ten condors",
    ),
    Preset(
        "30-45/60-90/120+ days",
        DAYS,
        (37.5, 75.0, 120.0),
        DELTAS,
        (4.0, 4.0, 2.0),
        BAND,
        "the monthly nearest to the middle of each window (to 120 days for the last); the seeds' rung deltas",
    ),
    Preset(
        "40/40/20 of exposure",
        MONTHS,
        (30.0, 60.0, 90.0),
        DELTAS,
        (0.40, 0.40, 0.20),
        EXPOSURE,
        "contracts so that the layers carry 40, 40 and 20 % of the vol exposure; about 40 contracts a unit",
    ),
    Preset(
        "4/4/2 % of maximum loss",
        MONTHS,
        (30.0, 60.0, 90.0),
        DELTAS,
        (0.04, 0.04, 0.02),
        PREMIUM,
        "premium of 4, 4 and 2 % of the condor's maximum loss, in whole contracts a rung; one unit",
    ),
)
