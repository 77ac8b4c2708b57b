"""The Ladder group."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.errors import num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import HEADERS, ONE_RATE, YEARS
from xlalvh.strategy import ladder as ladders
from xlalvh.strategy import rules, tenor_beta

LADDER = "Ladder"
_THREE = len(ladders.LAYERS)

BETA_PARAMS = Argument(
    "beta_params", Kind.VECTOR, "tenor beta's c, A, kappa; those of daily changes 2013-2026 if omitted", optional=True
)
_EXAMPLE = {
    "units": 1.0,
    "years": (0.10, 0.18, 0.26),
    "futures": (20.1, 21.7, 22.5),
    "vols": (0.80, 0.70, 0.62),
    "deltas": ((0.50, 0.40, 0.30, 0.20), (0.45, 0.35, 0.25, 0.15), (0.40, 0.25, None, None)),
    "allocation": (4.0, 4.0, 2.0),
    "rate": 0.05,
    "step": 0.5,
}


def read_beta_params(given: np.ndarray | None) -> np.ndarray:
    """c, A and kappa as given, or the defaults."""
    params = np.array(rules.beta_params()) if given is None else given
    if len(params) != 3 or not np.isfinite(params).all():
        raise value_error(f"beta_params has {int(np.isfinite(params).sum())} numbers; give c, A and kappa")
    return params


def _per_layer(values: np.ndarray, name: str, *, zero: bool = False) -> np.ndarray:
    if len(values) != _THREE or not np.isfinite(values).all():
        raise value_error(f"{name} has {int(np.isfinite(values).sum())} numbers; give front, mid and back")
    if (values < 0.0).any() or (not zero and (values == 0.0).any()):
        least = "0 or more" if zero else "above 0"
        raise num_error(f"{name} is {', '.join(f'{v:g}' for v in values)}; every layer needs a number {least}")
    return values


def _layer_rows(value: Any, name: str) -> list[list[Any]]:
    """Three rows of cells, one a layer; a single row or column of three cells is one cell a layer."""
    given = cells.grid(value, name)
    rows = [[cell] for cell in given.cells] if len(given.cells) == _THREE else given.rows()
    if len(rows) != _THREE:
        raise value_error(f"{name} has {len(rows)} rows; give three: front, mid and back")
    return rows


def _deltas(value: Any) -> list[list[float]]:
    rows = []
    for layer, row in zip(ladders.LAYERS, _layer_rows(value, "deltas"), strict=True):
        deltas = [cells.number(cell, f"deltas ({layer})") for cell in row if not cells.is_blank(cell)]
        if not deltas:
            raise value_error(f"deltas has no number in the {layer} layer; give at least one rung")
        if not all(0.0 < d < 1.0 for d in deltas):
            raise num_error(f"deltas ({layer}) are {', '.join(f'{d:g}' for d in deltas)}; give magnitudes from 0 to 1")
        rows.append(deltas)
    return rows


def _steps(value: Any) -> list[np.ndarray | None]:
    """One step or list of strikes for all layers, or one row of listed strikes a layer."""
    if value is None:
        return [None] * _THREE
    given = cells.grid(value, "step")
    if given.is_scalar or given.is_vector:
        return [cells.vector(value, "step")] * _THREE
    listed = cells.matrix(value, "step", 1)
    if len(listed) != _THREE:
        raise value_error(f"step has {len(listed)} rows; give one number, one list of strikes, or a row a layer")
    return list(listed)


@formula(
    category=LADDER,
    help="The 4/4/2 ladder of VIX calls, a rung a row.",
    arguments=(
        Argument("units", Kind.SINGLE, "ladders; one is 4 + 4 + 2 contracts", "units", above=0),
        Argument("years", Kind.VECTOR, "time to settlement of front, mid and back layer", "years"),
        Argument("futures", Kind.VECTOR, "VIX future of each layer's own expiry", "VIX points"),
        Argument("vols", Kind.RANGE, "a volatility or a smile's row a layer", "decimal a year"),
        Argument(
            "deltas",
            Kind.RANGE,
            "rung deltas, a row a layer; .50 .40 .30 .20 | .45 .35 .25 .15 | .40 .25 if omitted",
            "decimal",
            optional=True,
            default=tuple((*d, *[None] * (4 - len(d))) for d in ladders.DELTAS),
        ),
        Argument(
            "allocation",
            Kind.VECTOR,
            "contracts a layer and unit, shared by its rungs; 4, 4, 2 if omitted",
            "contracts",
            optional=True,
        ),
        ONE_RATE,
        Argument(
            "step",
            Kind.RANGE,
            "one number: round strikes to it; listed strikes, for all layers or a row a layer",
            "VIX points",
            optional=True,
        ),
        BETA_PARAMS,
        HEADERS,
    ),
    result="A rung a row; points or dollars as the header says. vega is per point of the option's own volatility, "
    "vol_exposure dollars per point of spot VIX: contracts x 100 x delta x tenor beta.",
    source="seeds: 4/4/2; tenor beta measured on VX contracts 2013-2026",
    example=_EXAMPLE,
    columns=ladders.Rung._fields,
)
def alvh_ladder(units, years, futures, vols, deltas, allocation, rate, step, beta_params):
    years = _per_layer(years, "years")
    futures = _per_layer(futures, "futures")
    shares = _per_layer(np.array(ladders.ALLOCATION) if allocation is None else allocation, "allocation", zero=True)
    vol_at = [
        smiles.vol_at(row, f"vols ({layer})", futures[i], years[i])
        for i, (layer, row) in enumerate(zip(ladders.LAYERS, _layer_rows(vols, "vols"), strict=True))
    ]
    rungs = ladders.build(
        units, years, futures, vol_at, read_beta_params(beta_params), _deltas(deltas), shares, rate, _steps(step)
    )
    return [rung if np.isfinite(rung.strike) else _no_strike(rung) for rung in rungs]


def _no_strike(rung: ladders.Rung) -> tuple[Any, ...]:
    error = num_error(f"no strike of the {rung.layer} layer has this delta; check deltas, vols and step")
    return tuple(error if isinstance(item, float) and np.isnan(item) else item for item in rung)


@formula(
    category=LADDER,
    help="Profit of a ladder by layer as VIX moves, each future moving by its tenor beta.",
    arguments=(
        Argument("ladder", Kind.RANGE, "what ALVH_LADDER gave, with or without its header row"),
        Argument("vix_from", Kind.SINGLE, "spot VIX now", "VIX points", above=0),
        Argument("vix_to", Kind.VECTOR, "levels of spot VIX to look at", "VIX points"),
        Argument(
            "days", Kind.SINGLE, "calendar days that pass; 0 if omitted", "days", low=0, optional=True, default=0.0
        ),
        ONE_RATE,
        BETA_PARAMS,
        HEADERS,
    ),
    result="A row a level: VIX, dollars by layer and in total. The options keep their own volatility.",
    source="tenor beta measured on VX contracts 2013-2026; Black (1976)",
    example={
        "ladder": (("front", 4.0, 21.0, 2.1, 840.0, 0.5, 12.0, -15.0, 0.47, 94.0, 0.10, 20.1, 0.80),),
        "vix_from": 17.0,
        "vix_to": (15.0, 20.0, 25.0, 35.0),
        "days": 0.0,
        "rate": 0.05,
    },
    columns=ladders.Response._fields,
)
def alvh_ladder_response(ladder, vix_from, vix_to, days, rate, beta_params):
    rungs = read_rungs(ladder)
    params = read_beta_params(beta_params)
    if not np.isfinite(vix_to).all() or (vix_to <= 0.0).any():
        raise num_error("vix_to has a cell that is no level of VIX; give numbers above 0")
    answers = ladders.respond(rungs, vix_from, vix_to, days, rate, params)
    too_far = num_error("a future falls to 0 or below at this level of VIX; give a higher vix_to")
    return [row if np.isfinite(row.total) else (row.vix, *(too_far,) * 4) for row in answers]


def read_rungs(value: Any) -> list[ladders.Rung]:
    """The rows of ALVH_LADDER, header or not, as rungs."""
    width = len(ladders.Rung._fields)
    given = cells.grid(value, "ladder")
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) != width:
        raise value_error(f"ladder has {len(rows[0])} columns; give the {width} columns of ALVH_LADDER")
    if rows[0][0] == ladders.Rung._fields[0]:
        rows = rows[1:]
    rungs = []
    for i, row in enumerate(rows):
        if cells.is_blank(row[0]):
            continue  # below the last rung of a preset with fewer
        layer = cells.text(row[0], f"ladder (layer of rung {i + 1})")
        if layer not in ladders.LAYERS:
            raise value_error(f"ladder has the layer {layer!r}; it must be front, mid or back")
        numbers = [
            cells.number(cell, f"ladder ({name} of rung {i + 1})")
            for name, cell in zip(ladders.Rung._fields[1:], row[1:], strict=True)
        ]
        rungs.append(ladders.Rung(layer, *numbers))
    if not rungs:
        raise value_error("ladder has no rung; give the rows of ALVH_LADDER")
    return rungs


@formula(
    category=LADDER,
    help="Points that a VIX future moves per point of spot VIX, c + A exp(-kappa years).",
    arguments=(
        YEARS,
        Argument("params", Kind.VECTOR, "c, A and kappa; those of daily changes 2013-2026 if omitted", optional=True),
    ),
    result="Ratio, one a time.",
    source="fit to daily changes of VX contracts 2013-2026",
    example={"years": 0.10},
    paired=True,
    broadcasts=True,
)
def alvh_tenor_beta(years, params):
    return tenor_beta.tenor_beta(years, read_beta_params(params))
