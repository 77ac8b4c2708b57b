"""What each preset of the 4/4/2 asks for the same condor: its own expiries, rungs and size."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from xlalvh.numerics.arrays import Array
from xlalvh.strategy import selection
from xlalvh.strategy.book import MULTIPLIER
from xlalvh.strategy.ladder import LAYERS, Rung
from xlalvh.strategy.presets import PREMIUM, Preset
from xlalvh.strategy.sizing import coverage
from xlalvh.strategy.volatility import VolAt


class Monthly(NamedTuple):
    """A monthly VIX expiry with what is quoted there."""

    days: float
    years: float
    future: float  # points
    rate: float  # decimal a year
    vol_at: VolAt | None  # None where there is no smile
    listed: Array  # strikes in points; empty where none is known
    asks: Mapping[float, float]  # points by strike; none where the model is to price the calls


class Hedged(NamedTuple):
    """The condors that are to be hedged."""

    condors: float
    vega: float  # tenor-weighted, dollars per VIX point, short below 0
    credit: float  # dollars
    max_loss: float  # dollars
    theta: float  # dollars a day


class Band(NamedTuple):
    """Coverage to aim at and to stay in."""

    target: float
    low: float
    high: float


class PresetSize(NamedTuple):
    """One preset's answer, all its units together; NaN throughout where the note says why there is none."""

    preset: str
    sized_by: str
    units: float
    contracts: float
    coverage: float
    coverage_beta_one: float  # were every future to move as far as spot VIX
    cost_dollars: float  # at the ask, at the model's price where there is none
    premium_to_credit: float
    net_theta_dollars: float  # condors and ladder, a day
    note: str


def preset_size(
    preset: Preset,
    expiries: Sequence[Monthly],
    hedged: Hedged,
    band: Band,
    front_min_days: float,
    beta_params: Sequence[float],
) -> PresetSize:
    """The ladder that a preset asks for, with what it covers and costs.

    Parameters
    ----------
    expiries : all monthlies, the nearest first
    front_min_days : the front layer of a preset by months is the first monthly at least this far out
    beta_params : c, A and kappa of the tenor beta

    Notes
    -----
    The rate of the front layer's expiry serves all layers, as on the sheet Ladder.
    """
    found = selection.layer_expiries(
        [e.days for e in expiries], preset, front_min_days, [e.vol_at is not None for e in expiries]
    )
    if found is None:
        return _none(preset, "no monthly VIX expiry with a smile near enough to each layer")
    chosen = [expiries[i] for i in found]
    layers = [selection.Layer(e.years, e.future, e.vol_at, e.listed) for e in chosen if e.vol_at is not None]
    if len(layers) < len(LAYERS):
        return _none(preset, "a layer's expiry has no smile")
    rungs = selection.unit(preset, layers, beta_params, hedged.max_loss, chosen[0].rate)
    if not all(np.isfinite(rung.strike) for rung in rungs):
        return _none(preset, "a rung has no listed strike of its delta")
    asks = [_ask(rung, chosen[LAYERS.index(rung.layer)]) for rung in rungs]
    exposure = sum(rung.vol_exposure_dollars for rung in rungs)
    try:
        fit = selection.units(preset, hedged.condors, hedged.vega, exposure, *band)
    except ValueError as error:
        return _none(preset, str(error))
    if fit.units is None:
        return _none(
            preset,
            f"one unit covers {float(coverage(exposure, hedged.vega)):.2f}: no whole number lies in the band; "
            f"{fit.least_growth:.3g} times the condors would do",
        )
    n = float(fit.units)
    beta_one = sum(rung.contracts * MULTIPLIER * rung.delta for rung in rungs)
    cost = n * sum(
        rung.cost_dollars if ask is None else rung.contracts * MULTIPLIER * ask
        for rung, ask in zip(rungs, asks, strict=True)
    )
    return PresetSize(
        preset.name,
        preset.sizing,
        n,
        n * sum(rung.contracts for rung in rungs),
        n * float(coverage(exposure, hedged.vega)),
        n * float(coverage(beta_one, hedged.vega)),
        cost,
        cost / hedged.credit,
        hedged.theta + n * sum(rung.theta_dollars for rung in rungs),
        _note(preset, rungs, asks, cost / hedged.max_loss),
    )


def _ask(rung: Rung, expiry: Monthly) -> float | None:
    return expiry.asks.get(rung.strike)


def _note(preset: Preset, rungs: Sequence[Rung], asks: Sequence[float | None], share: float) -> str:
    words = []
    if preset.sizing == PREMIUM:
        words.append(f"premium is {share:.1%} of the maximum loss")
    unpriced = sum(ask is None for ask in asks)
    if unpriced:
        words.append(f"{unpriced} of {len(rungs)} rungs priced by the model: no ask")
    if any(abs(rung.contracts - round(rung.contracts)) > 1e-6 for rung in rungs):
        words.append("not whole contracts in every rung")
    return "; ".join(words)


def _none(preset: Preset, why: str) -> PresetSize:
    return PresetSize(preset.name, preset.sizing, *(float("nan"),) * 7, why)
