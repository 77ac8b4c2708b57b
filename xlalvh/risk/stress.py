"""What a book gains or loses on named days, with the moves as they were.

SPX and VIX closes: Cboe and public index histories; VIX futures: settlements of the monthlies that were listed at both
ends (Cboe futures exchange; vixcentral.com before 2013). A month is taken from the close before it to the lowest SPX
close in it; 2022 by its worst 21 sessions; a named day from the close before. No option prices of those days stand
behind the results: options are repriced by `shocks`.
"""

from typing import NamedTuple

import numpy as np

from xlalvh.risk.legs import VIX, Legs
from xlalvh.risk.shocks import Market, reprice


class Scenario(NamedTuple):
    """A move that happened."""

    name: str
    start: str
    end: str
    days: int  # calendar
    spx_return: float  # decimal
    vix_change: float  # points
    futures: tuple[tuple[float, float], ...]  # days to expiry at the start, and points; none where not known


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("2008-10", "2008-09-30", "2008-10-27", 27, -0.2722, 40.67, ()),
    Scenario(
        "2011-08", "2011-07-29", "2011-08-08", 10, -0.1337, 22.75, ((19, 15.45), (54, 9.1), (82, 7.2), (110, 5.7))
    ),
    Scenario(
        "2015-08-24",
        "2015-08-21",
        "2015-08-24",
        3,
        -0.0394,
        12.71,
        ((26, 5.225), (61, 3.875), (89, 2.9), (117, 2.425)),
    ),
    Scenario(
        "2018-02-05", "2018-02-02", "2018-02-05", 3, -0.041, 20.01, ((12, 17.6), (47, 13.0), (75, 9.65), (103, 5.675))
    ),
    Scenario(
        "2018-12-24", "2018-12-21", "2018-12-24", 3, -0.0271, 5.96, ((26, 1.6), (54, 0.4), (88, 0.05), (117, 0.0))
    ),
    Scenario(
        "2020-03-16", "2020-03-13", "2020-03-16", 3, -0.1198, 24.86, ((5, 19.2), (33, 15.25), (68, 10.35), (96, 8.3))
    ),
    Scenario(
        "2022",
        "2022-08-25",
        "2022-09-26",
        32,
        -0.1296,
        10.48,
        ((55, 5.556), (83, 3.899), (118, 2.98), (146, 2.603)),
    ),
    Scenario(
        "2024-08-05",
        "2024-08-02",
        "2024-08-05",
        3,
        -0.03,
        15.18,
        ((19, 10.246), (47, 8.407), (75, 5.066), (110, 2.546)),
    ),
    Scenario(
        "2025-04",
        "2025-03-31",
        "2025-04-08",
        8,
        -0.1121,
        30.05,
        ((16, 18.329), (51, 10.946), (79, 7.517), (107, 5.569)),
    ),
)


class Stressed(NamedTuple):
    """A book in one scenario; dollars against today's model value."""

    scenario: str
    period: str
    days: float
    spx_return: float
    vix_change_points: float
    futures_moved_by: str
    spx_dollars: float
    vix_dollars: float
    total_dollars: float


def stress(legs: Legs, market: Market, scenario: Scenario) -> Stressed:
    """The scenario's moves, in per cent of SPX and points of VIX, from today's levels; its days pass too."""
    moves = np.array([scenario.spx_return]), np.array([scenario.vix_change])
    gained = reprice(legs, market, *moves, float(scenario.days), scenario.futures or None)[0]
    on_vix = legs.underlying == VIX
    return Stressed(
        scenario.name,
        f"{scenario.start} to {scenario.end}",
        float(scenario.days),
        scenario.spx_return,
        scenario.vix_change,
        "settlements" if scenario.futures else "tenor beta",
        float(gained[~on_vix].sum()),
        float(gained[on_vix].sum()),
        float(gained.sum()),
    )
