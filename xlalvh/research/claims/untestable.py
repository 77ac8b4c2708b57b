"""Claims of the seeds that no data here can test, and why."""

from __future__ import annotations

from xlalvh.research.claims.claim import Claim, Kind

UNTESTABLE: tuple[Claim, ...] = (
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
                "margin-offset",
                "edge",
                "margin requirements often remain manageable as the hedge offsets SPX margin spikes",
                "an offset",
                "by Reg-T there is none between SPX and VIX (sheet Capital, ALVH_MARGIN: 0); portfolio margin is each "
                "broker's own, and no data here have it",
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
