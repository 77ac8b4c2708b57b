"""Every quantitative statement of the seeds: the claims, and the numbers that are rules and claim nothing.

Quotations are the articles' own words; where they name no number, the reading that makes them measurable is ours and
stands in `says` and `method`.
"""

from __future__ import annotations

from typing import NamedTuple

from xlalvh.research.claims import indices
from xlalvh.research.claims.claim import Claim, Kind, Region

MOST = Region(0.5, 1.0)  # what "often", "frequently", "tends to" say of a share of episodes
ABOVE, BELOW = Region(low=0.0), Region(high=0.0)

_OFTEN = "'often' is read as in at least half"

CLAIMS: tuple[Claim, ...] = (
    # Correlation
    Claim(
        "correlation-points",
        "correlation",
        "the deeply negative correlation between the VIX and the SPX—often hovering around -0.85",
        "-0.90 to -0.80",
        "daily changes of VIX in points against returns of SPX; 'around' is read as within 0.05",
        "correlation",
        Region(-0.90, -0.80),
        measure=indices.correlation_points,
    ),
    Claim(
        "correlation-logs",
        "correlation",
        "the deeply negative correlation between the VIX and the SPX—often hovering around -0.85",
        "-0.90 to -0.80",
        "daily log changes of both; the other usual definition",
        "correlation",
        Region(-0.90, -0.80),
        measure=indices.correlation_logs,
    ),
    Claim(
        "correlation-often",
        "correlation",
        "the deeply negative correlation between the VIX and the SPX—often hovering around -0.85",
        "at least half of the days",
        f"share of days whose last 21 daily log changes correlate by -0.90 to -0.80; {_OFTEN}",
        "share",
        MOST,
        measure=indices.correlation_near,
    ),
    Claim(
        "vix-doubles",
        "correlation",
        "VIX futures and options react with outsized moves—often doubling or tripling—precisely when SPX puts are "
        "moving into the money",
        "2 times or more in at least half of the falls",
        f"spot VIX at most over its level at SPX's high, in falls of SPX over 5 %, to the low; {_OFTEN}",
        "share",
        MOST,
        measure=indices.vix_doubles,
    ),
    Claim(
        "future-doubles",
        "correlation",
        "VIX futures and options react with outsized moves—often doubling or tripling—precisely when SPX puts are "
        "moving into the money",
        "2 times or more in at least half of the falls",
        f"the same of the 30-day constant-maturity VX future, which is what can be held; {_OFTEN}",
        "share",
        MOST,
        measure=indices.future_doubles,
    ),
    # Spikes
    Claim(
        "front-first",
        "spikes",
        "During a typical vol spike, the front-month 4-layer activates first as short-dated VIX calls gain intrinsic "
        "value rapidly.",
        "in at least half of the spikes",
        "sessions with VIX up by a fifth: front layer's future gains more points than mid, and mid than back",
        "share",
        MOST,
        measure=indices.front_first,
    ),
    Claim(
        "later-layers",
        "spikes",
        "As the spike persists beyond a few days, the second 4-layer and final 2-layer begin contributing",
        "more than on the day",
        "part of the 4/4/2 futures' gain that mid and back give: after 5 sessions less on the day of the spike",
        "share",
        ABOVE,
        measure=indices.later_layers,
    ),
    Claim(
        "vix-reverts",
        "spikes",
        "VIX futures and options exhibit mean-reverting characteristics",
        "below 1",
        "variance of changes of ln VIX over 45 sessions, over 45 times the daily one; 1 is a random walk. Also said in "
        "the SPY article",
        "ratio",
        Region(high=1.0),
        measure=indices.vix_reverts,
    ),
    Claim(
        "volmageddon",
        "spikes",
        "In the 2018 Volmageddon event, the 4/4/2 layering captured approximately 65 % of the VIX upside",
        "0.65",
        "points that the ladder's futures, weighted 4/4/2, gained a point of VIX on 2018-02-05; front layer at least "
        "14 days out",
        "ratio",
        Region(0.60, 0.70),
        Kind.EVENT,
        indices.volmageddon_futures,
    ),
    # SPY
    Claim(
        "correlations-one",
        "SPY",
        "during systemic shocks—such as those triggered by unexpected FOMC policy shifts or spikes in CPI and "
        "PPI—correlations tend to converge toward one",
        "0.8 or more in at least half of the falls",
        "Cboe's 1-month implied correlation at most, in falls of SPX over 5 %; 'toward one' is read as 0.8",
        "share",
        MOST,
        measure=indices.correlations_converge,
    ),
    Claim(
        "contango-decay",
        "SPY",
        "VIX products exhibit mean-reverting characteristics and can experience significant contango decay",
        "below 0",
        "mean return over 21 sessions of the front layer's future bought in contango (slope over 2 %)",
        "return",
        BELOW,
        measure=indices.contango_decay,
    ),
    # Edge
    Claim(
        "volatility-reverts-faster",
        "edge",
        "volatility mean-reverts faster than price",
        "in at least half of the falls",
        "falls of SPX over 5 %: sessions until VIX gives back half of its rise against those until SPX regains half",
        "share",
        MOST,
        measure=indices.vix_reverts_faster,
    ),
    # Contango
    Claim(
        "contango-typical",
        "contango",
        "the typical state where longer-dated futures trade at a premium to near-term",
        "at least half of the days",
        "share of days with the 60-day future above the 30-day one",
        "share",
        MOST,
        measure=indices.contango_typical,
    ),
    Claim(
        "backwardation-pays",
        "contango",
        "Here the ALVH shines as a protective overlay.",
        "above 0",
        "return over 21 sessions of the 4/4/2 futures bought in backwardation, less that in contango: what the label "
        "foretells, not what the spike before it paid",
        "return",
        ABOVE,
        measure=indices.contango_against_backwardation,
    ),
    Claim(
        "correlation-backwardation",
        "contango",
        "When backwardation intensifies, the implied correlation between SPX downside and VIX upside increases",
        "above 0",
        "realised daily correlation in contango less that in backwardation, by the label of the close before; no "
        "implied correlation of SPX with VIX is quoted",
        "correlation",
        ABOVE,
        measure=indices.correlation_backwardation,
    ),
    Claim(
        "dearer-in-backwardation",
        "contango",
        "the cost basis of maintaining the hedge rises",
        "above 0",
        "price of an at-the-money 30-day VIX call, future x VVIX, mean in backwardation over mean in contango, less 1",
        "share",
        ABOVE,
        measure=indices.dearer_in_backwardation,
    ),
    # What no data here can say
    *(
        Claim(name, article, quote, says, why, kind=Kind.UNTESTABLE)
        for name, article, quote, says, why in (
            (
                "rsi-of-ad-line",
                "spikes",
                "shifting notional exposure based on Relative Strength Index (RSI) readings on the Advance-Decline "
                "Line (A/D Line)—helped the hedge contribute positive P&L",
                "helped in March 2020",
                "advance-decline data start in 2023, and the article gives no rule",
            ),
            (
                "fomc-irr",
                "edge",
                "the layered hedge has historically demonstrated superior Internal Rate of Return (IRR) preservation",
                "superior around FOMC, CPI and PPI",
                "no history of release days in the data, and the article names no comparison",
            ),
            (
                "slippage",
                "edge",
                "Avoiding complete position closure during elevated HFT (High-Frequency Trading) activity minimizes "
                "adverse selection costs.",
                "lower costs",
                "no fills or intraday quotes in the data",
            ),
            (
                "dear-with-prices",
                "contango",
                "backwardation often coincides with elevated Real Effective Exchange Rate volatility and spikes in the "
                "CPI (Consumer Price Index) or PPI (Producer Price Index)",
                "often",
                "no exchange-rate or price indices with their release days in the data",
            ),
            (
                "macro-precedes",
                "SPY",
                "these macro variables frequently precede volatility regime changes",
                "frequently",
                "no exchange rates in the data, and the article names neither lead nor threshold",
            ),
            (
                "hft-spikes",
                "SPY",
                "HFT (High-Frequency Trading) flows can exacerbate short-term VIX spikes",
                "can",
                "no data on who trades",
            ),
            (
                "breadth-leads",
                "SPY",
                "the Advance-Decline Line (A/D Line) can deteriorate rapidly even while capitalization-weighted "
                "indices like SPY appear temporarily resilient",
                "can",
                "advance-decline data start in 2023 and are their author's own count",
            ),
            (
                "names",
                "SPY",
                "spreading exposure across 500 large-cap names",
                "500",
                "a property of the fund; the data hold no constituents",
            ),
        )
    ),
)


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
