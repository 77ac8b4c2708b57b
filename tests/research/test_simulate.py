"""Simulated paths: moments that are known exactly, and the spread of VIX and SPX that history has."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.research import derive_process
from xlalvh.research import simulate
from xlalvh.research.simulate import Outlook, Process
from xlalvh.strategy.tenor_beta import tenor_beta

P = Process()
BUCKETS = ((9.0, 13.0), (13.0, 16.0), (16.0, 20.0), (20.0, 27.0), (27.0, 90.0))


def test_the_shocks_have_mean_0_and_variance_1() -> None:
    mean, variance, skewness, kurtosis = P.cumulants()
    assert (mean, variance) == pytest.approx((0.0, 1.0), abs=3e-4)
    vix_mean = sum(p * m[1] for p, m in zip(P.shocks.shares, P.shocks.means, strict=True))
    vix_square = sum(
        p * (m[1] ** 2 + c[2]) for p, m, c in zip(P.shocks.shares, P.shocks.means, P.shocks.covariances, strict=True)
    )
    assert (vix_mean, vix_square) == pytest.approx((0.0, 1.0), abs=3e-4)
    rng = np.random.default_rng(3)
    calm = rng.random(1_000_000) < P.shocks.shares[0]
    draws = np.where(
        calm,
        *(
            rng.normal(m[0], math.sqrt(c[0]), 1_000_000)
            for m, c in zip(P.shocks.means, P.shocks.covariances, strict=True)
        ),
    )
    z = (draws - draws.mean()) / draws.std()
    assert float(np.mean(z**3)) == pytest.approx(skewness, abs=0.02)
    assert float(np.mean(z**4)) - 3.0 == pytest.approx(kurtosis, abs=0.1)


@pytest.mark.parametrize("vix", [11.0, 18.0, 45.0])
def test_spx_grows_by_its_drift_and_is_a_martingale_without(vix) -> None:
    for drift in (0.0, 0.09):
        found = simulate.simulate(replace(P, drift=drift), vix, 0.12, 40_000, 1)
        ends = np.exp(found.log_return[-1])
        error = ends.std() / math.sqrt(ends.size)
        assert abs(ends.mean() - math.exp(drift * 0.12)) < 4.0 * error


@pytest.mark.parametrize("vix", [11.0, 18.0, 45.0])
def test_expected_vix_is_what_paths_come_to(vix) -> None:
    found = simulate.simulate(P, vix, 60 / 252, 40_000, 2)
    outlook = Outlook(P, 60)
    for n in (1, 21, 60):
        level = found.vix(P.floor)[n]
        expected = outlook.vix(found.u[0], found.average[0], n).mean()
        assert abs(level.mean() - expected) < 4.0 * level.std() / math.sqrt(level.size)
    # From the middle of the paths on as well
    assert outlook.vix(found.u[20], found.average[20], 40).mean() == pytest.approx(
        outlook.vix(found.u[0], found.average[0], 60).mean(), rel=0.01
    )
    np.testing.assert_allclose(outlook.vix(found.u[7], found.average[7], 0), found.vix(P.floor)[7])


def test_the_same_seed_gives_the_same_paths_on_any_number_of_cores(monkeypatch) -> None:
    first = simulate.simulate(P, 18.0, 0.1, 20_000, 5)
    monkeypatch.setattr(simulate.os, "cpu_count", lambda: 1)
    second = simulate.simulate(P, 18.0, 0.1, 20_000, 5)
    other = simulate.simulate(P, 18.0, 0.1, 20_000, 6)
    assert (first.log_return == second.log_return).all()
    assert not (first.log_return == other.log_return).any(axis=1)[1:].all()
    # More paths begin with the same ones
    more = simulate.simulate(P, 18.0, 0.1, 30_000, 5)
    assert (more.u[:, : 2 * simulate.BLOCK] == first.u[:, : 2 * simulate.BLOCK]).all()


def test_vix_at_the_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="above 5"):
        simulate.simulate(P, 5.0, 0.1, 100, 1)


def test_a_future_moves_less_than_vix_as_measured() -> None:
    """Regression of one-session changes of the expected VIX on VIX's, against contracts of 2013-2026: .61, .42 and .30
    at 19, 52 and 85 days. The process's own come within 0.08; its far ones fall slower."""
    found = simulate.simulate(P, 17.0, 2 / 252, 40_000, 9)
    outlook = Outlook(P, 80)
    vix = found.vix(P.floor)
    for days in (19.0, 52.0, 85.0):
        n = simulate.sessions_in(days / 365.0)
        one = outlook.vix(found.u[1], found.average[1], n)
        two = outlook.vix(found.u[2], found.average[2], n - 1)
        slope = np.polyfit(vix[2] - vix[1], two - one, 1)[0]
        assert slope == pytest.approx(float(tenor_beta(days / 365.0, (0.146, 0.582, 5.75))), abs=0.08)


