"""Arguments that several formulas share, so that a word means the same everywhere."""

from __future__ import annotations

from dataclasses import replace

from xlalvh.formulas.registry import Argument, Kind

RIGHT = Argument("right", Kind.RIGHT, '"C" for a call, "P" for a put')
FORWARD = Argument("forward", Kind.NUMBER, "forward of the option's own expiry", "index points", above=0)
STRIKE = Argument("strike", Kind.NUMBER, "strike", "index points", above=0)
YEARS = Argument("years", Kind.NUMBER, "time to settlement: minutes / 525,600", "years", low=0, high=100)
VOL = Argument("vol", Kind.NUMBER, "volatility, 0.18 is 18 %", "decimal a year", low=0, high=100)
RATE = Argument(
    "rate",
    Kind.NUMBER,
    "continuously compounded rate; 0 if omitted",
    "decimal a year",
    low=-1,
    high=1,
    optional=True,
    default=0.0,
)
HEADERS = Argument("headers", Kind.FLAG, "FALSE leaves the header row out", optional=True, default=True)

ONE_FORWARD, ONE_YEARS, ONE_RATE = (replace(argument, kind=Kind.SINGLE) for argument in (FORWARD, YEARS, RATE))
STEP = Argument(
    "step",
    Kind.VECTOR,
    "one number: round strikes to it; several: the listed strikes to snap to",
    "index points",
    optional=True,
)
