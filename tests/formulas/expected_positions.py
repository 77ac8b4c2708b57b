"""What the examples of the Positions group must give, found without the package, as in `expected`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from tests.formulas.plain import tenor_beta
from tests.numerics import oracle
from xlalvh.market.positions.sample import sample_legs

Row = tuple[Any, ...]


def _leg(row: Row) -> list[float]:
    """Value, delta, gamma, vega, theta, rho and the dollars per VIX point, by differentiation at 50 digits."""
    name, quantity, right, strike, years, forward, vol, rate = row
    option = ({"C": 1.0, "P": -1.0}[right], forward, strike, years, vol, rate)
    g = oracle.greeks(*option)
    a_unit = [float(oracle.black(*option)), *(g[k] for k in ("delta", "gamma", "vega", "theta", "rho"))]
    dollars = [100.0 * quantity * x for x in a_unit]
    by_tenor = dollars[3] * (30.0 / (365.0 * years)) ** 0.4
    return [*dollars, dollars[1] * tenor_beta(years) if name == "VIX" else by_tenor]


def _net(book):
    """SPX alone, no XSP: its row and the one of both are the same."""
    legs = [(row[0], _leg(row)) for row in book]

    def sums(*names: str) -> list[float]:
        return [sum(column) for column in zip(*(figures for name, figures in legs if name in names), strict=True)]

    spx, vix, every = sums("SPX"), sums("VIX"), sums("SPX", "VIX")
    header = (
        "underlying",
        "legs",
        "value_dollars",
        "delta_dollars",
        "gamma_dollars",
        "vega_dollars",
        "theta_dollars",
        "rho_dollars",
        "vix_point_dollars",
    )
    return (
        header,
        ("SPX", 4, *spx),
        ("XSP", 0, *[""] * 7),
        ("SPX + XSP", 4, *spx),
        ("VIX", 3, *vix),
        ("Total", 7, every[0], "", "", "", *every[4:]),
    )


def _svi(smile: Row, y: float) -> float:
    a, b, rho, m, sigma = smile
    return a + b * (rho * (y - m) + math.hypot(y - m, sigma))


def _mark(legs, spx_expiries, spx_smiles, spx_time):
    """2023-05-19 16:15 New York; 2023-07-07 lies 49 days less 15 minutes ahead, between the two expiries given."""
    assert spx_time == 45065.677083333336
    (near_years, near_forward), (far_years, far_forward) = ((row[4], row[5]) for row in spx_expiries)
    rows: list[Row] = []
    for group, root, expiry, right, strike, quantity, entry in legs:
        if root == "VIX":
            rows.append((*[""] * 7, "not priced: there are no VIX quotes", *[""] * 15))
            continue
        scale = 10.0 if root == "XSP" else 1.0
        if expiry == spx_expiries[0][1]:
            years, forward, status = near_years, near_forward, "smile of its expiry"
            vol = math.sqrt(_svi(spx_smiles[0], math.log(scale * strike / forward)) / years)
        else:
            years, status = (49.0 - 15.0 / 1440.0) / 365.0, "smile between 2023-06-30 and 2023-07-14"
            share = (years - near_years) / (far_years - near_years)
            forward = near_forward + share * (far_forward - near_forward)
            near, far = (_svi(smile, math.log(scale * strike / forward)) for smile in spx_smiles)
            vol = math.sqrt(((1.0 - share) * near + share * far) / years)
        row = (root, quantity, right, strike, years, forward / scale, vol, 0.05)
        value, delta, gamma, vega, theta, *_ = _leg(row)
        price = value / (100.0 * quantity)
        dollars = (value, 100.0 * quantity * (price - entry), delta, gamma, vega, theta)
        underlying = {"SPXW": "SPX", "XSP": "XSP"}[root]
        book = (group, root, expiry, entry, underlying, *row[1:])
        rows.append(("model", *dollars, status, *book, price, "", ""))
    header = (
        *("price_from", "value_dollars", "pnl_dollars", "delta_dollars", "gamma_dollars", "vega_dollars"),
        *("theta_dollars", "status", "group", "root", "expiry", "entry", "underlying", "quantity", "right", "strike"),
        *("years", "forward", "vol", "rate", "price", "bid", "ask"),
    )
    return header, *rows


def _positions(refresh):
    """The sample's first and last leg, written out; those between are read."""
    assert refresh == "sample"
    rows = [("sample" if not leg.group else f"sample: {leg.group}", *_told(leg), "") for leg in sample_legs()]
    assert rows[0] == ("sample: condor Feb", "SPXW", 46080.0, "P", 6450.0, 10.0, 27.9, "")
    assert rows[-1] == ("sample: XSP puts", "XSP", 46080.0, "P", 650.0, -20.0, 3.05, "")
    return ("group", "root", "expiry", "right", "strike", "quantity", "entry", "imported"), *rows


def _told(leg: Any) -> Row:
    root, expiry, right, strike = leg.contract
    return root, float((expiry - dt.date(1899, 12, 30)).days), right, strike, leg.quantity, leg.entry


def _stack(height, first, second):
    assert height == 5.0
    return first[0], first[2], second[0], ("", ""), ("", "")


def _by_group(group, figures, height):
    assert (group, height) == (("condor", "hedge", "condor"), 4.0)
    (a, b), (c, _), (d, e) = figures
    return ("condor", 2.0, a + d, b + e), ("hedge", 1.0, c, ""), *[("",) * 4] * 2


def _ticket(group, root, expiry, right, strike, quantity, bid, ask):
    """Mid 17.2 + 15.1 - 14.25 - 8.35 = 9.7; natural 17 + 14.9 - 14.4 - 8.5 = 9."""
    return (
        ("SELL -10 IRON CONDOR SPX 100 (Weeklys) 23 JUN 23 4350/4400/3950/3900 CALL/PUT @9.70 LMT",),
        ("limit 9.70 credit a spread from mid 9.700; natural 9.00 credit; all: $9,700 received",),
        ("buy 10 SPXW 23 JUN 23 3900 put to open (bid 14.10, ask 14.40)",),
        ("sell 10 SPXW 23 JUN 23 3950 put to open (bid 17.00, ask 17.40)",),
        ("sell 10 SPXW 23 JUN 23 4350 call to open (bid 14.90, ask 15.30)",),
        ("buy 10 SPXW 23 JUN 23 4400 call to open (bid 8.20, ask 8.50)",),
    )


FINDERS: dict[str, Callable[..., Any]] = {
    "ALVH_NET": _net,
    "ALVH_MARK": _mark,
    "ALVH_POSITIONS": _positions,
    "ALVH_STACK": _stack,
    "ALVH_BY_GROUP": _by_group,
    "ALVH_TICKET": _ticket,
}
