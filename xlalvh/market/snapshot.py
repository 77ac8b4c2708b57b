"""One snapshot from the chains of SPX and VIX and a futures curve, checked against each other's time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlalvh.market.calendar import to_new_york
from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, QuoteError, Snapshot
from xlalvh.market.review import review

STALE = dt.timedelta(minutes=15)  # parts further apart are flagged
REFUSED = dt.timedelta(days=5)  # parts further apart are refused


def combine(
    spx: ChainSnapshot,
    vix: ChainSnapshot | None = None,
    futures: FuturesCurve | None = None,
    earlier: Sequence[Snapshot] = (),
) -> Snapshot:
    """Put the parts together and review their quotes; those whose market time is not near SPX's are flagged.

    Parameters
    ----------
    spx, vix : ChainSnapshot
    futures : FuturesCurve, optional
    earlier : sequence of Snapshot
        The ones before, the newest first, as `Store.recent` gives them: quotes that stand still are told by them.

    Raises
    ------
    QuoteError
        Where a part is of the wrong underlying, or its market time too far from SPX's; names both times.
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
        if gap > REFUSED:
            raise QuoteError(f"{times}: more than {_span(REFUSED)} apart; give files of one time")
        if gap > STALE:
            warnings.append(f"{times}: {_span(gap)} apart")
    spx = review(spx, [one.spx for one in earlier])
    if vix is not None:
        vix = review(vix, [one.vix for one in earlier if one.vix is not None])
    return Snapshot(spx, vix, futures, tuple(warnings))


def _say(when: dt.datetime) -> str:
    return f"{to_new_york(when):%Y-%m-%d %H:%M} New York"


def _span(gap: dt.timedelta) -> str:
    minutes = round(gap.total_seconds() / 60.0)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 2880 else f"{minutes / 1440:.1f} days"
