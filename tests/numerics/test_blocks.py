"""Few options are taken one by one, and give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from xlalvh.numerics import black76, blocks, implied_vol

COUNT = 32
RIGHT, FORWARD, YEARS, RATE = np.where(np.arange(COUNT) % 3, 1.0, -1.0), 4200.0, 0.12, 0.05
STRIKE, VOL = np.linspace(3000.0, 5500.0, COUNT), np.linspace(0.0, 0.9, COUNT)  # the first has no volatility


@pytest.fixture(params=[0, COUNT], ids=["arrays", "one by one"])
def few(request, monkeypatch) -> int:
    monkeypatch.setattr(blocks, "FEW", request.param)
    return request.param


def test_few_options_are_as_each_alone(few) -> None:
    found = black76.greeks(RIGHT, FORWARD, STRIKE, YEARS, VOL, RATE)
    alone = np.array([
        black76.greeks(w, FORWARD, k, YEARS, v, RATE)
        for w, k, v in zip(RIGHT.tolist(), STRIKE.tolist(), VOL.tolist(), strict=True)
    ]).T  # fmt: skip
    scale = np.max(np.abs(alone), axis=1, keepdims=True)
    assert np.max(np.abs(np.array(found) - alone) / scale) < (1e-300 if few else 1e-13)
    vols = implied_vol.implied_vol(RIGHT, found.price, FORWARD, STRIKE, YEARS, RATE)
    singly = [
        implied_vol.implied_vol(w, p, FORWARD, k, YEARS, RATE)
        for w, p, k in zip(RIGHT.tolist(), found.price.tolist(), STRIKE.tolist(), strict=True)
    ]
    np.testing.assert_allclose(vols, singly, rtol=0.0 if few else 1e-9, atol=0.0)
    assert np.isnan(vols).sum() == np.isnan(singly).sum() < COUNT


def test_few_options_keep_their_shape_and_bad_ones_are_nan(few) -> None:
    found = black76.price(1.0, 4200.0, np.array([[4000.0, -1.0], [np.nan, 1e308]]), 0.12, 0.2)
    assert np.isnan(found).tolist() == [[False, True], [True, False]]
    vols = implied_vol.implied_vol(1.0, np.array([[230.0], [1e9]]), 4200.0, 4000.0, 0.12)
    assert np.isnan(vols).tolist() == [[False], [True]]
    assert black76.price(np.array([1.0]), 4200.0, 4000.0, 0.12, 0.2).shape == (1,)
    assert black76.price(1.0, np.array([]), 4000.0, 0.12, 0.2).shape == (0,)
