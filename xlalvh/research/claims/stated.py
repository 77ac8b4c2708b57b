"""The numbers of the seeds that claim nothing about markets: the method's rules, and where they are set."""

from __future__ import annotations

from typing import NamedTuple


class Stated(NamedTuple):
    """A number of the seeds that claims nothing about markets, and where it is set."""

    article: str
    quote: str
    where: str


RULES: tuple[Stated, ...] = (
    Stated(
        "correlation",
        "deploys four layers of short-dated VIX calls at varying strikes and expirations, followed by four medium-term "
        'layers, and two longer-dated "insurance" layers',
        "Rules, presets: 4/4/2 read as ten layers contradicts the other articles",
    ),
    Stated(
        "correlation",
        "roll or adjust the front 4-layer stack as FOMC meetings or CPI and PPI releases approach",
        "Rules, event_roll_days",
    ),
    Stated(
        "spikes",
        "four contracts in the front-month VIX calls, four in the second month, and two in the third-month tenor",
        "Rules, preset seeds",
    ),
    Stated(
        "spikes",
        "the hedge’s notional vega remains between 0.6× and 1.2× the iron condor’s short vega",
        "Rules, coverage_low and coverage_high",
    ),
    Stated("edge", "When the losing wing reaches approximately 0.15 delta", "Rules, wing_trigger"),
    Stated("contango", "four nearest-term, four mid-term, and two longer-dated contracts", "Rules, preset seeds"),
    Stated(
        "contango",
        "when backwardation deepens and RSI on VIX exceeds 70, the layered hedge may be partially monetized or rolled",
        "Rules, rsi_monetise and monetise_share",
    ),
    Stated(
        "contango",
        "selling iron condors with wider wings (e.g., 30–45 delta short strikes)",
        "Rules, contango_delta_low and contango_delta_high",
    ),
    Stated(
        "contango",
        "keeping the 4/4/2 VIX call hedge at 25–30 % of notional exposure",
        "Rules, hedge_weight_low and hedge_weight_high, on three bases",
    ),
    Stated(
        "contango",
        "tighten the condor’s short strikes toward 15–20 delta",
        "Rules, backwardation_delta_low and backwardation_delta_high",
    ),
)
