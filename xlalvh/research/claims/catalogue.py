"""Every claim of the seeds that has a number, or a comparison that one can measure.

Quotations are the articles' own words; where they name no number, the reading that makes them measurable is ours and
stands in `says` and `method`.
"""

from __future__ import annotations

from xlalvh.research.claims import backtests, condors, edges, indices, ladders
from xlalvh.research.claims.claim import Claim, Kind, Region
from xlalvh.research.claims.untestable import UNTESTABLE

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
        "30-day constant-maturity VX future at most over its level at SPX's high, falls of SPX over 5 %, to the low; "
        f"{_OFTEN}",
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
        "volmageddon-months",
        "spikes",
        "In the 2018 Volmageddon event, the 4/4/2 layering captured approximately 65 % of the VIX upside",
        "0.65",
        "points that the futures of the first, second and third month, weighted 4/4/2, gained a point of VIX on "
        "2018-02-05; the first had 9 days left",
        "ratio",
        Region(0.60, 0.70),
        Kind.EVENT,
        indices.volmageddon_months,
    ),
    Claim(
        "volmageddon-layers",
        "spikes",
        "In the 2018 Volmageddon event, the 4/4/2 layering captured approximately 65 % of the VIX upside",
        "0.65",
        "points that the futures of the layers by Rules, front 14 days out or more, weighted 4/4/2, gained a point of "
        "VIX",
        "ratio",
        Region(0.60, 0.70),
        Kind.EVENT,
        indices.volmageddon_layers,
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
    # The ladder, its options priced by the model
    Claim(
        "call-doubles",
        "correlation",
        "VIX futures and options react with outsized moves—often doubling or tripling—precisely when SPX puts are "
        "moving into the money",
        "2 times or more in at least half of the falls",
        f"best close of the front layer's 0.50-delta call over its price at SPX's high, falls over 5 %; {_OFTEN}",
        "share",
        MOST,
        measure=ladders.call_doubles,
    ),
    Claim(
        "fifteen-to-twenty-five",
        "correlation",
        "a modest move in the VIX (say, from 15 to 25) can generate hedge profits that offset multiple iron condor "
        "losses",
        "2 or more",
        "gain of one 4/4/2 unit, bought with VIX at 14-16, once VIX closes at 25 within 21 sessions, over one condor's "
        "maximum loss; 'multiple' is read as 2",
        "losses",
        Region(low=2.0),
        measure=ladders.fifteen_to_twenty_five,
    ),
    Claim(
        "capital-against-puts",
        "correlation",
        "VIX calls have lower capital requirements than deep OTM SPX puts",
        "above 1",
        "both are paid in full; gain per dollar of premium in SPX's falls over 5 % (a month of each at most): the "
        "ladder's over that of 5-delta puts of the condor's expiry",
        "ratio",
        Region(low=1.0),
        measure=ladders.capital_against_puts,
    ),
    Claim(
        "positive-theta",
        "correlation",
        "the VixShield framework maintains positive theta overall",
        "above 0",
        "theta of a condor by Rules and the units that cover 0.9 of it, over the condor's alone, at starts a month "
        "apart",
        "share",
        ABOVE,
        measure=ladders.net_theta,
    ),
    Claim(
        "volmageddon-options",
        "spikes",
        "In the 2018 Volmageddon event, the 4/4/2 layering captured approximately 65 % of the VIX upside",
        "0.65",
        "dollars that a unit's options gained on 2018-02-05, a contract of 100 and point of VIX",
        "ratio",
        Region(0.60, 0.70),
        Kind.EVENT,
        ladders.volmageddon,
    ),
    Claim(
        "covid-ladder",
        "spikes",
        "helped the hedge contribute positive P&L even as Market Capitalization evaporated across equities",
        "above 0",
        "gain on its premium of a unit bought at SPX's high of 2020-02-19 and held to the low; no rebalancing, for "
        "which no rule is named",
        "share",
        ABOVE,
        Kind.EVENT,
        ladders.covid,
    ),
    Claim(
        "drag-2022",
        "spikes",
        "in lower-intensity spikes such as the 2022 inflation-driven vol expansion, the layering occasionally produced "
        "modest drag",
        "below 0, no size named",
        "gain on premium of units bought every 21 sessions of 2022 and held for 21",
        "share",
        BELOW,
        Kind.EVENT,
        ladders.year_2022,
    ),
    Claim(
        "carry-contango",
        "contango",
        "the hedge’s cost of carry remains manageable",
        "no number",
        "mean gain on its premium of a unit held for 21 sessions, bought in contango: what the hedge costs a month",
        "share",
        kind=Kind.EVENT,
        measure=ladders.carry_contango,
    ),
    Claim(
        "carry-backwardation",
        "contango",
        "The four nearest-term VIX calls within the 4/4/2 structure gain intrinsic and extrinsic value quickly as spot "
        "VIX surges.",
        "above 0",
        "mean gain on premium of a unit over 21 sessions: bought in backwardation less bought in contango",
        "share",
        ABOVE,
        measure=ladders.backwardation_over_contango,
    ),
    Claim(
        "condor-bleeds",
        "contango",
        "the negative theta bleed that short SPX iron condors experience when the Advance-Decline Line (A/D Line) is "
        "healthy and equities grind higher",
        "below 0: at most half of the months",
        "share of starts a month apart at which a condor sold by Rules has positive theta",
        "share",
        Region(0.0, 0.5),
        measure=condors.condor_theta,
    ),
    # The whole book, by the backtest
    Claim(
        "against-puts",
        "correlation",
        "the 4/4/2 stack often achieves 2-3x the risk-adjusted return of equivalent SPX put notional during drawdowns "
        "exceeding 5%",
        "2 or more",
        "mean over standard deviation of the hedge's daily profit, condors left out, in SPX's falls over 5 %: ladder "
        "over SPX puts of the same premium",
        "ratio",
        Region(low=2.0),
        measure=backtests.against_puts,
    ),
    Claim(
        "drag-against-puts",
        "correlation",
        "the 4/4/2 layered VIX calls minimize drag on portfolio Internal Rate of Return (IRR) and Weighted Average "
        "Cost of Capital (WACC) calculations",
        "below 0",
        "profit a year given up for the ladder, less that for SPX puts of the same premium, on the capital",
        "share a year",
        BELOW,
        measure=backtests.drag_over_puts,
    ),
    Claim(
        "deep-drawdowns",
        "spikes",
        "unhedged iron condors that frequently suffer drawdowns exceeding 30 % during tail events",
        "at least half of the events",
        "share of SPX's falls over 10 % in which the condor alone loses over 30 % of the capital (Reg-T margin and the "
        "reserve of Rules)",
        "share",
        MOST,
        measure=backtests.deep_drawdowns,
    ),
    Claim(
        "smoother",
        "spikes",
        "The result is a smoother equity curve compared with unhedged iron condors",
        "below 1",
        "volatility of the hedged book's daily profit over that of the condor alone",
        "ratio",
        Region(high=1.0),
        measure=backtests.smoother,
    ),
    Claim(
        "smoother-below",
        "spikes",
        "The result is a smoother equity curve compared with unhedged iron condors",
        "below 1",
        "downside deviation (of losing days alone) of the hedged book's daily profit over that of the condor alone",
        "ratio",
        Region(high=1.0),
        measure=backtests.smoother_below,
    ),
    Claim(
        "condor-2018",
        "spikes",
        "while the iron condor’s credit decayed only modestly",
        "no number",
        "what condors sold by Rules on each of the 21 sessions before gained on 2018-02-05, over their credits: mean",
        "share of credit",
        kind=Kind.EVENT,
        measure=condors.condor_2018,
    ),
    Claim(
        "covid-book",
        "spikes",
        "helped the hedge contribute positive P&L even as Market Capitalization evaporated across equities",
        "above 0",
        "the hedge's gain in the backtest, close of 2020-02-19 to close of 2020-03-23, a share of the capital",
        "share",
        ABOVE,
        Kind.EVENT,
        backtests.covid,
    ),
    Claim(
        "risk-adjusted",
        "SPY",
        "This combination seeks to improve risk-adjusted returns without eliminating upside participation entirely.",
        "above 0",
        "Sortino ratio a year of the hedged book, less that of the condor alone",
        "ratio",
        ABOVE,
        measure=backtests.better_risk_adjusted,
    ),
    Claim(
        "losses-offset",
        "contango",
        "This rapid appreciation can more than offset losses on the short SPX iron condor’s call and put spreads",
        "at least half of the falls",
        "falls of SPX over 5 % that cost the condor: share in which the hedge gained at least as much; 'can' is read "
        "as in at least half",
        "share",
        MOST,
        measure=backtests.losses_offset,
    ),
    # Edge, by simulation
    Claim(
        "edge-kept",
        "edge",
        "this layered approach can retain approximately 35-55% more of the original expected value versus outright "
        "removal",
        "0.35 to 0.55",
        "R of layering less R of legging out of all legs: expected profit once a wing is tested, over the expected "
        "profit at entry; layer: VIX call spread by the CAPM ratio",
        "share of EV",
        Region(0.35, 0.55),
        measure=edges.edge_kept,
    ),
    Claim(
        "credit-kept",
        "edge",
        "the edge retained by layering VIX hedges rather than legging out typically ranges between 40-60% of the "
        "at-risk credit on the tested wing",
        "0.40 to 0.60",
        "expected profit of layering less that of legging out, once a wing is tested, over the credit of the tested "
        "vertical",
        "share of credit",
        Region(0.40, 0.60),
        measure=edges.credit_kept,
    ),
    # The vendor's other pages, in our words
    Claim(
        "drawdowns-cut",
        "vendor",
        "(pages on the hedge's cost, in our words) The ALVH cuts drawdowns by 35-40 % ...",
        "0.35 to 0.40",
        "part of the condor's drawdowns in SPX's falls over 5 % that the hedge takes away, all falls together",
        "share",
        Region(0.35, 0.40),
        measure=backtests.drawdowns_cut,
    ),
    Claim(
        "drag-a-year",
        "vendor",
        "(pages on the hedge's cost, in our words) ... for a cost of only 1-2 % a year",
        "0.02 or less",
        "profit a year that the hedge gives up against the condor alone, on the capital",
        "share a year",
        Region(high=0.02),
        measure=backtests.drag_a_year,
    ),
    Claim(
        "drag-a-week",
        "vendor",
        "(a page on the hedge's weekly drag, in our words) The ALVH costs 4-8 basis points a week",
        "8 or less",
        "profit a week that the hedge gives up against the condor alone, on the capital",
        "basis points",
        Region(high=8.0),
        measure=backtests.drag_a_week,
    ),
    *UNTESTABLE,
)
