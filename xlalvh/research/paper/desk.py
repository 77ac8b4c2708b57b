"""What a paper trader does: book, mark, close, adjust, roll, expire. Each is one entry of the ledger, or none."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xlalvh.market import calendar
from xlalvh.research.paper.contracts import Contract, PaperError, cents
from xlalvh.research.paper.ledger import Fill, Held, Ledger, Mark, State, Written
from xlalvh.research.paper.order import Order
from xlalvh.research.paper.order import account as account_of
from xlalvh.research.paper.prices import Prices
from xlalvh.strategy import rules

if TYPE_CHECKING:
    from xlalvh.market.store import Store

Settlements = Mapping[tuple[str, dt.date], float]  # root and expiry to what it settled at, points

_VIX_LEVELS = (5.0, 200.0)
_FAR = 0.6  # a settlement further than this from the strike is a slip of the keyboard


class Marked(NamedTuple):
    """What a mark did."""

    written: Written | None  # None where these quotes had been marked before
    at: dt.datetime
    by: dict[str, int]  # positions by where their mark comes from


def book(ledger: Ledger, order: Order, *, again: bool = False, replay: bool = False) -> Written:
    """Book an order, a trade a strategy, at the quotes that it brings.

    The same position is not booked twice: while a trade of the same strategy with the same contracts is open, another
    is refused, unless `again`. Of two processes that try at once, one is refused.

    Raises
    ------
    PaperError
        As `Order.at`, `account` of the order, and `Leg.fill` say; for a contract that has settled; and for a position
        that is open already.
    """
    where, at, fee = account_of(order, ledger.clock(), replay=replay), order.at(), order.fee_cents()
    fills = [leg.fill(leg.strategy, fee) for leg in order.legs]
    _must_trade(fills, at)
    _must_differ(fills)

    def decide(state: State) -> tuple[list[Fill], str]:
        if not again:
            for strategy in order.strategies():
                twin = _twin(state, strategy, [f for f in fills if f.trade == strategy])
                if twin is not None:
                    raise PaperError(
                        f"this {strategy} is open already as trade {twin}, with the same contracts; nothing was "
                        "booked. To hold it twice, book with --again"
                    )
        return fills, "again" if again else ""

    return _written(ledger.enter(where, "book", at, order.source, decide))


def mark(ledger: Ledger, prices: Prices, account: str) -> Marked:
    """Carry every open position at its mid, at the model's price where there is no mid, else at its last mark.

    Raises
    ------
    PaperError
        For quotes older than the account's last entry, and for the sample's outside its own account.
    """
    _must_fit(prices, account)
    by: dict[str, int] = {}

    def decide(state: State) -> tuple[list[Mark], str]:
        moves = [_mark(held, prices) for held in state.held.values()]
        for move in moves:
            by[move.how] = by.get(move.how, 0) + 1
        same = all((m.cents, m.how) == (state.held[m.trade, m.contract].mark, m.how) for m in moves)
        if same and state.last == prices.at:
            return [], ""
        return moves, ", ".join(f"{count} {how}" for how, count in sorted(by.items()))

    return Marked(ledger.enter(account, "mark", prices.at, prices.source, decide), prices.at, by)


def close(
    ledger: Ledger, prices: Prices, account: str, trade: int, contracts: Sequence[Contract] = (), right: str = ""
) -> Written:
    """Close a trade at bid or ask: all of it, the given contracts, or its puts or calls (leg out of a wing).

    Raises
    ------
    PaperError
        For a trade that holds none of them, and for a contract that cannot be traded at these quotes.
    """
    _must_fit(prices, account)

    def decide(state: State) -> tuple[list[Fill], str]:
        held = _holding(state, trade)
        wanted = [h for h in held if (h.contract in contracts or not contracts) and h.contract.right in (right or "CP")]
        missing = [str(c) for c in contracts if c not in [h.contract for h in held]]
        if missing or not wanted:
            raise PaperError(f"trade {trade} holds no {', '.join(missing) or {'P': 'put', 'C': 'call'}[right]}")
        return [_closing(h, prices) for h in wanted], "" if len(wanted) == len(held) else "a part"

    return _written(ledger.enter(account, "close", prices.at, prices.source, decide))


def adjust(ledger: Ledger, prices: Prices, account: str, trade: int, legs: Sequence[tuple[int, Contract]]) -> Written:
    """Add contracts to an open trade at bid or ask, as a VIX call spread for a tested wing.

    Raises
    ------
    PaperError
        As `close`.
    """
    _must_fit(prices, account)
    fee = round(rules.default("cost_contract") * 100.0)

    def decide(state: State) -> tuple[list[Fill], str]:
        _holding(state, trade)
        fills = []
        for count, contract in legs:
            price, how = prices.fill(contract, count)
            mid = prices.quote(contract).mid
            carried = cents(mid) if math.isfinite(mid) else None
            fills.append(Fill(trade, contract, count, cents(price), how, fee * abs(count), carried))
        return fills, ""

    return _written(ledger.enter(account, "adjust", prices.at, prices.source, decide))


def roll(ledger: Ledger, prices: Prices, trade: int, order: Order, *, replay: bool = False) -> Written:
    """Close a trade and open the order's legs of the same strategy, in one entry.

    Raises
    ------
    PaperError
        As `close` and `book`; where the order has no such strategy, or the same contracts; and where the quotes to
        close at are of another time than the order's.
    """
    account = account_of(order, ledger.clock(), replay=replay)
    _must_fit(prices, account)
    fee = order.fee_cents()

    def decide(state: State) -> tuple[list[Fill], str]:
        held = _holding(state, trade)
        strategy = held[0].strategy
        fresh = order.only(strategy)
        gap = abs(fresh.at() - prices.at)
        if gap > dt.timedelta(minutes=order.apart_minutes):
            raise PaperError(
                f"the {strategy} to open is quoted {gap.total_seconds() / 60:.0f} minutes apart from the one to close; "
                "refresh both, or give files with --quotes"
            )
        opened = [leg.fill(strategy, fee) for leg in fresh.legs]
        _must_trade(opened, prices.at)
        _must_differ(opened)
        if _twin(state, strategy, opened) is not None:
            raise PaperError(f"the {strategy} to open has the contracts of an open trade: there is nothing to roll")
        return [*(_closing(h, prices) for h in held), *opened], f"from trade {trade}"

    return _written(ledger.enter(account, "roll", prices.at, prices.source, decide))


def expire(ledger: Ledger, account: str, settlements: Settlements, source: str) -> list[Written]:
    """Settle what has settled in cash, free of costs, an entry a settlement; what has no given value stays open.

    Parameters
    ----------
    settlements : mapping
        The exchange's values in points: the close for SPXW and XSP, the opening settlement for SPX, VIX and VIXW. None
        is ever guessed.

    Raises
    ------
    PaperError
        For a value of what is not open or has not settled yet, and for one that no such settlement can have.
    """
    now = ledger.clock()
    state = ledger.state(account)
    open_now = {(h.contract.root, h.contract.expiry) for h in state.held.values()}
    for key, value in settlements.items():
        root, expiry = key
        if key not in open_now:
            raise PaperError(f"the {account} ledger holds no {root} of {expiry}")
        if calendar.settlement(root, expiry) > now:
            raise PaperError(f"{root} of {expiry} has not settled yet")
        _must_be_a_level(
            value, [h.contract for h in state.held.values() if (h.contract.root, h.contract.expiry) == key]
        )
    entries = []
    for key in sorted(settlements, key=lambda k: calendar.settlement(*k)):
        level = settlements[key]

        def decide(state: State, key: tuple[str, dt.date] = key, level: float = level) -> tuple[list[Fill], str]:
            held = [h for h in state.held.values() if (h.contract.root, h.contract.expiry) == key]
            return [_settled(h, level) for h in held], f"{key[0]} of {key[1]} settled at {level:g}"

        last = ledger.state(account).last
        at = max(calendar.settlement(*key), last) if last is not None else calendar.settlement(*key)
        written = ledger.enter(account, "expire", at, source, decide)
        if written is not None:
            entries.append(written)
    return entries


def _mark(held: Held, prices: Prices) -> Mark:
    gap = abs(prices.time_of(held.contract) - prices.at)
    if gap > dt.timedelta(minutes=rules.default("paper_apart_minutes")):
        return Mark(held.trade, held.contract, held.mark, "quotes of another time: last mark")
    price, how = prices.mark(held.contract)
    return Mark(held.trade, held.contract, cents(price) if math.isfinite(price) else held.mark, how)


def _closing(held: Held, prices: Prices) -> Fill:
    gap = abs(prices.time_of(held.contract) - prices.at)
    if gap > dt.timedelta(minutes=rules.default("paper_apart_minutes")):
        raise PaperError(f"{held.contract}: its quotes are of another time than those of SPX; refresh")
    price, how = prices.fill(held.contract, -held.quantity)
    fee = round(rules.default("cost_contract") * 100.0) * abs(held.quantity)
    return Fill(held.trade, held.contract, -held.quantity, cents(price), how, fee)


def _settled(held: Held, level: float) -> Fill:
    sign = 1.0 if held.contract.right == "C" else -1.0
    worth = cents(max(sign * (level - held.contract.strike), 0.0))
    return Fill(held.trade, held.contract, -held.quantity, worth, f"settled at {level:g}")


def _holding(state: State, trade: int) -> list[Held]:
    held = state.of(trade)
    if not held:
        known = ", ".join(str(n) for n in dict.fromkeys(h.trade for h in state.held.values())) or "none"
        raise PaperError(f"trade {trade} is not open in the {state.account} ledger; open are: {known}")
    return held


def _twin(state: State, strategy: str, fills: Sequence[Fill]) -> int | None:
    """An open trade of the strategy that was booked with the same contracts."""
    legs = json.dumps({f.contract.symbol: f.quantity for f in fills}, sort_keys=True)
    still = {h.trade for h in state.held.values()}
    return next(
        (t.number for t in state.trades.values() if (t.strategy, t.legs) == (strategy, legs) and t.number in still),
        None,
    )


def _must_differ(fills: Sequence[Fill]) -> None:
    seen = set()
    for fill in fills:
        key = fill.trade, fill.contract
        if key in seen:
            raise PaperError(f"{fill.contract} stands twice in the {fill.trade}; give it once, with all its contracts")
        seen.add(key)


def _must_trade(fills: Sequence[Fill], at: dt.datetime) -> None:
    for fill in fills:
        if fill.contract.settlement <= at:
            raise PaperError(f"{fill.contract} had settled when these quotes were made; choose a later expiry")


def _must_fit(prices: Prices, account: str) -> None:
    if prices.snapshot.sample != (account == "sample"):
        held = "the sample's quotes are for the sample ledger alone" if prices.snapshot.sample else "real quotes"
        raise PaperError(f"{held}: they are no prices for the {account} ledger")


def _must_be_a_level(value: float, contracts: Sequence[Contract]) -> None:
    first = contracts[0]
    if first.underlying == "VIX":
        good = _VIX_LEVELS[0] <= value <= _VIX_LEVELS[1]
    else:
        good = any(abs(value / c.strike - 1.0) <= _FAR for c in contracts)
    if not (math.isfinite(value) and good):
        raise PaperError(f"{first.root} of {first.expiry} cannot have settled at {value:g}; give the index in points")


def _written(found: Written | None) -> Written:
    assert found is not None  # an entry with moves
    return found


def closes(keys: Sequence[tuple[str, dt.date]], store: Store | None = None) -> dict[tuple[str, dt.date], float]:
    """What p.m. options settled at, by the stored history of SPX; roots that settle at an opening are left out.

    A close counts where the history was fetched after the session had ended.
    """
    from xlalvh.market.store import Store

    found = (store or Store()).history("SPX")
    if found is None:
        return {}
    by_day = dict(zip(found.history.dates.tolist(), found.history.close.tolist(), strict=True))
    return {
        (root, day): by_day[day] * (0.1 if root == "XSP" else 1.0)
        for root, day in keys
        if root in ("SPXW", "XSP") and day in by_day and found.fetched >= calendar.session_end(day)
    }
