"""What the examples of the Positions group must give, found without the package, as in `expected`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.formulas.plain import tenor_beta
from tests.numerics import oracle

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


FINDERS: dict[str, Callable[..., Any]] = {"ALVH_NET": _net}
