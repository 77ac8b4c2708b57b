"""What is to be booked: legs with the quotes that a trader saw, and whether those quotes are of now.

An order is JSON, from a workbook or a program::

    {"spx_time": "2026-01-14T15:45", "vix_time": "2026-01-14T15:45", "source": "Cboe", "sample": false,
     "legs": [{"strategy": "condor", "root": "SPXW", "expiry": "2026-02-27", "right": "P", "strike": 4500,
               "contracts": -10, "bid": 12.1, "ask": 12.4}]}

Times are New York's, prices points a unit; a price that is missing is null.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from xlalvh.market import calendar
from xlalvh.market.quotes import plain
from xlalvh.research.paper.contracts import Contract, PaperError, cents
from xlalvh.research.paper.ledger import Fill
from xlalvh.strategy import rules

_CLOCKS = dt.timedelta(minutes=5)  # that two clocks may differ
_MOST = 100_000  # contracts
_STRATEGY = re.compile(r"[a-z][a-z0-9 _-]{0,29}")


class Leg(msgspec.Struct, forbid_unknown_fields=True):
    """One contract of an order."""

    strategy: str
    root: str
    expiry: dt.date
    right: str
    strike: float
    contracts: float  # + long, - short
    bid: float | None
    ask: float | None

    def contract(self) -> Contract:
        """The contract; `PaperError` where there can be none."""
        return Contract(self.root, self.expiry, self.right, self.strike)

    def fill(self, trade: int | str, fee: int) -> Fill:
        """Bought at the ask or sold at the bid, and carried at the mid.

        Raises
        ------
        PaperError
            For a part of a contract, a price that is missing, and a bid above the ask.
        """
        contract = self.contract()
        if not 0 < abs(self.contracts) <= _MOST or self.contracts != int(self.contracts):
            raise PaperError(
                f"{contract}: {self.contracts:g} contracts cannot be traded; a whole number other than 0 can. "
                "Choose lots or units that give whole contracts"
            )
        count = int(self.contracts)
        bid, ask = (price if price is not None and price > 0.0 else None for price in (self.bid, self.ask))
        if bid is not None and ask is not None and bid > ask:
            raise PaperError(f"{contract}: its bid {bid:g} is above its ask {ask:g}; refresh, or choose another strike")
        price, how = (ask, "ask") if count > 0 else (bid, "bid")
        if price is None:
            raise PaperError(f"{contract} has no {how} in these quotes: it cannot be {_verb(count)} now")
        mid = cents(0.5 * (bid + ask)) if bid is not None and ask is not None else None
        return Fill(trade, contract, count, cents(price), how, fee * abs(count), mid)


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """Legs, and the quotes that they are to be booked at."""

    spx_time: dt.datetime  # New York wall time of the SPX quotes
    vix_time: dt.datetime | None
    source: str
    sample: bool
    legs: list[Leg]
    fee: float = rules.default("cost_contract")  # dollars a contract
    stale_minutes: float = rules.default("paper_stale_minutes")
    apart_minutes: float = rules.default("paper_apart_minutes")

    def strategies(self) -> list[str]:
        """The strategies in order of appearance."""
        return list(dict.fromkeys(leg.strategy for leg in self.legs))

    def only(self, strategy: str) -> Order:
        """The order with the legs of one strategy.

        Raises
        ------
        PaperError
            Where it has none.
        """
        legs = [leg for leg in self.legs if leg.strategy == strategy]
        if not legs:
            raise PaperError(f"there is no {strategy} to book here: {', '.join(self.strategies()) or 'no legs'}")
        return msgspec.structs.replace(self, legs=legs)

    def fee_cents(self) -> int:
        """Cents a contract."""
        if not 0.0 <= self.fee <= 1000.0:
            raise PaperError(f"costs of {self.fee:g} dollars a contract cannot be; give 0 to 1000")
        return round(self.fee * 100.0)

    def at(self) -> dt.datetime:
        """Market time of the quotes that are used; aware, UTC.

        Raises
        ------
        PaperError
            Where SPX and VIX quotes are too far apart to be traded together, or VIX quotes have no time.
        """
        on_vix = [leg.contract().underlying == "VIX" for leg in self.legs]
        if not any(on_vix):
            return calendar.from_new_york(self.spx_time)
        if self.vix_time is None:
            raise PaperError("the VIX quotes have no time; refresh them")
        if all(on_vix):
            return calendar.from_new_york(self.vix_time)
        gap = abs(self.spx_time - self.vix_time)
        if gap > dt.timedelta(minutes=self.apart_minutes):
            raise PaperError(
                f"the SPX quotes are of {self.spx_time:%Y-%m-%d %H:%M} and the VIX quotes of "
                f"{self.vix_time:%Y-%m-%d %H:%M} New York: more than {self.apart_minutes:g} minutes apart, so they "
                "cannot be traded together. Refresh, or book one of them with --only"
            )
        return calendar.from_new_york(self.spx_time)


def read(text: str | bytes) -> Order:
    """An order from JSON.

    Raises
    ------
    PaperError
        Naming what is missing or of another kind.
    """
    try:
        found = msgspec.json.decode(text, type=Order)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PaperError(f"the order cannot be read: {error}") from error
    if not found.legs:
        raise PaperError("the order has no legs; the workbook says why on its sheet Paper")
    if any(t is not None and t.tzinfo is not None for t in (found.spx_time, found.vix_time)):
        raise PaperError("the order's times must be New York wall times, without a zone")
    for leg in found.legs:
        if not _STRATEGY.fullmatch(leg.strategy):
            raise PaperError(f"strategy is {leg.strategy!r}; give a word such as condor or ladder")
    found.source = plain(found.source)
    return found


def account(order: Order, now: dt.datetime, *, replay: bool = False) -> str:
    """Where an order belongs: ``sample``, ``replay``, or ``market`` where its quotes are of now.

    Raises
    ------
    PaperError
        For quotes ahead of the clock; and, without `replay`, for older ones than could be had now: in a session those
        of a quarter of an hour ago, otherwise those of the last session's end, each with `stale_minutes` of patience.
    """
    if order.sample:
        return "sample"
    at = order.at()
    if at > now + _CLOCKS:
        raise PaperError(f"the quotes are of {_say(at)}, ahead of this computer's clock; set the clock right")
    if replay:
        return "replay"
    newest = min(now, calendar.market_time(calendar.to_new_york(now)))
    if at < newest - dt.timedelta(minutes=order.stale_minutes):
        raise PaperError(
            f"the quotes are of {_say(at)}, and those of {_say(newest)} could be had: refresh first. Old quotes are "
            "never booked as new ones; --replay books them at their own time, apart from the others"
        )
    return "market"


def _verb(count: int) -> str:
    return "bought" if count > 0 else "sold"


def _say(when: dt.datetime) -> str:
    return f"{calendar.to_new_york(when):%Y-%m-%d %H:%M} New York"
