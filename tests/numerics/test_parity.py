"""Chains whose forward and rate are known, priced by QuantLib."""

from __future__ import annotations

import math

import numpy as np
import pytest
import QuantLib

from xlalvh.numerics import parity

FORWARD, RATE, YEARS, VOL = 4213.7, 0.048, 0.13, 0.17
STRIKES = np.arange(3600.0, 4801.0, 25.0)


def chain(forward: float = FORWARD, rate: float = RATE, years: float = YEARS) -> tuple[np.ndarray, ...]:
    """Call bid, call ask, put bid, put ask: QuantLib's prices, a quarter point and 1 % either side."""
    df, s = math.exp(-rate * years), VOL * math.sqrt(years)
    call = np.array([QuantLib.blackFormula(QuantLib.Option.Call, k, forward, s, df) for k in STRIKES])
    put = np.array([QuantLib.blackFormula(QuantLib.Option.Put, k, forward, s, df) for k in STRIKES])
    half_call, half_put = 0.25 + 0.005 * call, 0.25 + 0.005 * put
    return call - half_call, call + half_call, put - half_put, put + half_put


def test_fit_recovers_forward_and_rate() -> None:
    found = parity.fit(STRIKES, *chain(), YEARS)
    assert found is not None
    assert found.forward == pytest.approx(FORWARD, abs=1e-8)
    assert found.rate == pytest.approx(RATE, abs=1e-8)
    assert found.pairs == len(STRIKES)


def test_fit_drops_stale_quotes() -> None:
    """Two strikes that stand where the market was 15 points ago."""
    now, before = chain(), chain(FORWARD - 15.0)
    stale = np.isin(STRIKES, [4100.0, 4300.0])
    sides = [np.where(stale, old, new) for old, new in zip(before, now, strict=True)]
    found = parity.fit(STRIKES, *sides, YEARS)
    assert found is not None
    assert found.forward == pytest.approx(FORWARD, abs=1e-6)
    assert found.rate == pytest.approx(RATE, abs=1e-6)
    assert found.pairs == len(STRIKES) - 2


def test_one_absurd_quote_does_not_take_the_good_ones_with_it() -> None:
    sides = [side.copy() for side in chain()]
    row = int(np.nonzero(STRIKES == 4200.0)[0][0])
    sides[0][row] += 900.0
    sides[1][row] += 900.0
    found = parity.fit(STRIKES, *sides, YEARS)
    assert found is not None
    assert found.forward == pytest.approx(FORWARD, abs=1e-6)
    assert found.pairs == len(STRIKES) - 1


def test_standard_errors_cover_the_noise_of_a_tick() -> None:
    """Mids moved by a seeded error of 0.1 points: the estimate misses by a few of its own standard errors at most,
    and the errors are of the size that simulation gives."""
    rng = np.random.default_rng(7)
    misses, told = [], []
    for _ in range(60):
        noise = rng.normal(0.0, 0.1, len(STRIKES))
        call_bid, call_ask, put_bid, put_ask = chain()
        found = parity.fit(STRIKES, call_bid + noise, call_ask + noise, put_bid, put_ask, YEARS)
        assert found is not None
        misses.append((found.forward - FORWARD, found.rate - RATE))
        told.append((found.forward_error, found.rate_error))
    scatter, mean_told = np.std(misses, axis=0), np.mean(told, axis=0)
    assert np.all(scatter < 1.6 * mean_told)
    assert np.all(scatter > 0.6 * mean_told)


def test_fit_says_nothing_without_five_strikes_or_time() -> None:
    sides = chain()
    assert parity.fit(STRIKES, *sides, 0.0) is None
    assert parity.fit(STRIKES[20:24], *(side[20:24] for side in sides), YEARS) is None
    assert parity.fit(STRIKES, *(np.full_like(STRIKES, np.nan) for _ in range(4)), YEARS) is None


def test_implied_forward_at_a_known_rate() -> None:
    assert parity.implied_forward(STRIKES, *chain(), YEARS, RATE) == pytest.approx(FORWARD, abs=1e-9)


def test_implied_forward_by_hand() -> None:
    """Two strikes, rate 0. 100: C - P between 4.0 - 3.2 and 4.2 - 3.0, mid 1.0, width 0.4: forward 101.0.
    102: C - P between 2.9 - 4.1 and 3.3 - 3.9, mid -0.9, width 0.6: forward 101.1.
    Weights 1/0.16 and 1/0.36: (101.0 x 6.25 + 101.1 x 2.7778) / 9.0278 = 101.030769.
    """
    found = parity.implied_forward(
        np.array([100.0, 102.0]),
        np.array([4.0, 2.9]),
        np.array([4.2, 3.3]),
        np.array([3.0, 3.9]),
        np.array([3.2, 4.1]),
        0.25,
        0.0,
    )
    assert found == pytest.approx(101.0 + 0.1 * 0.16 / 0.52, abs=1e-12)


def test_implied_forward_leaves_out_missing_and_crossed_quotes() -> None:
    sides = [side.copy() for side in chain()]
    sides[0][10] = np.nan  # no bid
    sides[0][24] = sides[1][24] + 30.0  # crossed
    assert parity.implied_forward(STRIKES, *sides, YEARS, RATE) == pytest.approx(FORWARD, abs=1e-9)
    nothing = [np.full_like(STRIKES, np.nan)] * 4
    assert math.isnan(parity.implied_forward(STRIKES, *nothing, YEARS, RATE))


def test_a_strike_of_0_is_no_strike() -> None:
    zeros = np.zeros(3)
    assert math.isnan(parity.implied_forward(zeros, *(np.array([1.0, 2.0, 3.0]) + x for x in (0, 1, 0, 1)), 0.1, 0.0))


def test_edge_by_hand() -> None:
    """Strike 100, forward 101, a year at 0: the synthetic is worth 1.0. Sell the call at 4.5, buy the put at 3.2:
    1.3 for what is worth 1.0, an edge of 0.3. The other way, sell the put at 3.0 and buy the call at 4.7: pay 1.7,
    lose 0.7.
    At 5 % the synthetic is worth exp(-0.05) = 0.951229.
    """
    quotes = [np.array([x]) for x in (100.0, 4.5, 4.7, 3.0, 3.2)]
    conversion, reversal = parity.arbitrage_edge(*quotes, 101.0, 1.0, 0.0)
    assert (conversion[0], reversal[0]) == pytest.approx((0.3, -0.7))
    conversion, reversal = parity.arbitrage_edge(*quotes, 101.0, 1.0, 0.05)
    assert (conversion[0], reversal[0]) == pytest.approx((1.3 - 0.951229, 0.951229 - 1.7), abs=1e-6)


def test_a_fair_chain_has_no_edge_anywhere() -> None:
    conversion, reversal = parity.arbitrage_edge(STRIKES, *chain(), FORWARD, YEARS, RATE)
    assert (conversion < 0.0).all()
    assert (reversal < 0.0).all()
