"""An order ticket as text: a line for thinkorswim where the legs make one of its orders, and the legs in words.

The line follows the form that thinkorswim prints and takes, "SELL -10 IRON CONDOR SPX 100 (Weeklys) 30 JUN 23
4350/4400/3950/3900 CALL/PUT @12.90 LMT": BUY or SELL and the strike named first go together. Limits are the mid rounded
to the exchange's increment (Cboe Rule 5.4): SPX 0.05 below 3 and 0.10 from it, spreads 0.05; VIX 0.01 below 3 and 0.05
from it, VIXW, XSP and spreads on VIX 0.01.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from xlalvh.market import calendar
from xlalvh.market.positions.legs import Contract, is_monthly
from xlalvh.strategy.book import MULTIPLIER

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WORDS = {"C": "CALL", "P": "PUT"}
_LOW = 3.0  # points, where the coarse increment begins


class Order(NamedTuple):
    """One leg to trade."""

    contract: Contract
    quantity: float  # contracts, + to buy and - to sell
    bid: float | None  # points; None where there is no quote
    ask: float | None


class Price(NamedTuple):
    """Of a spread or an option a unit, points: above 0 paid, below 0 received."""

    mid: float
    natural: float  # crossing every spread


def ticket(orders: Sequence[Order], *, opens: bool = True) -> list[str]:
    """The ticket's lines: the order or orders, then the price in words, then the legs of a spread.

    Parameters
    ----------
    orders : sequence of Order
        With the quantities to trade.
    opens : bool
        Whether the legs are said to be opened or closed.
    """
    shape = _shape(orders)
    if not shape:
        return [*(_single(order) for order in orders), _total(orders)]
    first, count, strikes, rights = shape
    price = _price(orders, count)
    head = orders[0].contract
    name = "VERTICAL" if len(orders) == 2 else "IRON CONDOR"
    buys = first.quantity > 0.0
    limit = None if price is None else _limit(price.mid, tick(head.root, abs(price.mid), spread=True))
    text = (
        f"{_side(buys, count)} {name} {_product(head)} {'/'.join(f'{k:g}' for k in strikes)} {rights} "
        f"@{_shown(limit, buys)} LMT"
    )
    return [text, _explained(price, limit, count, orders), *(_in_words(order, opens) for order in orders)]


def tick(root: str, price: float, *, spread: bool = False) -> float:
    """The exchange's increment for a price in points."""
    if root in ("XSP", "VIXW") or (root == "VIX" and spread):
        return 0.01
    if root == "VIX":
        return 0.01 if price < _LOW else 0.05
    return 0.05 if spread or price < _LOW else 0.10


def _shape(orders: Sequence[Order]) -> tuple[Order, int, list[float], str] | None:
    """First leg, count, strikes and rights of a vertical or an iron condor; None for anything else."""
    heads = {(o.contract.root, o.contract.expiry) for o in orders}
    counts = {abs(o.quantity) for o in orders}
    if len(heads) != 1 or len(counts) != 1 or len(orders) not in (2, 4) or not float(min(counts)).is_integer():
        return None
    sides = {right: sorted((o for o in orders if o.contract.right == right), key=_strike) for right in ("C", "P")}
    calls, puts = sides["C"], sides["P"]
    if any(len(side) not in (0, 2) or (side and side[0].quantity * side[1].quantity > 0.0) for side in sides.values()):
        return None
    if any(len({o.contract.strike for o in side}) != len(side) for side in sides.values()):
        return None
    count = int(min(counts))
    if len(orders) == 2:
        side = calls or puts
        price = _price(orders, count)
        pays = price.mid >= 0.0 if price is not None else False
        ordered = sorted(side, key=lambda o: (o.quantity > 0.0) != pays)
        return ordered[0], count, [o.contract.strike for o in ordered], _WORDS[ordered[0].contract.right]
    inner = [calls[0], puts[1]]
    if not puts[1].contract.strike <= calls[0].contract.strike or inner[0].quantity * inner[1].quantity < 0.0:
        return None
    ordered = [calls[0], calls[1], puts[1], puts[0]]
    # A condor sold is named by its short options, a condor bought back too: BUY then goes with them.
    return ordered[0], count, [o.contract.strike for o in ordered], "CALL/PUT"


def _strike(order: Order) -> float:
    return order.contract.strike