def _bootstrap(values: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Mean, spread and quantiles of overlapping changes, and their errors by blocks of a year."""

    def figures(x: np.ndarray) -> np.ndarray:
        return np.array([x.mean(), x.std(), *np.quantile(x, [0.05, 0.5, 0.95])])

    block, n = 250, len(values)
    drawn = []
    for _ in range(200):
        starts = rng.integers(0, n - block, size=n // block)
        at = (starts[:, None] + np.arange(block)).ravel()
        x = values[at][inside[at]]
        if x.size > 50:
            drawn.append(figures(x))
    return figures(values[inside]), np.std(drawn, axis=0)


@pytest.fixture(scope="module")
def history(data: Path) -> tuple[list, np.ndarray, np.ndarray]:
    return derive_process.closes(data)


def test_the_spread_of_vix_by_starting_level_is_history_s(history) -> None:
    """ln VIX over 5, 21 and 45 sessions from 2006 on, in five buckets of starting VIX: mean, standard deviation, 5 %,
    50 % and 95 % points, 75 figures. In units of each one's block-bootstrap error the root mean square is below 1.5,
    the largest below 4.5, and no standard deviation is more than 35 % off: the pull that raw changes lack would make
    the 45-day one 65 % too large."""
    days, _, vix = history
    start = next(i for i, day in enumerate(days) if day >= derive_process.FIRST)
    vix = vix[start:]
    rng = np.random.default_rng(1)
    gaps, ratios = [], []
    for n in (5, 21, 45):
        change = np.log(vix[n:] / vix[:-n])
        for low, high in BUCKETS:
            inside = (vix[:-n] > low) & (vix[:-n] <= high)
            figures, errors = _bootstrap(change, inside, rng)
            starts = rng.choice(vix[:-n][inside], 20)
            found = [
                np.log(simulate.simulate(P, v, n / 252, 1000, i).vix(P.floor)[n] / v) for i, v in enumerate(starts)
            ]
            x = np.concatenate(found)
            mine = np.array([x.mean(), x.std(), *np.quantile(x, [0.05, 0.5, 0.95])])
            gaps.append((mine - figures) / errors)
            ratios.append(mine[1] / figures[1])
    print(np.round(gaps, 1), np.round(ratios, 2))
    assert float(np.sqrt(np.mean(np.square(gaps)))) < 1.5
    assert float(np.abs(gaps).max()) < 4.5
    assert min(ratios) > 0.75
    assert max(ratios) < 1.35


def test_vix_reverts_as_it_did(history) -> None:
    """Variance of 5, 21 and 45-day changes of ln VIX over that of as many daily ones: .77, .49 and .37."""
    days, _, vix = history
    start = next(i for i, day in enumerate(days) if day >= derive_process.FIRST)
    starts = vix[start:][::40]
    found = np.concatenate(
        [np.log(simulate.simulate(P, v, 45 / 252, 300, i).vix(P.floor)) for i, v in enumerate(starts)], axis=1
    )
    daily = np.var(found[1] - found[0])
    ratios = [float(np.var(found[n] - found[0]) / (n * daily)) for n in (5, 21, 45)]
    assert ratios == pytest.approx([0.77, 0.49, 0.37], abs=0.06)


def test_spx_over_a_month_by_starting_vix_is_history_s(history) -> None:
    """Returns over 31 sessions in units of VIX from 1990 on: spread within 0.1 between VIX 9 and 27, and what the Rules
    say, within 0.2 above. The far upper quantile is what the law has least well: history's rises stop sooner."""
    days, spx, vix = history
    start = next(i for i, day in enumerate(days) if day.year >= 1990)
    spx, vix = spx[start:], vix[start:]
    unit = vix[:-31] / 100.0 * math.sqrt(31 / 252)
    z = np.log(spx[31:] / spx[:-31]) / unit
    rng = np.random.default_rng(4)
    for low, high in BUCKETS:
        inside = (vix[:-31] > low) & (vix[:-31] <= high)
        starts = rng.choice(vix[:-31][inside], 20)
        found = [
            simulate.simulate(P, v, 31 / 252, 1000, i).log_return[-1] / (v / 100.0 * math.sqrt(31 / 252))
            for i, v in enumerate(starts)
        ]
        x = np.concatenate(found)
        print(low, high, z[inside].std(), x.std(), np.quantile(z[inside], [0.05, 0.95]), np.quantile(x, [0.05, 0.95]))
        assert x.std() == pytest.approx(z[inside].std(), abs=0.1 if high < 90.0 else 0.2)


def test_spx_and_vix_go_together_as_they_did(history) -> None:
    """Correlation of daily changes from 2006 on: in points -0.82, in logarithms -0.74. Paths from VIX as it was come
    within 0.06 of both, the logarithms' being the stronger: no day here moves only one of the two."""
    days, s, v = history
    start = next(i for i, day in enumerate(days) if day >= derive_process.FIRST)
    s, v = s[start:], v[start:]
    parts = [simulate.simulate(P, x, 21 / 252, 300, i) for i, x in enumerate(v[::40])]
    spx = np.concatenate([np.diff(part.log_return, axis=0).ravel() for part in parts])
    levels = [part.vix(P.floor) for part in parts]
    points = np.concatenate([np.diff(x, axis=0).ravel() for x in levels])
    logs = np.concatenate([np.diff(np.log(x), axis=0).ravel() for x in levels])
    was = [np.corrcoef(np.diff(np.log(s)), change)[0, 1] for change in (np.diff(v), np.diff(np.log(v)))]
    assert [np.corrcoef(spx, change)[0, 1] for change in (points, logs)] == pytest.approx(was, abs=0.06)


def test_the_constants_are_what_the_script_finds(history) -> None:
    found = derive_process.fit(*history)
    for name in ("level", "to_average", "to_level", "shock", "average_slope", "average_spread"):
        assert getattr(P, name) == pytest.approx(getattr(found, name), rel=2e-3), name
    assert P.shocks.shares == pytest.approx(found.shares, abs=2e-3)
    assert np.ravel(P.shocks.means) == pytest.approx(np.ravel(found.means), abs=5e-3)
    mine = [(c[0][0], c[0][1], c[1][1]) for c in found.covariances]
    assert np.ravel(P.shocks.covariances) == pytest.approx(np.ravel(mine), abs=1e-2)
