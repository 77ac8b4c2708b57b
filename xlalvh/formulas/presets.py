"""ALVH_PRESETS: every preset of the 4/4/2 sized for the same condor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.errors import num_error, value_error
from xlalvh.formulas.ladder import BETA_PARAMS, read_beta_params
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.sizing import SIZING
from xlalvh.formulas.vocabulary import HEADERS
from xlalvh.strategy import preset_sizes, presets, rules
from xlalvh.strategy.ladder import LAYERS
from xlalvh.strategy.volatility import VolAt

_PRESET_WIDTH, _EXPIRY_WIDTH, _QUOTE_WIDTH = 13, 11, 7
_TENORS = (presets.MONTHS, presets.DAYS)
_SIZINGS = (presets.BAND, presets.PER_TEN_CONDORS, presets.EXPOSURE, presets.PREMIUM)
_FRONT = rules.rule("front_min_days")
_BAND = tuple(rules.default(name) for name in ("target_coverage", "coverage_low", "coverage_high"))
_SMILE = (0.02, 0.08, 0.6, -0.1, 0.3)
_EXPIRIES = tuple(
    ("VIX", date, i, days, days / 365.0, future, "future", 0.05, 0.8, 9.0, "")
    for i, (date, days, future) in enumerate(((45098.0, 33.0, 19.4), (45126.0, 61.0, 20.8), (45154.0, 89.0, 21.6)), 1)
)
_DELTAS = ((0.5, 0.3, None, None), (0.45, 0.25, None, None), (0.4, None, None, None))
_EXAMPLE: dict[str, Any] = {
    "presets": tuple(
        ("short", layer, days, None, None, None, "months", "band", *deltas, weight)
        for layer, days, deltas, weight in zip(LAYERS, (30.0, 60.0, 90.0), _DELTAS, (4.0, 4.0, 2.0), strict=True)
    ),
    "expiries": _EXPIRIES,
    "smiles": (_SMILE, _SMILE, _SMILE),
    "quotes": tuple(
        (None, row[1], strike, None, ask, None, None)
        for row, asks in zip(_EXPIRIES, ((1.9, 1.05), (2.4, 1.5), (2.9, 1.95)), strict=True)
        for strike, ask in zip((20.0, 25.0), asks, strict=True)
    ),
    "condor": (10.0, -1650.0, 12_900.0, 37_100.0, 640.0),
    "band": _BAND,
}


@formula(
    category=SIZING,
    help="Every preset of the 4/4/2 for the same condor: its own expiries, rungs and size, what it covers and costs.",
    arguments=(
        Argument(
            "presets",
            Kind.RANGE,
            "three rows a preset, as on Rules: preset, layer, days, (3 unread), tenors by, sized by, 4 deltas, weight",
        ),
        Argument(
            "expiries",
            Kind.RANGE,
            "VIX expiries as on Market: root, expiry, month, days, years, forward, source, rate, vol, (2 unread)",
        ),
        Argument("smiles", Kind.RANGE, "a row an expiry, as ALVH_SMILE_FIT gives them; blank where there is none"),
        Argument("quotes", Kind.RANGE, "VIX calls as on Market: key, expiry, strike, call bid, call ask, (2 unread)"),
        Argument(
            "condor",
            Kind.VECTOR,
            "condors; tenor-weighted vega, dollars per VIX point; credit, maximum loss, theta a day in dollars",
        ),
        Argument(
            "band",
            Kind.VECTOR,
            "coverage to aim at, lowest, highest; those of Rules if omitted",
            "ratio",
            optional=True,
            default=np.array(_BAND),
        ),
        Argument(
            "front_min_days",
            Kind.SINGLE,
            f"the front layer is the first monthly this far out; {_FRONT.value:g} if omitted",
            "days",
            low=0,
            high=366,
            optional=True,
            default=_FRONT.value,
        ),
        BETA_PARAMS,
        Argument("own_expiries", Kind.VECTOR, "expiries of your own futures", "date", optional=True),
        Argument("own_futures", Kind.VECTOR, "futures in place of the quoted ones", "VIX points", optional=True),
        HEADERS,
    ),
    result="A row a preset, all its units: units, contracts, coverage, coverage were beta 1, cost at the asks, premium "
    "over credit, net theta a day; blanks where the note says why there is no size.",
    source="seeds: 4/4/2 three ways; the vendor's other public pages; tenor beta measured on VX contracts 2013-2026",
    example=_EXAMPLE,
    columns=preset_sizes.PresetSize._fields,
)
def alvh_presets(
    presets, expiries, smiles, quotes, condor, band, front_min_days, beta_params, own_expiries, own_futures
):
    hedged = preset_sizes.Hedged(*_numbers(condor, "condor", preset_sizes.Hedged._fields))
    if not (hedged.condors > 0.0 and hedged.credit > 0.0 and hedged.max_loss > 0.0):
        raise num_error("condor: condors, credit and maximum loss must be above 0; check the sheet Condor")
    limits = preset_sizes.Band(*_numbers(band, "band", preset_sizes.Band._fields))
    if not 0.0 < limits.low <= limits.target <= limits.high:
        raise num_error(f"band is {', '.join(f'{v:g}' for v in limits)}; the target must lie from lowest to highest")
    params = read_beta_params(beta_params).tolist()
    months = _monthlies(expiries, smiles, quotes, _own(own_expiries, own_futures))
    rows = (
        preset_sizes.preset_size(preset, months, hedged, limits, front_min_days, params) for preset in _presets(presets)
    )
    return [tuple("" if isinstance(v, float) and not math.isfinite(v) else v for v in row) for row in rows]


def _numbers(values: np.ndarray, name: str, fields: tuple[str, ...]) -> list[float]:
    if len(values) != len(fields) or not np.isfinite(values).all():
        good = int(np.isfinite(values).sum())
        raise value_error(f"{name} has {good} numbers in {len(values)} cells; give {', '.join(fields)}")
    return values.tolist()


def _rows(value: Any, name: str, width: int) -> list[list[Any]]:
    given = cells.grid(value, name)
    rows = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(rows[0]) != width:
        raise value_error(f"{name} has {len(rows[0])} columns; give {width}")
    return rows


def _presets(value: Any) -> list[presets.Preset]:
    rows = _rows(value, "presets", _PRESET_WIDTH)
    if len(rows) % len(LAYERS):
        raise value_error(f"presets has {len(rows)} rows; give front, mid and back of each")
    return [_preset(rows[i : i + len(LAYERS)]) for i in range(0, len(rows), len(LAYERS))]


def _preset(rows: list[list[Any]]) -> presets.Preset:
    name = cells.text(rows[0][0], "presets (name)")
    tenor, sizing = (cells.text(rows[0][i], f"presets ({name})") for i in (6, 7))
    for word, choices in ((tenor, _TENORS), (sizing, _SIZINGS)):
        if word not in choices:
            raise value_error(f"presets ({name}) has {word!r}; it must be one of: {', '.join(choices)}")
    days, weights, deltas = [], [], []
    for layer, row in zip(LAYERS, rows, strict=True):
        days.append(cells.number(row[2], f"presets ({name}, {layer}, days)"))
        weights.append(cells.number(row[12], f"presets ({name}, {layer}, contracts or share)"))
        found = tuple(d for d in map(cells.missing_or_number, row[8:12]) if math.isfinite(d))
        if not found or not all(0.0 < d < 1.0 for d in found) or weights[-1] < 0.0:
            raise num_error(f"presets ({name}, {layer}) needs a delta from 0 to 1, and a weight of 0 or more")
        deltas.append(found)
    front_days, mid_days, back_days = days
    front, mid, back = weights
    return presets.Preset(name, tenor, (front_days, mid_days, back_days), tuple(deltas), (front, mid, back), sizing, "")


def _own(expiries: np.ndarray | None, futures: np.ndarray | None) -> dict[float, float]:
    if expiries is None or futures is None:
        return {}
    if len(expiries) != len(futures):
        raise value_error(f"own_expiries has {len(expiries)} cells and own_futures {len(futures)}; give equal lengths")
    return {e: f for e, f in zip(expiries.tolist(), futures.tolist(), strict=True) if e > 0.0 and f > 0.0}


def _monthlies(expiries: Any, smile_rows: Any, quotes: Any, own: dict[float, float]) -> list[preset_sizes.Monthly]:
    rows = _rows(expiries, "expiries", _EXPIRY_WIDTH)
    given = cells.grid(smile_rows, "smiles")
    lines = [given.cells] if len(given.shape) == 1 else given.rows()
    if len(lines) != len(rows):
        raise value_error(f"smiles has {len(lines)} rows and expiries {len(rows)}; give a smile an expiry")
    calls = _calls(quotes)
    found = []
    for row, line in zip(rows, lines, strict=True):
        numbers = [cells.missing_or_number(row[i]) for i in (1, 3, 4, 5, 7)]
        if row[0] != "VIX" or not all(map(math.isfinite, numbers)):
            continue
        expiry, days, years, forward, rate = numbers
        future = own.get(expiry, forward)
        strikes = calls.get(expiry, {})
        asks = {} if expiry in own else {k: ask for k, ask in strikes.items() if ask > 0.0}
        vol_at = _vol_at(line, row[8], future, years)
        found.append(preset_sizes.Monthly(days, years, future, rate, vol_at, np.array(sorted(strikes)), asks))
    return sorted(found, key=lambda month: month.days)


def _vol_at(line: list[Any], at_the_money: Any, future: float, years: float) -> VolAt | None:
    if not math.isfinite(cells.missing_or_number(at_the_money)) or all(cells.is_blank(cell) for cell in line):
        return None
    if not (future > 0.0 and years > 0.0):
        return None
    return smiles.vol_at(line, "smiles", future, years)


def _calls(quotes: Any) -> dict[float, dict[float, float]]:
    """Asks by expiry and strike, in points; NaN where a listed strike has none."""
    table = cells.matrix(quotes, "quotes", _QUOTE_WIDTH)
    found: dict[float, dict[float, float]] = {}
    for expiry, strike, ask in table[:, [1, 2, 4]].tolist():
        if expiry > 0.0 and strike > 0.0:
            found.setdefault(expiry, {})[strike] = ask
    return found
