"""Every term of the five articles that this product comes from, and the few of our own: the one place for them.

The meanings are ours. What only illustrates something in the articles is an analogy, and nothing computes it.
"""

from __future__ import annotations

from typing import NamedTuple

COMPUTED, INPUT, ANALOGY, BACKGROUND = "computed", "your input", "analogy", "background"


class Term(NamedTuple):
    """One line of the glossary."""

    name: str
    also: tuple[str, ...]  # other spellings in the articles
    kind: str
    meaning: str
    formulas: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term(
        "4/4/2",
        ("4/4/2 structure", "4/4/2 layering"),
        COMPUTED,
        "Four VIX calls in the front layer, four in the middle one, two in the back one: one unit of the ladder. The "
        "articles define it three ways; Rules has five presets, and Sizing shows what each asks for.",
        ("ALVH_LADDER", "ALVH_PRESETS"),
        ("Ladder", "Sizing", "Rules"),
    ),
    Term(
        "A/D Line",
        ("Advance-Decline Line", "Advance-Decline Line (A/D Line)"),
        COMPUTED,
        "Running sum of advancing less declining stocks. You give the counts: no free provider has the exchange's.",
        ("ALVH_AD_LINE",),
        ("Signals",),
    ),
    Term(
        "ALVH",
        ("Adaptive Layered VIX Hedge", "ALVH Methodology"),
        COMPUTED,
        "The method as a whole: an SPX iron condor hedged with a 4/4/2 ladder of VIX calls, sized by coverage and "
        "adapted to the regime of the VIX futures curve.",
        ("ALVH_LADDER", "ALVH_COVERAGE", "ALVH_PLAYBOOK"),
        ("Dashboard", "Ladder", "Sizing"),
    ),
    Term(
        "AMM",
        ("Automated Market Maker", "AMM (Automated Market Maker)"),
        ANALOGY,
        "A pool on a blockchain that quotes prices by formula. The articles liken VIX calls to one that feeds "
        "volatility flows. No part of the hedge works that way.",
    ),
    Term(
        "Backwardation",
        (),
        COMPUTED,
        "Near VIX futures above far ones: stress now. Here a 60-day future more than 2 % below the 30-day one (deep: "
        "more than 8 %); the cuts stand on Rules.",
        ("ALVH_REGIME", "ALVH_CONTANGO"),
        ("Dashboard", "Rules"),
    ),
    Term(
        'Big Top "Temporal Theta" Cash Press',
        ("Temporal Theta", "Cash Press"),
        COMPUTED,
        "The articles' name for a long calm in contango in which time value runs off. Measured here as it can be: "
        "sessions of contango in a row, VIX in its history, the ladder's time value and theta, rebalance due or not.",
        ("ALVH_CASH_PRESS",),
        ("Adjust",),
    ),
    Term(
        "Break-Even Point (Options)",
        ("Break-Even Point", "Break-Even"),
        COMPUTED,
        "SPX levels at which a position makes nothing. Of the condor alone at expiry, and of condor and ladder "
        "together today and at expiry along a path of VIX: all of them, be there none or four.",
        ("ALVH_CONDOR", "ALVH_BREAKEVENS"),
        ("Dashboard", "Condor", "Stress"),
    ),
    Term(
        "CAPM",
        ("Capital Asset Pricing Model", "Capital Asset Pricing Model (CAPM)"),
        COMPUTED,
        "Two uses. The textbook's: the return an asset must promise for its beta. The articles' \"modified\" one: "
        "contracts whose gain at a move of SPX offsets the tested wing, through the beta of the VIX future.",
        ("ALVH_CAPM", "ALVH_CAPM_RATIO"),
        ("Capital", "Sizing", "Adjust"),
    ),
    Term(
        "Contango",
        (),
        COMPUTED,
        "Far VIX futures above near ones, as on most days. Long calls lose as their future slides down the curve: the "
        'articles\' "roll-down profits" belong to the seller.',
        ("ALVH_CONTANGO", "ALVH_REGIME", "ALVH_CARRY"),
        ("Dashboard", "Capital"),
    ),
    Term(
        "Conversion (Options Arbitrage)",
        ("Conversion",),
        COMPUTED,
        "Long the underlying, long a put, short the call of the same strike: locks in a difference from put-call "
        "parity. Shown strike by strike after the bid-ask spread, where it is as good as never above nothing.",
        ("ALVH_PARITY",),
        ("Functions",),
    ),
    Term(
        "Convexity",
        (),
        COMPUTED,
        "Gains that grow faster than the move. The ladder's profit by level of VIX is drawn on its sheet.",
        ("ALVH_LADDER_RESPONSE",),
        ("Ladder",),
    ),
    Term(
        "Correlation, VIX/SPX",
        ("VIX/SPX",),
        COMPUTED,
        "The articles say -0.85. Daily changes give about -0.8 in points and -0.75 in logarithms: it depends on what "
        "is correlated, so the formula says which, and Claims shows what we measured.",
        ("ALVH_CORRELATION",),
        ("Signals", "Claims"),
    ),
    Term(
        "Coverage",
        (),
        COMPUTED,
        "Dollars per VIX point that the ladder gains over those that the condor loses. The articles' band is 0.6 to "
        "1.2. Ours, not theirs: it counts by how much each future follows spot VIX.",
        ("ALVH_COVERAGE", "ALVH_HEDGE_UNITS"),
        ("Sizing", "Dashboard"),
    ),
    Term(
        "COVID",
        ("March 2020",),
        BACKGROUND,
        "The fall of February and March 2020: VIX closed at 82.69 on 16 March. One of the named days.",
        ("ALVH_STRESS",),
        ("Stress",),
    ),
    Term(
        "CPI",
        ("Consumer Price Index", "CPI (Consumer Price Index)"),
        COMPUTED,
        "US consumer prices. Its release is an event before which the front layer may be rolled; its place in its "
        "history is an input of the tilt, with weight 0 until you set one.",
        ("ALVH_NEXT_EVENT", "ALVH_PLAYBOOK", "ALVH_TILT"),
        ("Signals", "Sizing"),
    ),
    Term(
        "Credit spreads",
        (),
        INPUT,
        "Yield of corporate bonds over government ones. An input of the tilt, weight 0 until you set one. (The "
        "articles also call the condor's two sides credit spreads.)",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "DAO",
        ("Decentralized Autonomous Organization", "DAO (Decentralized Autonomous Organization)"),
        ANALOGY,
        "An organisation run by programs on a blockchain. The articles liken the layers to it: each by its own rule.",
    ),
    Term(
        "DeFi",
        ("DeFi-linked", "DeFi-inspired"),
        ANALOGY,
        "Finance on blockchains. Named as a possible overlay and called experimental. Not part of this product.",
    ),
    Term(
        "DEX",
        (),
        ANALOGY,
        "An exchange on a blockchain. The articles liken SPX puts to its order book: slippage in fast markets.",
    ),
    Term(
        "DRIP",
        ("Dividend Reinvestment Plan", "Dividend Reinvestment Plan (DRIP)"),
        COMPUTED,
        "Dividends buy more of what pays them. A table a year of both ways, reinvested and taken.",
        ("ALVH_DRIP",),
        ("Capital",),
    ),
    Term(
        "ETF",
        ("ETFs",),
        BACKGROUND,
        "A fund traded as a share, such as SPY. Its flows serve the articles as an illustration.",
        ("ALVH_EQUITY_HEDGE",),
        ("Sizing",),
    ),
    Term(
        "False Binary (Loyalty vs. Motion)",
        ("The False Binary", "False Binary"),
        COMPUTED,
        "That one must either keep a position as it is or leave it. As numbers: hold, leg out or layer, with expected "
        "value and error of each; and steward against promoter.",
        ("ALVH_EDGE", "ALVH_LAYER_WEIGHTS"),
        ("Adjust", "Sizing"),
    ),
    Term(
        "FOMC",
        ("Federal Open Market Committee", "FOMC (Federal Open Market Committee)"),
        COMPUTED,
        "The Federal Reserve's rate decision: an event before which the front layer may be rolled.",
        ("ALVH_NEXT_EVENT", "ALVH_PLAYBOOK"),
        ("Signals", "Dashboard"),
    ),
    Term(
        "GDP",
        (),
        INPUT,
        "US output. An input of the tilt, weight 0 until you set one.",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "HFT",
        ("High-Frequency Trading", "HFT (High-Frequency Trading)"),
        BACKGROUND,
        "Trading by machines in microseconds. What it costs a trader is part of the spread he crosses: the ladder is "
        "costed at the ask, the condor's credit also with every spread crossed.",
        (),
        ("Condor", "Ladder"),
    ),
    Term(
        "ICO",
        (),
        ANALOGY,
        "Sale of a new crypto token. Named as a possible cause of a spike; no quote or rule here knows of it.",
    ),
    Term(
        "Interest Rate Differential",
        ("interest-rate differentials",),
        INPUT,
        "Rate of one currency less that of another. An input of the tilt, weight 0 until you set one.",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "IPO",
        ("Initial Public Offering", "IPO (Initial Public Offering)"),
        ANALOGY,
        "First sale of a company's shares. Named as a possible cause of a spike; no quote or rule here knows of it.",
    ),
    Term(
        "Iron condor",
        ("SPX Iron Condor Management",),
        COMPUTED,
        "A put spread sold below the market and a call spread sold above it, of one expiry: a credit now, a known "
        "largest loss.",
        ("ALVH_CONDOR", "ALVH_CONDOR_STRIKES"),
        ("Condor",),
    ),
    Term(
        "IRR",
        ("Internal Rate of Return", "Internal Rate of Return (IRR)"),
        COMPUTED,
        "The yearly rate at which dated flows are worth nothing together. Compared with WACC, CAPM and the hedge's "
        "drag, as the articles ask. Flows that change sign more than once can have several: all are named.",
        ("ALVH_IRR",),
        ("Capital",),
    ),
    Term(
        "Layer, rung, unit",
        (),
        COMPUTED,
        "A layer is an expiry of the ladder, a rung one strike in it, a unit 4 + 4 + 2 contracts.",
        ("ALVH_LADDER",),
        ("Ladder",),
    ),
    Term(
        "MACD",
        ("Moving Average Convergence Divergence", "MACD (Moving Average Convergence Divergence)"),
        COMPUTED,
        "Difference of two exponential averages (12 and 26 days) and its own 9-day average. Of SPX and of VIX.",
        ("ALVH_MACD",),
        ("Signals",),
    ),
    Term(
        "Market Capitalization",
        ("Capitalization",),
        BACKGROUND,
        "Shares times price. The articles use the word for what a crash destroys; nothing here needs it.",
    ),
    Term(
        "MEV",
        ("Maximal Extractable Value", "MEV (Maximal Extractable Value)"),
        ANALOGY,
        "What those who order transactions on a blockchain can take. The articles use it for gains from rebalancing "
        "and for losses to faster traders.",
    ),
    Term(
        "Notional, 25-30 % of",
        (),
        COMPUTED,
        "Hedge size of the contango article, which does not say of what. Three readings: premium over credit, premium "
        "over maximum loss, VIX future over SPX notional (asks for many times the band: warned of).",
        ("ALVH_HEDGE_NOTIONAL",),
        ("Sizing",),
    ),
    Term(
        "OTM",
        ("out of the money",),
        BACKGROUND,
        "Out of the money: a call above, a put below the forward.",
        ("ALVH_PROB_ITM",),
        ("Condor",),
    ),
    Term(
        "P&L",
        (),
        COMPUTED,
        "Profit and loss, dollars. By joint moves of SPX and VIX, by named days, and by level of SPX.",
        ("ALVH_PNL_GRID", "ALVH_STRESS"),
        ("Stress", "Dashboard"),
    ),
    Term(
        "P/CF",
        ("Price-to-Cash Flow Ratio", "Price-to-Cash Flow Ratio (P/CF)"),
        INPUT,
        "Price over cash flow. Of the index an input of the tilt (weight 0 until you set one); of a hedge it is an "
        "analogy.",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "P/E",
        ("P/E Ratio", "Price-to-Earnings Ratio", "Price-to-Earnings Ratio (P/E Ratio)"),
        INPUT,
        "Price over earnings of the index. An input of the tilt, weight 0 until you set one.",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "Paper trading",
        (),
        COMPUTED,
        "Booking trades without money and marking them daily, before real ones.",
        (),
        ("Paper",),
    ),
    Term(
        "PPI",
        ("Producer Price Index", "PPI (Producer Price Index)"),
        COMPUTED,
        "US producer prices: an event like CPI, and an input of the tilt with weight 0 until you set one.",
        ("ALVH_NEXT_EVENT", "ALVH_PLAYBOOK", "ALVH_TILT"),
        ("Signals", "Sizing"),
    ),
    Term(
        "Quick Ratio (Acid-Test Ratio)",
        ("Quick Ratio", "Acid-Test Ratio"),
        INPUT,
        "Cash and claims over short debts. An input of the tilt, weight 0 until you set one.",
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "REER",
        ("Real Effective Exchange Rate",),
        INPUT,
        "A currency against a basket, less inflation. An input of the tilt (weight 0 until you set one). An exchange "
        'rate "of the volatility component" is an analogy.',
        ("ALVH_TILT",),
        ("Sizing",),
    ),
    Term(
        "REIT",
        ("Real Estate Investment Trust", "REIT (Real Estate Investment Trust)"),
        ANALOGY,
        "A company that holds property. Named for flows and for its quick ratio; no quote here comes from one.",
    ),
    Term(
        "Reversal (Options Arbitrage)",
        ("Reversal",),
        COMPUTED,
        "The conversion the other way round: short the underlying, short the put, long the call.",
        ("ALVH_PARITY",),
        ("Functions",),
    ),
    Term(
        "Roll-down",
        (),
        COMPUTED,
        "What a future loses (in contango) or gains as its expiry comes nearer on an unchanged curve. Shown a layer, "
        "apart from theta.",
        ("ALVH_CARRY", "ALVH_ROLL_YIELD"),
        ("Capital", "Dashboard"),
    ),
    Term(
        "RSI",
        ("Relative Strength Index", "Relative Strength Index (RSI)"),
        COMPUTED,
        "Wilder's index of rises against falls, 0 to 100, over 14 days. Above 70 on VIX, while backwardation deepens, "
        "the articles sell part of the hedge.",
        ("ALVH_RSI", "ALVH_PLAYBOOK", "ALVH_DIVERGENCE"),
        ("Signals", "Dashboard"),
    ),
    Term(
        "Russell Clark",
        ("SPX Mastery",),
        BACKGROUND,
        "The author whose SPX Mastery books the articles say they follow. We worked from the articles, not the books.",
    ),
    Term(
        "S&P",
        ("S&P 500",),
        BACKGROUND,
        "The index of 500 large US companies.",
    ),
    Term(
        "Second Engine / Private Leverage Layer",
        ("The Second Engine", "Second Engine", "Private Leverage Layer"),
        COMPUTED,
        "What the untested side of the condor still earns: its time value and its theta. No leverage comes with it.",
        ("ALVH_SECOND_ENGINE",),
        ("Condor", "Adjust"),
    ),
    Term(
        "SPX",
        ("Traditional SPX",),
        BACKGROUND,
        "The S&P 500 index; its options are European. SPX monthlies settle on the opening, SPXW on the close; the "
        "condor uses SPXW. XSP is a tenth of it.",
        ("ALVH_SPX_EXPIRY", "ALVH_YEARS"),
        ("Market", "Condor"),
    ),
    Term(
        "SPY",
        (),
        COMPUTED,
        "The fund that holds the S&P 500. VIX calls for a position in it, and what its diversification leaves as "
        "correlations go to one.",
        ("ALVH_EQUITY_HEDGE",),
        ("Sizing",),
    ),
    Term(
        "Steward vs. Promoter Distinction",
        ("Steward vs. Promoter", "Stewards", "Promoters"),
        COMPUTED,
        "A steward keeps the ladder the same in every regime; a promoter raises it in backwardation. By how much no "
        "article says: 0 until you set it on Rules.",
        ("ALVH_LAYER_WEIGHTS",),
        ("Sizing", "Rules"),
    ),
    Term(
        "Tenor beta",
        (),
        COMPUTED,
        "Points that a VIX future moves per point of spot VIX: about 0.6, 0.4 and 0.3 for the three layers. The "
        "articles size as if it were 1, which overstates the hedge more than twice.",
        ("ALVH_TENOR_BETA",),
        ("Ladder", "Sizing"),
    ),
    Term(
        "Tested wing",
        (),
        COMPUTED,
        "A short strike whose delta has reached 0.15 and twice its delta at entry: the articles' bare 0.15 would fire "
        "on the day of a 16-delta entry.",
        ("ALVH_WING_STATUS",),
        ("Adjust", "Dashboard"),
    ),
    Term(
        "Time-Shifting / Time Travel (Trading Context)",
        ("Time-Shifting", "Time Travel", "Time Travel (Trading Context)"),
        COMPUTED,
        "Rolling. Today's short legs bought back and sold again further out: credit, theta and margin before and "
        "after. In one article it also means looking at earlier regimes.",
        ("ALVH_ROLL",),
        ("Adjust",),
    ),
    Term(
        "Time Value (Extrinsic Value)",
        ("Time Value", "Extrinsic Value"),
        COMPUTED,
        "An option's price less what it would pay if it settled at today's forward. It runs off by theta.",
        ("ALVH_SECOND_ENGINE", "ALVH_CASH_PRESS", "ALVH_THETA"),
        ("Condor", "Adjust"),
    ),
    Term(
        "Vega, notional",
        ("notional vega",),
        COMPUTED,
        "The articles' vega of the hedge is our vol exposure: dollars per point of spot VIX, contracts x 100 x delta "
        "x tenor beta. The option's own vega stands beside it and is something else.",
        ("ALVH_LADDER", "ALVH_TENOR_VEGA"),
        ("Ladder", "Sizing"),
    ),
    Term(
        "VIX",
        ("VIX-based", "VIX-related", "VIX Hedging"),
        COMPUTED,
        "Cboe's index of 30-day SPX volatility, in points. It cannot be bought: VIX calls are priced on the future of "
        "their own expiry, which moves less.",
        ("ALVH_VIX_INDEX", "ALVH_FUTURES"),
        ("Market",),
    ),
    Term(
        "VixShield",
        ("Ask VixShield", "VixShield Research Team", "Start Free Trial"),
        BACKGROUND,
        "The publisher of the five articles. This product is not theirs.",
    ),
    Term(
        "Volatility smile",
        (),
        COMPUTED,
        "Implied volatility by strike. Fitted an expiry to the quotes; legs without a quote are priced on it.",
        ("ALVH_SMILE_FIT", "ALVH_SMILE_VOL"),
        ("Condor", "Market"),
    ),
    Term(
        "Volmageddon",
        (),
        BACKGROUND,
        "5 February 2018: VIX from 17.31 to 37.32 in a day. One of the named days.",
        ("ALVH_STRESS",),
        ("Stress", "Claims"),
    ),
    Term(
        "WACC",
        ("Weighted Average Cost of Capital", "Weighted Average Cost of Capital (WACC)"),
        COMPUTED,
        'What equity and debt cost together. The IRR should beat it. A WACC "implied by the hedge cost" is taken as '
        'the hedge\'s drag a year; one "embedded in VIX call premiums" is an analogy.',
        ("ALVH_WACC", "ALVH_HEDGE_DRAG"),
        ("Capital",),
    ),
)
