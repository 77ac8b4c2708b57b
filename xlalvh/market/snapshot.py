"""One snapshot from the chains of SPX and VIX and a futures curve, checked against each other's time."""

from __future__ import annotations

import datetime as dt

from xlalvh.market.calendar import to_new_york
from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, QuoteError, Snapshot


def combine(
    spx: ChainSnapshot,
    vix: ChainSnapshot | None = None,
    futures: FuturesCurve | None = None,
    *,
    stale: dt.timedelta = dt.timedelta(minutes=15),
    refuse: dt.timedelta = dt.timedelta(days=5),
) -> Snapshot:
    """Put the parts together.

    Parameters
    ----------
    stale, refuse : timedelta
        Parts whose market times differ from SPX's by more are flagged, or refused.

    Raises
    ------
    QuoteError
        Where a part is of the wrong underlying, or differs by more than `refuse`; names both times.
    """
    if spx.chain.underlying != "SPX":
        raise QuoteError(f"{spx.source} holds {spx.chain.underlying} options; give an SPX quote table with --quotes")
    if vix is not None and vix.chain.underlying != "VIX":
        raise QuoteError(f"{vix.source} holds {vix.chain.underlying} options; give a VIX quote table with --vix-quotes")
    warnings = []
    for name, part in (("VIX options", vix), ("VIX futures", futures)):
        if part is None:
            continue
        gap = abs(part.market_time - spx.market_time)
        times = f"SPX options are of {_say(spx.market_time)}, {name} of {_say(part.market_time)}"
        if gap > refuse:
            raise QuoteError(f"{times}: more than {_span(refuse)} apart; give files of one time")
        if gap > stale:
            warnings.append(f"{times}: {_span(gap)} apart")
    return Snapshot(spx, vix, futures, tuple(warnings))


def _say(when: dt.datetime) -> str:
    return f"{to_new_york(when):%Y-%m-%d %H:%M} New York"


def _span(gap: dt.timedelta) -> str:
    minutes = round(gap.total_seconds() / 60.0)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 2880 else f"{minutes / 1440:.1f} days"
