"""The VIX formula: the published white paper's chain, a chain worked by hand, and a flat smile."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
import QuantLib

from xlalvh.numerics import vix_index

MINUTES = 525_600.0


def test_white_paper_of_2009(data: Path) -> None:
    """Near: 930 minutes of today, 510 of the settlement day and 8 days between make 9 days; next 37 days."""
    with (data / "vix_whitepaper" / "whitepaper2009_options.csv").open() as file:
        rows = [[float(x) for x in row] for row in list(csv.reader(file))[1:]]
    variances = []
    for days in (9, 37):
        strip = np.array([row[2:] for row in rows if row[1] == days])
        assert len(strip) > 100
        variances.append(vix_index.strip_variance(*strip.T, days * 1440 / MINUTES, 0.0038))
    # The paper's own intermediate results.
    assert variances == pytest.approx([0.4727679, 0.3668180], abs=2e-4)
    found = vix_index.interpolate(variances[0], 9 * 1440 / MINUTES, variances[1], 37 * 1440 / MINUTES)
    assert found == pytest.approx(61.22, abs=0.005)


# By hand, at rate 0 and 0.1 years. Calls and puts are nearest at 100 (mids 4.5 and 3.5): F = 100 + 1.0 = 101, K0 = 100.
#   strike  quote                          dK    dK / K^2 x quote
#     75    put, behind two zero bids: out
#     80    put, zero bid
#     85    put, zero bid: the second, stop
#     90    put  0.4 / 0.6 = 0.5            5    0.000308642
#     95    put  1.4 / 1.6 = 1.5            5    0.000831025
#    100    (4.5 + 3.5) / 2 = 4.0           5    0.002000000
#    105    call 1.9 / 2.1 = 2.0            5    0.000907029
#    110    call 0.7 / 0.9 = 0.8            7.5  0.000495868    between 105 and 120
#    115    call, zero bid: left out
#    120    call 0.1 / 0.3 = 0.2           10    0.000138889
#    125    call, zero bid
#    130    call, zero bid: the second, stop
#    135    call, behind two zero bids: out
#   sum 0.004681453; x 2 / 0.1 = 0.093629063; less (101 / 100 - 1)^2 / 0.1 = 0.001
HAND = np.array([
    # strike, call bid, ask, put bid, ask
    (75, 25.5, 26.5, 0.1, 0.3), (80, 20.5, 21.5, 0.0, 0.1), (85, 15.6, 16.4, 0.0, 0.2), (90, 11.2, 11.8, 0.4, 0.6),
    (95, 7.2, 7.8, 1.4, 1.6), (100, 4.4, 4.6, 3.4, 3.6), (105, 1.9, 2.1, 5.9, 6.1), (110, 0.7, 0.9, 9.6, 10.4),
    (115, 0.0, 0.3, 14.0, 15.0), (120, 0.1, 0.3, 19.0, 20.0), (125, 0.0, 0.2, 24.0, 25.0), (130, 0.0, 0.2, 29.0, 30.0),
    (135, 0.1, 0.2, 34.0, 35.0),
])  # fmt: skip
HAND_SUM = (
    0.5 * 5 / 8100 + 1.5 * 5 / 9025 + 4.0 * 5 / 10_000 + 2.0 * 5 / 11_025 + 0.8 * 7.5 / 12_100 + 0.2 * 10 / 14_400
)


def test_chain_by_hand() -> None:
    assert pytest.approx(0.004681453, abs=1e-9) == HAND_SUM
    assert vix_index.strip_variance(*HAND.T, 0.1, 0.0) == pytest.approx(20.0 * HAND_SUM - 0.001, rel=1e-13)


def test_chain_by_hand_with_a_rate() -> None:
    """At 10 %, growth exp(0.01) = 1.0100502: F = 101.0100502, and the sum is multiplied by growth."""
    growth = math.exp(0.01)
    expected = 20.0 * growth * HAND_SUM - (0.01 * growth) ** 2 / 0.1
    assert vix_index.strip_variance(*HAND.T, 0.1, 0.10) == pytest.approx(expected, rel=1e-13)


def test_order_of_strikes_does_not_matter_and_a_missing_bid_is_a_zero_bid() -> None:
    shuffled = HAND[np.random.default_rng(3).permutation(len(HAND))].copy()
    shuffled[shuffled == 0.0] = np.nan
    assert vix_index.strip_variance(*shuffled.T, 0.1, 0.0) == pytest.approx(20.0 * HAND_SUM - 0.001, rel=1e-13)
    shuffled[np.isnan(shuffled)] = -1.0
    assert vix_index.strip_variance(*shuffled.T, 0.1, 0.0) == pytest.approx(20.0 * HAND_SUM - 0.001, rel=1e-13)


def test_a_bid_without_an_ask_is_no_quote() -> None:
    """As if the bid at 90 were missing too: then 80 to 90 have none and 95 is the last put; its dK is 100 - 95."""
    chain = HAND.copy()
    chain[3, 4] = np.nan
    expected = 20.0 * (HAND_SUM - 0.5 * 5 / 8100) - 0.001
    assert vix_index.strip_variance(*chain.T, 0.1, 0.0) == pytest.approx(expected, rel=1e-13)


def test_flat_smile_gives_its_variance() -> None:
    """A continuum of strikes gives the expected variance exactly; half-point strikes miss little."""
    forward, years, vol, rate = 4200.25, 30.0 / 365.0, 0.2, 0.05
    df, s = math.exp(-rate * years), vol * math.sqrt(years)
    k = np.arange(2600.0, 6400.0, 2.5)
    call = np.array([QuantLib.blackFormula(QuantLib.Option.Call, x, forward, s, df) for x in k])
    put = np.array([QuantLib.blackFormula(QuantLib.Option.Put, x, forward, s, df) for x in k])
    assert vix_index.strip_variance(k, call, call, put, put, years, rate) == pytest.approx(0.04, abs=2e-6)


def test_chains_that_say_nothing() -> None:
    assert math.isnan(vix_index.strip_variance(*HAND.T, 0.0, 0.0))
    no_puts = HAND.copy()
    no_puts[:, 3] = 0.0
    assert math.isnan(vix_index.strip_variance(*no_puts.T, 0.1, 0.0))
    assert math.isnan(vix_index.strip_variance(*HAND[5:7].T, 0.1, 0.0))


def test_interpolation_by_hand() -> None:
    """20 days at variance 0.04, 40 days at 0.0625: weights 1/2 each; (20 x 0.04 + 40 x 0.0625) / 2 / 30 = 0.055."""
    found = vix_index.interpolate(0.04, 20 * 1440 / MINUTES, 0.0625, 40 * 1440 / MINUTES)
    assert found == pytest.approx(100.0 * math.sqrt(0.055), rel=1e-13)


def test_extrapolation_by_hand() -> None:
    """40 days at 0.04, 60 days at 0.05: weights 1.5 and -0.5; (1.5 x 1.6 - 0.5 x 3.0) / 30 = 0.03."""
    found = vix_index.interpolate(0.04, 40 * 1440 / MINUTES, 0.05, 60 * 1440 / MINUTES)
    assert found == pytest.approx(100.0 * math.sqrt(0.03), rel=1e-13)
    assert math.isnan(vix_index.interpolate(0.04, 40 * 1440 / MINUTES, 0.09, 60 * 1440 / MINUTES))
