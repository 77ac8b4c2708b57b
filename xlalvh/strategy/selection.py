"""Which expiries, rungs and sizes a preset takes: the decisions of the sheets Condor, Ladder and Sizing as functions.

Expiries are numbered from 0 in the order given. Days are calendar days to settlement.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array, ArrayLike
from xlalvh.strategy import ladder
from xlalvh.strategy.presets import BAND, EXPOSURE, MONTHS, PER_TEN_CONDORS, PREMIUM, Preset
from xlalvh.strategy.sizing import Units, hedge_units
from xlalvh.strategy.volatility import VolAt

EXPOSURE_CONTRACTS = 40.0  # of a unit that is sized by shares of the exposure
CONDORS_A_UNIT = 10.0
FARTHEST = 0.5  # of a target tenor: a monthly further from it than this share is not taken

# Strikes that VIX monthlies list, as on 2023-05-15: from a strike on, its step. Points.
VIX_STRIKES = ((10.0, 1.0), (40.0, 2.5), (50.0, 5.0), (100.0, 10.0), (180.0, 10.0))


class Layer(NamedTuple):
    """What a layer's expiry offers."""

    years: float
    future: float  # points
    vol_at: VolAt
    listed: Array | None = None  # strikes in points; None leaves them as they come


def nearest_expiry(days: ArrayLike, target: float, tolerance: float, usable: ArrayLike = True) -> int | None:
    """The expiry nearest to `target` days, the first of two as near; None where none is within `tolerance`."""
    gap = np.where(np.broadcast_to(usable, np.shape(days)), np.abs(np.asarray(days, dtype=float) - target), np.inf)
    if gap.size == 0 or not np.min(gap) <= tolerance:
        return None
    return int(np.argmin(gap))


def layer_expiries(
    days: Sequence[float] | Array, preset: Preset, front_min_days: float, usable: ArrayLike = True
) -> tuple[int, int, int] | None:
    """The monthly VIX expiry of each layer; None where a layer has none.

    Parameters
    ----------
    days : of every monthly expiry, ascending
    front_min_days : the front layer of a preset by months is the first monthly at least this far out
    usable : a truth value an expiry; one without a smile is none for a front layer, nor for a layer by days
    """
    found: list[int | None]
    far = np.asarray(days, dtype=float)
    good = np.broadcast_to(usable, far.shape)
    if preset.tenor_rule == MONTHS:
        fit = np.flatnonzero(good & (far >= front_min_days))
        found = [int(fit[0]) + i if fit.size and fit[0] + i < far.size else None for i in range(3)]
    else:
        found = [nearest_expiry(far, target, FARTHEST * target, good) for target in preset.tenor_days]
    front, mid, back = found
    return None if front is None or mid is None or back is None else (front, mid, back)


def allocation(preset: Preset, exposure: ArrayLike, cost: ArrayLike, max_loss: ArrayLike) -> Array:
    """Contracts a layer of one unit; the last axis is the layer.

    Parameters
    ----------
    exposure, cost : of one contract, the mean of the layer's rungs: dollars per VIX point, and dollars
    max_loss : of the condors, dollars (counts where the preset is sized by shares of it)
    """
    weights, rungs = np.array(preset.weights), np.array([len(layer) for layer in preset.deltas])
    exposure, cost = np.asarray(exposure, dtype=float), np.asarray(cost, dtype=float)
    if preset.sizing == EXPOSURE:
        each = weights / exposure
        each = each * EXPOSURE_CONTRACTS / each.sum(axis=-1, keepdims=True)
        return np.maximum(1.0, _round(each / rungs)) * rungs
    if preset.sizing == PREMIUM:
        return _round(weights * np.asarray(max_loss, dtype=float)[..., None] / cost / rungs) * rungs
    return np.broadcast_to(weights, exposure.shape)


def unit(
    preset: Preset,
    layers: Sequence[Layer],
    beta_params: Sequence[float],
    max_loss: float,
    rate: float = 0.0,
) -> list[ladder.Rung]:
    """The rungs of one unit at the model's prices.

    Parameters
    ----------
    layers : front, mid, back
    beta_params : c, A and kappa of the tenor beta
    max_loss : of the condors, dollars
    rate : decimal a year
    """
    years, futures = [layer.years for layer in layers], [layer.future for layer in layers]
    vols = [layer.vol_at for layer in layers]
    counts = [float(len(deltas)) for deltas in preset.deltas]
    listed = [layer.listed for layer in layers]

    def build(contracts: Sequence[float]) -> list[ladder.Rung]:
        return ladder.build(1.0, years, futures, vols, beta_params, preset.deltas, contracts, rate, listed)

    one_each = build(counts)

    def mean(name: str) -> list[float]:
        return [float(np.mean([getattr(r, name) for r in one_each if r.layer == layer])) for layer in ladder.LAYERS]

    shares = allocation(preset, mean("vol_exposure_dollars"), mean("cost_dollars"), max_loss)
    return build([float(share) for share in shares])


def units(
    preset: Preset, condors: float, condor_vega: float, unit_exposure: float, target: float, low: float, high: float
) -> Units:
    """How many units the preset asks for.

    Parameters
    ----------
    condors : number sold
    condor_vega, unit_exposure : dollars per VIX point, signed: the condor's tenor-weighted vega, one unit's exposure
    target, low, high : the band of coverage, which counts where the preset is sized by it or by shares of exposure

    Raises
    ------
    ValueError
        As `sizing.hedge_units`.
    """
    if preset.sizing == PER_TEN_CONDORS:
        return Units(max(1, int(_round(condors / CONDORS_A_UNIT))), 1.0)
    if preset.sizing == PREMIUM:
        return Units(1, 1.0)
    assert preset.sizing in (BAND, EXPOSURE)
    return hedge_units(condor_vega, unit_exposure, target, low, high)


def vix_strikes() -> Array:
    """The strikes that VIX monthlies list, points."""
    parts = [np.arange(a, b, step) for (a, step), (b, _) in itertools.pairwise(VIX_STRIKES)]
    return np.concatenate([*parts, [VIX_STRIKES[-1][0]]])


def snap_all(strikes: ArrayLike, listed: Array) -> Array:
    """Each strike at the nearest listed one, the lower of two as near; `listed` ascends. NaN stays NaN."""
    wanted = np.asarray(strikes, dtype=float)
    above = np.clip(np.searchsorted(listed, wanted), 1, len(listed) - 1)
    low, high = listed[above - 1], listed[above]
    return np.where(np.isnan(wanted), np.nan, np.where(wanted - low <= high - wanted, low, high))


def _round(value: ArrayLike) -> Array:
    """Halves away from zero, as a sheet's ROUND; for values of at least 0."""
    return np.floor(np.asarray(value, dtype=float) + 0.5)
