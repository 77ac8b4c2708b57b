"""The Condor group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xlalvh.formulas import cells, smiles
from xlalvh.formulas.errors import CellError, not_available, num_error, value_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.formulas.vocabulary import (
    FORWARD,
    HEADERS,
    ONE_FORWARD,
    ONE_RATE,
    ONE_YEARS,
    RATE,
    RIGHT,
    STEP,
    STRIKE,
    VOL,
    YEARS,
)
from xlalvh.strategy import book, condor

CONDOR = "Condor"

LEGS = Argument("strikes", Kind.VECTOR, "four strikes, ascending: long put, short put, short call, long call", "points")
VOLS = Argument("vols", Kind.RANGE, "one volatility, one a leg, or the row of a smile", "decimal a year")
CONTRACTS = Argument(
    "contracts", Kind.SINGLE, "condors sold; 1 if omitted", "condors", above=0, optional=True, default=1.0
)
_EXAMPLE = {
    "strikes": (3875.0, 3925.0, 4375.0, 4425.0),
    "forward": 4210.0,
    "years": 0.12,
    "vols": (0.215, 0.206, 0.131, 0.128),
    "rate": 0.05,
}


def read_legs(strikes: np.ndarray, name: str = "strikes") -> np.ndarray:
    """The four strikes of a condor, ascending; `CellError` for others."""
    if len(strikes) != 4 or not np.isfinite(strikes).all():
        raise value_error(f"{name} has {int(np.isfinite(strikes).sum())} numbers; give four strikes")
    if not (np.diff(strikes) > 0.0).all() or strikes[0] <= 0.0:
        shown = ", ".join(f"{k:g}" for k in strikes)
        raise num_error(f"{name} are {shown}; they must ascend: long put, short put, short call, long call")
    return strikes


@formula(
    category=CONDOR,
    help="Strikes of an iron condor by the deltas of its short options.",
    arguments=(
        ONE_FORWARD,
        Argument("years", Kind.SINGLE, "time to settlement", "years", above=0, high=100),
        Argument("vol", Kind.RANGE, "one volatility, or the row of a smile from ALVH_SMILE_FIT", "decimal a year"),
        Argument("put_delta", Kind.SINGLE, "magnitude of the short put's delta", "decimal", above=0, high=1),
        Argument("call_delta", Kind.SINGLE, "magnitude of the short call's delta", "decimal", above=0, high=1),
        Argument("wing_width", Kind.SINGLE, "distance from short to long strikes", "points", above=0),
        ONE_RATE,
        STEP,
    ),
    result="One row: long put, short put, short call, long call, index points.",
    source="inverse of the discounted Black-76 delta",
    example={
        "forward": 4210.0,
        "years": 0.12,
        "vol": 0.16,
        "put_delta": 0.16,
        "call_delta": 0.16,
        "wing_width": 50.0,
        "rate": 0.05,
        "step": 5.0,
    },
    spills=True,
)
def alvh_condor_strikes(forward, years, vol, put_delta, call_delta, wing_width, rate, step):
    vol_at = smiles.vol_at(vol, "vol", forward, years)
    legs = condor.strikes(forward, years, vol_at, put_delta, call_delta, wing_width, rate, step)
    if not np.isfinite(legs).all():
        raise num_error(
            f"no listed strike serves put_delta {put_delta:g} or call_delta {call_delta:g} with wings; check the "
            "deltas, vol and step"
        )
    if legs[0] <= 0.0:
        raise num_error(f"wing_width is {wing_width:g}, which puts the long put below 0; narrow the wings")
    if not (np.diff(legs) > 0.0).all():
        raise num_error(f"the strikes {', '.join(f'{k:g}' for k in legs)} overlap; widen the wings or lower the deltas")
    return (legs,)


@formula(
    category=CONDOR,
    help="What an iron condor sold is worth and risks.",
    arguments=(
        LEGS,
        ONE_FORWARD,
        ONE_YEARS,
        VOLS,
        ONE_RATE,
        CONTRACTS,
        Argument(
            "premiums", Kind.VECTOR, "what the four legs trade at; model prices if omitted", "points", optional=True
        ),
        HEADERS,
    ),
    result="One row; points a condor or dollars for all contracts, as the header says. Margin is Reg-T's: the wider "
    "side x 100. Expected value is the credit less the model value.",
    source="Black (1976); Cboe margin manual; Breeden and Litzenberger (1978) for the probability",
    example={**_EXAMPLE, "contracts": 10.0},
    columns=condor.Condor._fields,
)
def alvh_condor(strikes, forward, years, vols, rate, contracts, premiums):
    legs = read_legs(strikes)
    if premiums is not None and (len(premiums) != 4 or not np.isfinite(premiums).all()):
        raise value_error(f"premiums has {int(np.isfinite(premiums).sum())} numbers; give one a leg")
    vol_at = smiles.vol_at(vols, "vols", forward, years, legs)
    return [condor.evaluate(legs, forward, years, vol_at, rate, contracts, premiums)]


@formula(
    category=CONDOR,
    help="What the untested wing of a condor still earns (the seeds' Second Engine).",
    arguments=(
        LEGS,
        ONE_FORWARD,
        ONE_YEARS,
        VOLS,
        Argument(
            "tested",
            Kind.TEXT,
            '"P" or "C"; the wing with the larger short delta if omitted',
            optional=True,
            default="",
        ),
        ONE_RATE,
        CONTRACTS,
        HEADERS,
    ),
    result="One row: the untested side, its spread and extrinsic value in points, extrinsic value in dollars, theta in "
    "dollars a day to the seller.",
    source="seed: edge article; Black (1976)",
    example={**_EXAMPLE, "tested": "P", "contracts": 10.0},
    columns=condor.Untested._fields,
)
def alvh_second_engine(strikes, forward, years, vols, tested, rate, contracts):
    legs = read_legs(strikes)
    side = {1.0: "C", -1.0: "P"}[cells.right_sign(tested, "tested")] if tested else ""
    vol_at = smiles.vol_at(vols, "vols", forward, years, legs)
    return [condor.untested(legs, forward, years, vol_at, side, rate, contracts)]


def _totals(rows: list[Any], inputs: Mapping[str, list[Any]]) -> list[tuple[Any, ...]]:
    """A subtotal an underlying, in order of appearance, and the total; a figure that failed spoils its own sums."""
    names = [name.strip().upper() if isinstance(name, str) else "" for name in inputs["underlying"]]
    legs = dict(enumerate(rows, start=1))
    totals = []
    for name in dict.fromkeys(name for name in names if name):
        mine = {number: row for (number, row), other in zip(legs.items(), names, strict=True) if other == name}
        totals.append((f"{name} total", "", "", *_sums(mine, book.subtotal)))
    return [*totals, ("Total", "", "", *_sums(legs, book.grand_total))]


def _sums(legs: dict[int, Any], add: Callable[[Sequence[book.Line]], book.Total]) -> tuple[Any, ...]:
    """Sums of numbered legs; blank where there is none, an error that names the leg where one has no figure."""
    failed = {number: [isinstance(item, CellError) for item in row][3:] for number, row in legs.items()}
    lines = [book.Line._make(0.0 if isinstance(item, CellError) else item for item in row) for row in legs.values()]
    sums: list[Any] = ["" if item is None else item for item in add(lines)]
    for i, label in enumerate(book.Total._fields):
        broken = [number for number, faults in failed.items() if faults[i]]
        if broken and sums[i] != "":
            sums[i] = not_available(f"leg {broken[0]} has no {label}; mend it first")
    return tuple(sums)


@formula(
    category=CONDOR,
    help="A book of option legs with dollar Greeks, a subtotal an underlying and a total.",
    arguments=(
        Argument("underlying", Kind.LABEL, "SPX, XSP or VIX"),
        Argument("quantity", Kind.NUMBER, "contracts, + long and - short", "contracts"),
        RIGHT,
        STRIKE,
        YEARS,
        FORWARD,
        VOL,
        RATE,
        Argument(
            "multiplier",
            Kind.NUMBER,
            "dollars a point; 100 if omitted",
            "dollars",
            above=0,
            optional=True,
            default=book.MULTIPLIER,
        ),
        HEADERS,
    ),
    result="A leg a row, then a subtotal an underlying, then the total, which has value, theta and rho only.",
    source="Black (1976)",
    example={
        "underlying": ("SPX", "SPX", "VIX"),
        "quantity": (-10.0, 10.0, 4.0),
        "right": ("P", "P", "C"),
        "strike": (3925.0, 3875.0, 22.0),
        "years": (0.12, 0.12, 0.08),
        "forward": (4210.0, 4210.0, 19.5),
        "vol": (0.206, 0.215, 0.85),
        "rate": 0.05,
    },
    columns=book.Line._fields,
    paired=True,
    footer=_totals,
)
def alvh_book(underlying, quantity, right, strike, years, forward, vol, rate, multiplier):
    legs = book.lines(underlying, quantity, right, strike, years, forward, vol, rate, multiplier)
    return tuple(zip(*legs, strict=True))
