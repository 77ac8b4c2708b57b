"""Order tickets: thinkorswim's line where the legs make one of its orders, increments, mid and natural price."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlalvh.market.positions.legs import Contract
from xlalvh.strategy.ticket import Order, tick, ticket

JUNE = dt.date(2023, 6, 23)


def leg(
    right: str, strike: float, quantity: float, bid: float | None, ask: float | None, root: str = "SPXW", day=JUNE
) -> Order:
    return Order(Contract(root, day, right, strike), quantity, bid, ask)


CONDOR = [
    leg("P", 3900.0, 10.0, 14.1, 14.4),
    leg("P", 3950.0, -10.0, 17.0, 17.4),
    leg("C", 4350.0, -10.0, 14.9, 15.3),
    leg("C", 4400.0, 10.0, 8.2, 8.5),
]


def reversed_(orders: list[Order]) -> list[Order]:
    return [order._replace(quantity=-order.quantity) for order in orders]


def test_condor_sold() -> None:
    """Mid 17.2 + 15.1 - 14.25 - 8.35 = 9.7; natural 17 + 14.9 - 14.4 - 8.5 = 9.0."""
    lines = ticket(CONDOR)
    assert lines[0] == "SELL -10 IRON CONDOR SPX 100 (Weeklys) 23 JUN 23 4350/4400/3950/3900 CALL/PUT @9.70 LMT"
    assert lines[1] == "limit 9.70 credit a spread from mid 9.700; natural 9.00 credit; all: $9,700 received"
    assert lines[2] == "buy 10 SPXW 23 JUN 23 3900 put to open (bid 14.10, ask 14.40)"
    assert len(lines) == 6


def test_condor_bought_back() -> None:
    lines = ticket(reversed_(CONDOR), opens=False)
    assert lines[0] == "BUY +10 IRON CONDOR SPX 100 (Weeklys) 23 JUN 23 4350/4400/3950/3900 CALL/PUT @9.70 LMT"
    assert "natural 10.40 debit" in lines[1]
    assert lines[2].startswith("sell 10 SPXW 23 JUN 23 3900 put to close")


def test_verticals() -> None:
    assert ticket(CONDOR[:2])[0] == "SELL -10 VERTICAL SPX 100 (Weeklys) 23 JUN 23 3950/3900 PUT @2.95 LMT"
    assert ticket(reversed_(CONDOR[:2]))[0] == "BUY +10 VERTICAL SPX 100 (Weeklys) 23 JUN 23 3950/3900 PUT @2.95 LMT"


def test_what_makes_no_spread_goes_leg_by_leg() -> None:
    uneven = [CONDOR[0], CONDOR[1]._replace(quantity=-9.0)]
    both_long = [CONDOR[0], CONDOR[1]._replace(quantity=10.0)]
    for orders in (uneven, both_long, CONDOR[:3], [CONDOR[0], leg("P", 21.0, -10.0, 1.0, 1.1, "VIX")]):
        lines = ticket(orders)
        assert len(lines) == len(orders) + 1
        assert lines[-1].startswith("net of all legs: mid $")


def test_ladder() -> None:
    """VIX in cents below 3, of two equally near the one better for the buyer; the sum in dollars."""
    lines = ticket(
        [
            leg("C", 22.5, 4.0, 1.80, 1.85, "VIX", dt.date(2023, 6, 21)),
            leg("C", 19.0, 2.0, 3.10, 3.25, "VIX", dt.date(2023, 7, 19)),
            leg("C", 19.0, 3.0, 3.11, 3.15, "VIXW", dt.date(2023, 6, 7)),
        ]
    )
    assert lines[0].startswith("BUY +4 VIX 100 21 JUN 23 22.5 CALL @1.82 LMT   (mid 1.825, natural 1.85)")
    assert lines[1].startswith("BUY +2 VIX 100 19 JUL 23 19 CALL @3.15 LMT")
    assert lines[2].startswith("BUY +3 VIX 100 (Weeklys) 7 JUN 23 19 CALL @3.13 LMT")
    assert lines[3] == "net of all legs: mid $2,304 paid, natural $2,335 paid"


def test_a_missing_quote_leaves_the_limit_to_the_trader() -> None:
    lines = ticket([*CONDOR[:3], CONDOR[3]._replace(bid=None)])
    assert lines[0].endswith("@? LMT")
    assert lines[1] == "set the limit yourself: no two-sided quote of 4400 CALL"
    lines = ticket([CONDOR[0]._replace(ask=None), CONDOR[2]])
    assert "@? LMT" in lines[0]
    assert lines[-1] == "net price: unknown, 1 of 2 legs have no two-sided quote"


def test_names_of_expiries() -> None:
    """The last session of a quarter is (Quarterlys) there; the monthly one in the morning has no word."""
    assert " SPX 100 (Quarterlys) 30 JUN 23 " in ticket([leg("C", 4300.0, 1.0, 1.0, 1.1, day=dt.date(2023, 6, 30))])[0]
    assert " SPX 100 16 JUN 23 " in ticket([leg("C", 4300.0, 1.0, 1.0, 1.1, "SPX", dt.date(2023, 6, 16))])[0]
    assert " XSP 100 16 JUN 23 " in ticket([leg("C", 430.0, 1.0, 1.0, 1.1, "XSP", dt.date(2023, 6, 16))])[0]


@pytest.mark.parametrize(
    ("root", "price", "spread", "step"),
    [
        ("SPXW", 2.99, False, 0.05),
        ("SPX", 3.0, False, 0.10),
        ("SPXW", 12.0, True, 0.05),
        ("XSP", 12.0, False, 0.01),
        ("VIX", 2.99, False, 0.01),
        ("VIX", 3.0, False, 0.05),
        ("VIX", 5.0, True, 0.01),
        ("VIXW", 5.0, False, 0.01),
    ],
)
def test_increments(root: str, price: float, spread: bool, step: float) -> None:
    assert tick(root, price, spread=spread) == step


@given(
    st.floats(0.05, 60.0), st.floats(0.0, 2.0), st.sampled_from([-3.0, 5.0]), st.sampled_from(["SPXW", "VIX", "XSP"])
)
def test_the_limit_is_an_increment_within_half_of_one_from_the_mid(bid, width, quantity, root) -> None:
    line = ticket([leg("C", 100.0, quantity, bid, bid + width, root)])[0]
    limit, mid = float(line.split("@")[1].split()[0]), bid + 0.5 * width
    step = tick(root, mid)
    assert abs(limit / step - round(limit / step)) < 1e-6
    assert abs(limit - mid) <= 0.5 * step + 1e-9 or limit == step