def _price(orders: Sequence[Order], count: float) -> Price | None:
    """Of one spread; None where a leg has no two-sided quote."""
    mid = natural = 0.0
    for order in orders:
        if order.bid is None or order.ask is None or order.bid > order.ask:
            return None
        share = order.quantity / count
        mid += share * 0.5 * (order.bid + order.ask)
        natural += share * (order.ask if share > 0.0 else order.bid)
    return Price(mid, natural)


def _limit(mid: float, step: float) -> float:
    """The nearest increment, of two equally near the one better for the trader; one increment at least."""
    size = abs(mid) / step
    nearest = math.floor(size + 0.5 - 1e-9) if mid > 0.0 else math.floor(size + 0.5 + 1e-9)
    return math.copysign(max(nearest, 1) * step, mid)


def _shown(limit: float | None, buys: bool) -> str:
    """The price of a line: its sign goes with BUY and SELL, and only a price against them keeps it."""
    if limit is None:
        return "?"
    return f"{abs(limit):.2f}" if (limit > 0.0) == buys else f"-{abs(limit):.2f}"


def _side(buys: bool, count: float) -> str:
    return f"BUY +{count:g}" if buys else f"SELL -{count:g}"


def _single(order: Order) -> str:
    one = order.contract
    buys, count = order.quantity > 0.0, abs(order.quantity)
    price = _price([order], count)
    mid = None if price is None else abs(price.mid)
    limit = None if mid is None else _limit(mid if buys else -mid, tick(one.root, mid))
    line = f"{_side(buys, count)} {_product(one)} {one.strike:g} {_WORDS[one.right]} @{_shown(limit, buys)} LMT"
    if price is None:
        return f"{line}   (no two-sided quote: set the limit yourself)"
    return f"{line}   (mid {mid:.3f}, natural {abs(price.natural):.2f})"


def _total(orders: Sequence[Order]) -> str:
    missing = [o for o in orders if _price([o], abs(o.quantity)) is None]
    if missing:
        return f"net price: unknown, {len(missing)} of {len(orders)} legs have no two-sided quote"
    price = _price(orders, 1.0)
    assert price is not None
    return f"net of all legs: mid {_dollars(price.mid)}, natural {_dollars(price.natural)}"


def _explained(price: Price | None, limit: float | None, count: int, orders: Sequence[Order]) -> str:
    if price is None or limit is None:
        blank = [o.contract for o in orders if _price([o], abs(o.quantity)) is None]
        which = ", ".join(f"{c.strike:g} {_WORDS[c.right]}" for c in blank)
        return f"set the limit yourself: no two-sided quote of {which}"
    return (
        f"limit {_points(limit)} a spread from mid {abs(price.mid):.3f}; natural {_points(price.natural)}; "
        f"all: {_dollars(count * limit)}"
    )


def _points(value: float) -> str:
    return f"{abs(value):.2f} {'debit' if value > 0.0 else 'credit'}"


def _dollars(points: float) -> str:
    return f"${abs(points) * MULTIPLIER:,.0f} {'paid' if points > 0.0 else 'received'}"


def _in_words(order: Order, opens: bool) -> str:
    one = order.contract
    quote = "no quote" if order.bid is None or order.ask is None else f"bid {order.bid:.2f}, ask {order.ask:.2f}"
    return (
        f"{'buy' if order.quantity > 0.0 else 'sell'} {abs(order.quantity):g} {one.root} {_day(one.expiry)} "
        f"{one.strike:g} {_WORDS[one.right].lower()} to {'open' if opens else 'close'} ({quote})"
    )


def _product(one: Contract) -> str:
    symbol = {"SPXW": "SPX", "VIXW": "VIX"}.get(one.root, one.root)
    weekly = one.root in ("SPXW", "VIXW") or (one.root == "XSP" and not is_monthly("SPX", one.expiry))
    tag = "" if not weekly else "(Quarterlys) " if one.root != "VIXW" and _ends_quarter(one.expiry) else "(Weeklys) "
    return f"{symbol} {MULTIPLIER:g} {tag}{_day(one.expiry)}"


def _day(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day:%y}"


def _ends_quarter(day: dt.date) -> bool:
    """Whether a day is a quarter's last session."""
    if day.month % 3:
        return False
    after = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day == calendar.previous_session(after)
