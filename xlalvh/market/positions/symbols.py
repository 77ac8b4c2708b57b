"""Option symbols and descriptions as brokers write them."""

from __future__ import annotations

import datetime as dt
import re

from xlalvh.market.positions.legs import Contract, contract

_ROOT = r"(?P<root>SPXW|SPX|XSP|VIXW|VIX)"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_STRIKE, _RIGHT = r"(?P<strike>\d{1,6}(\.\d{1,4})?)", r"(?P<right>CALL|PUT|C|P)"
_FLAGS = re.ASCII | re.IGNORECASE

# The 21 characters of the OCC's Option Symbology Initiative, the spaces optional: SPXW  230616P04200000.
_OSI = re.compile(rf"\.?{_ROOT}\s*(?P<ymd>\d{{6}})(?P<right>[CP])(?P<thousandths>\d{{8}})", _FLAGS)
# thinkorswim and tastytrade: .SPXW230616P4200, .VIX230621C22.5.
_DOTTED = re.compile(rf"\.{_ROOT}(?P<ymd>\d{{6}})(?P<right>[CP]){_STRIKE}", _FLAGS)
# Interactive Brokers' statements: SPXW 16JUN23 4200 P.
_STATEMENT = re.compile(rf"{_ROOT}\s+(?P<d>\d{{1,2}})(?P<mon>[A-Z]{{3}})(?P<y>\d{{2}})\s+{_STRIKE}\s+{_RIGHT}", _FLAGS)
# Schwab: SPXW 06/16/2023 4200.00 P.
_SLASHES = re.compile(
    rf"{_ROOT}\s+(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<y>\d{{4}}|\d{{2}})\s+{_STRIKE}\s+{_RIGHT}", _FLAGS
)
_FORMS = (_OSI, _DOTTED, _STATEMENT, _SLASHES)


def ours(text: str) -> bool:
    """Whether a symbol or description begins with one of our roots."""
    return re.match(rf"\.?{_ROOT}(?![A-Z])", text.strip(), _FLAGS) is not None


def option(text: str) -> Contract | None:
    """The contract that a symbol names, None for a text of another form.

    Raises
    ------
    ValueError
        For a symbol with a date or a strike that is none.

    >>> option("SPXW  230616P04200000")
    Contract(root='SPXW', expiry=datetime.date(2023, 6, 16), right='P', strike=4200.0)
    >>> option("VIX 21JUN23 22.5 C").strike, option("SPY 16JUN23 420 P")
    (22.5, None)
    """
    symbol = " ".join(text.split())
    for form in _FORMS:
        match = form.fullmatch(symbol)
        if match is not None:
            found = match.groupdict()
            strike = int(found["thousandths"]) / 1000.0 if "thousandths" in found else float(found["strike"])
            return contract(found["root"].upper(), _day(found, symbol), found["right"][0].upper(), strike)
    return None


def day(number: str, month: str, year: str) -> dt.date:
    """A day from 16, JUN, 23; ValueError where there is none."""
    try:
        return dt.date(2000 + int(year) % 100, _MONTHS.index(month.upper()[:3]) + 1, int(number))
    except ValueError:
        raise ValueError(f"{number} {month} {year} is no day") from None


def _day(found: dict[str, str], symbol: str) -> dt.date:
    if "ymd" in found:
        ymd = found["ymd"]
        parts = (int(ymd[:2]), int(ymd[2:4]), int(ymd[4:]))
    elif "mon" in found:
        return day(found["d"], found["mon"], found["y"])
    else:
        parts = (int(found["y"]) % 100, int(found["m"]), int(found["d"]))
    try:
        return dt.date(2000 + parts[0], parts[1], parts[2])
    except ValueError:
        raise ValueError(f"{symbol}: its date is no day") from None
