"""Made-up positions that go with the sample's quotes of 2026-01-14."""

from __future__ import annotations

import datetime as dt

from xlalvh.market.positions.legs import Contract, Leg

BROKER, ACCOUNT = "sample", ""

_FEBRUARY, _MARCH = dt.date(2026, 2, 27), dt.date(2026, 3, 13)
_VIX = (dt.date(2026, 2, 18), dt.date(2026, 3, 18), dt.date(2026, 4, 15))


def sample_legs() -> tuple[Leg, ...]:
    """Two condors, a ladder, a VIX weekly and a put spread on XSP."""
    return (
        *_condor("SPXW", _FEBRUARY, (6450.0, 6500.0, 7190.0, 7240.0), 10.0, (27.9, 31.8, 27.6, 19.5), "condor Feb"),
        *_condor("SPXW", _MARCH, (6350.0, 6400.0, 7260.0, 7310.0), 6.0, (34.3, 37.9, 27.2, 20.4), "condor Mar"),
        *(
            Leg(Contract("VIX", expiry, "C", strike), 4.0 if i < 2 else 2.0, entry, "ladder 1")
            for i, (expiry, rungs) in enumerate(
                zip(
                    _VIX,
                    (((18.0, 1.55), (20.0, 1.18)), ((20.0, 1.61), (23.0, 1.2)), ((22.0, 1.6), (27.0, 1.1))),
                    strict=True,
                )
            )
            for strike, entry in rungs
        ),
        Leg(Contract("VIXW", dt.date(2026, 1, 28), "C", 19.0), 5.0, 0.62, "weekly calls"),
        Leg(Contract("XSP", _FEBRUARY, "P", 640.0), 20.0, 2.35, "XSP puts"),
        Leg(Contract("XSP", _FEBRUARY, "P", 650.0), -20.0, 3.05, "XSP puts"),
    )


def _condor(
    root: str, expiry: dt.date, strikes: tuple[float, ...], lots: float, entries: tuple[float, ...], group: str
) -> list[Leg]:
    signs, rights = (1.0, -1.0, -1.0, 1.0), "PPCC"
    return [
        Leg(Contract(root, expiry, right, strike), sign * lots, entry, group)
        for sign, right, strike, entry in zip(signs, rights, strikes, entries, strict=True)
    ]
