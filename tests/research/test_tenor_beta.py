"""The refit of the tenor beta: on a made curve, against a plain fit, and on the real contracts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.optimize import curve_fit

from tests.research.made import made_history
from xlalvh.research import tenor_beta
from xlalvh.research.history import Origin

C, A, KAPPA = 0.15, 0.60, 6.0


@pytest.fixture(scope="module")
def made():
    """Futures whose daily change is beta(T) at its end times VIX's change, and a little noise."""
    rng = np.random.default_rng(2)
    n = 1500
    step = rng.normal(0, 1.0, n)
    vix = 40.0 + np.cumsum(step) - np.cumsum(step)[-1] * np.arange(n) / n
    noise = rng.normal(0, 0.05, (n, 400))

    def future(i, level, left):
        beta = C + A * np.exp(-KAPPA * left / 365.0)
        moved = np.diff(vix, prepend=vix[0])[:, None] * beta + noise[:, : left.shape[1]]
        return 100.0 + np.cumsum(moved, axis=0)

    return made_history(vix, 1000.0 + np.arange(n), future)


def test_a_made_curve_is_found_again(made):
    fit = tenor_beta.refit(made)
    for found, true in ((fit.c, C), (fit.a, A), (fit.kappa, KAPPA)):
        assert abs(found.estimate - true) < 3 * found.error + 0.05 * true
        assert found.low <= found.estimate <= found.high
    assert [bucket.name for bucket in fit.buckets] == ["first", "second", "third"]
    for bucket in fit.buckets:
        assert bucket.beta.estimate == pytest.approx(C + A * np.exp(-KAPPA * bucket.days / 365), abs=0.02)


def test_the_fit_is_least_squares(made):
    found = tenor_beta.changes(made)
    near = np.isfinite(found.future) & (found.days <= tenor_beta.LONGEST)
    x = np.broadcast_to(found.vix[:, None], near.shape)[near]
    years, y = found.days[near] / 365.0, found.future[near]
    plain, _ = curve_fit(lambda xt, c, a, k: (c + a * np.exp(-k * xt[1])) * xt[0], (x, years), y, p0=(0.1, 0.5, 5.0))
    fit = tenor_beta.refit(made)
    assert (fit.c.estimate, fit.a.estimate, fit.kappa.estimate) == pytest.approx(tuple(plain), abs=0.03)


def test_only_a_contracts_own_settlements_count(made):
    from dataclasses import replace

    spliced = replace(made, vx_from=np.where(made.vx_from == Origin.CONTRACT, Origin.CURVE, made.vx_from))
    with pytest.raises(tenor_beta.TooShortError, match="run xlalvh history"):
        tenor_beta.refit(spliced)


def test_a_short_history_is_refused(made):
    with pytest.raises(tenor_beta.TooShortError, match="it needs 100"):
        tenor_beta.refit(made.between(dt.date(2013, 1, 2), dt.date(2013, 3, 1)))


def test_real_contracts_give_the_specified_betas(history):
    daily, monthly = tenor_beta.refit(history, 1), tenor_beta.refit(history, 21)
    assert daily.contracts > 130
    for fit, specified in ((daily, (0.146, 0.582, 5.75)), (monthly, (0.126, 0.631, 4.65))):
        for found, value in zip((fit.c, fit.a, fit.kappa), specified, strict=True):
            assert abs(found.estimate - value) <= 2 * found.error
    for bucket, days, beta, error in zip(
        daily.buckets, (19, 52, 85), (0.61, 0.42, 0.30), (0.03, 0.02, 0.02), strict=True
    ):
        assert bucket.days == pytest.approx(days, abs=1.5)
        assert abs(bucket.beta.estimate - beta) <= 2 * bucket.beta.error
        assert bucket.beta.error == pytest.approx(error, abs=0.011)
