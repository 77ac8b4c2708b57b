"""Orders: what of them cannot be booked, and whether their quotes are of now."""

from __future__ import annotations

import datetime as dt
import json

import msgspec
import pytest

from tests.research.paper.desks import CLOSE, JULY, NEW_YORK, order, spx
from xlalvh.market import calendar
from xlalvh.research.paper.contracts import Contract, PaperError, cents, from_symbol, points
from xlalvh.research.paper.order import Leg, account, read

MINUTE = dt.timedelta(minutes=1)


def leg(**changed: object) -> Leg:
    given = {"contracts": -10.0, "bid": 12.1, "ask": 12.4, **changed}
    return Leg("condor", "SPXW", JULY, "P", 4000.0, **given)


def test_sold_at_the_bid_bought_at_the_ask_carried_at_the_mid() -> None:
    sold, bought = leg().fill("condor", 150), leg(contracts=4.0).fill("condor", 150)
    assert (sold.quantity, sold.cents, sold.how, sold.fee, sold.mark) == (-10, 121_000, "bid", 1500, 122_500)
    assert (bought.quantity, bought.cents, bought.how, bought.fee) == (4, 124_000, "ask", 600)


def test_one_side_is_enough_to_trade_on_it_and_then_carries_the_position() -> None:
    fill = leg(contracts=10.0, bid=None, ask=0.05).fill("condor", 150)
    assert (fill.cents, fill.mark) == (500, None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"contracts": 2.5}, "2.5 contracts cannot be traded"),
        ({"contracts": 0.0}, "0 contracts"),
        ({"contracts": 1e9}, "cannot be traded"),
        ({"bid": None}, "no bid in these quotes: it cannot be sold"),
        ({"bid": 0.0}, "no bid"),
        ({"contracts": 1.0, "ask": None}, "no ask in these quotes: it cannot be bought"),
        ({"bid": 12.5}, "bid 12.5 is above its ask 12.4"),
    ],
)
def test_what_cannot_be_traded(changed: dict[str, object], said: str) -> None:
    with pytest.raises(PaperError, match=said):
        leg(**changed).fill("condor", 150)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: o.pop("spx_time"),
        lambda o: o.update(legs=[]),
        lambda o: o.update(more=1),
        lambda o: o["legs"][0].update(strike="4000"),
        lambda o: o["legs"][0].update(expiry="soon"),
        lambda o: o["legs"][0].update(strategy="=cmd()"),
        lambda o: o.update(spx_time="2023-05-19T16:15:00+00:00"),
    ],
)
def test_an_order_that_cannot_be_read_says_so(spoil: object) -> None:
    found = json.loads(msgspec.json.encode(order()))
    assert len(read(json.dumps(found)).legs) == 7
    spoil(found)
    with pytest.raises(PaperError):
        read(json.dumps(found))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"legs": 1}'])
def test_junk_is_no_order(text: str) -> None:
    with pytest.raises(PaperError, match="cannot be read"):
        read(text)


def test_quotes_of_now_go_to_the_market_ledger_and_old_ones_are_refused() -> None:
    """On a Friday at 16:15 the session has ended: its end is the newest that can be had until Monday's opens."""
    last = calendar.from_new_york(dt.datetime(2023, 5, 22, 9, 29))
    for now in (CLOSE, CLOSE + 20 * MINUTE, CLOSE + dt.timedelta(days=2), last):
        assert account(order(), now) == "market"
    monday = calendar.from_new_york(dt.datetime(2023, 5, 22, 10, 30))
    with pytest.raises(PaperError, match=r"2023-05-19 16:15 New York, and those of 2023-05-22 10:15 .*refresh first"):
        account(order(), monday)
    assert account(order(), monday, replay=True) == "replay"


def test_within_a_session_the_patience_counts_from_the_delay() -> None:
    quotes = order(time=dt.datetime(2023, 5, 18, 11, 0))
    at = calendar.from_new_york(quotes.spx_time)
    assert account(quotes, at + 45 * MINUTE) == "market"
    with pytest.raises(PaperError, match="Old quotes are never booked as new"):
        account(quotes, at + 46 * MINUTE)
    assert account(order(time=dt.datetime(2023, 5, 18, 11, 0), stale_minutes=31.0), at + 46 * MINUTE) == "market"


@pytest.mark.parametrize("replay", [False, True])
def test_quotes_ahead_of_the_clock_are_refused(replay: bool) -> None:
    with pytest.raises(PaperError, match="ahead of this computer's clock"):
        account(order(), CLOSE - 10 * MINUTE, replay=replay)


def test_the_sample_has_a_ledger_of_its_own_at_any_time() -> None:
    sample = msgspec.structs.replace(order(), sample=True)
    assert account(sample, CLOSE + dt.timedelta(days=900), replay=True) == "sample"


def test_spx_and_vix_of_two_times_are_not_traded_together_but_each_alone() -> None:
    apart = msgspec.structs.replace(order(), vix_time=NEW_YORK - 16 * MINUTE)
    with pytest.raises(PaperError, match="more than 15 minutes apart"):
        apart.at()
    assert apart.only("condor").at() == CLOSE
    assert apart.only("ladder").at() == CLOSE - 16 * MINUTE
    with pytest.raises(PaperError, match="no wheel"):
        apart.only("wheel")
    with pytest.raises(PaperError, match="VIX quotes have no time"):
        msgspec.structs.replace(order(), vix_time=None).at()


def test_symbols_go_there_and_back() -> None:
    for contract in (spx(4000.5), Contract("VIX", JULY, "C", 21.0), Contract("XSP", JULY, "P", 400.0)):
        assert from_symbol(contract.symbol) == contract
    for text in ("", "SPXW", "SPXW231307P04000000", "AAPL230707C00100000", "SPXW230707X04000000"):
        with pytest.raises(PaperError):
            from_symbol(text)


def test_prices_in_cents() -> None:
    assert cents(0.415) == 4150
    assert points(4150) == 0.415
