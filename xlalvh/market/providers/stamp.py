"""The date line of a Cboe quote table, in whatever language the browser wrote it."""

from __future__ import annotations

import datetime as dt
import re

from xlalvh.market import calendar

# Hours from UTC of the zone words that occur; others are refused.
_ZONES = {
    "EST": -5, "EDT": -4, "HNE": -5, "HAE": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "HKT": 8,
}  # fmt: skip
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?(?!\d)")
_WORD = re.compile(r"\b(?!AM\b|PM\b)([A-Z]{2,5}|Z)\s*$")
_TIME = re.compile(r"(?<![.\d])\d{1,2}[:.]\d{2}(?![.\d])")
_NUMERIC = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_LONGEST = 100


class StampError(ValueError):
    """A date line that cannot be read; the message says what is wrong with it."""


def parse_stamp(text: str, near: dt.date) -> dt.datetime:
    """The date line as a New York wall time.

    Parameters
    ----------
    text : str
        Such as "January 7, 2024 at 10:52 AM EST", "9 декабря 2023 г. в 13:49 GMT-5" or "14 April 2023, 19:12 UTC−4".
        Without a zone it is New York time.
    near : date
        The chain's first expiry: it tells 7/1/2024 in July from that in January.

    Raises
    ------
    StampError
        For no date, no time of day, or a zone that is not known.
    """
    import dateparser  # slow to import, and needed here only

    if len(text) > _LONGEST:
        raise StampError("the date line is too long")
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\u00a0", " ").replace("\u202f", " ").strip()
    plain, offset = _take_zone(plain)
    plain = re.sub(r"\bг\.|\bр\.|\bkl\.?|\sв\s", " ", plain).strip(" ,")
    plain = re.sub(r"(\d)\s?h\s?(\d\d)", r"\1:\2", plain)
    plain = re.sub(r"\b([ap])\.\s?m\.", r"\1m", plain)
    if not _TIME.search(plain):
        raise StampError(f"the date line {text!r} has no time of day")
    if not (_YEAR.search(plain) or _NUMERIC.match(plain)):
        raise StampError(f"the date line {text!r} is no date")
    orders = ["MDY", "DMY", "YMD"] if _NUMERIC.match(plain) else ["MDY"]
    found = []
    for order in orders:
        try:
            moment = dateparser.parse(plain, settings={"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"]})
        except (ValueError, OverflowError, re.error):
            moment = None
        if moment is not None:
            found.append(moment if moment.tzinfo is None else calendar.to_new_york(moment))
    if not found:
        raise StampError(f"the date line {text!r} is no date")
    wall = min(found, key=lambda m: abs(m.date() - near))
    if offset is None:
        return wall
    try:
        return calendar.to_new_york((wall - offset).replace(tzinfo=dt.UTC))
    except OverflowError as error:
        raise StampError(f"the date line {text!r} is no date") from error


def _take_zone(text: str) -> tuple[str, dt.timedelta | None]:
    """The text without its zone, and the zone's offset from UTC; None for New York time."""
    match = _OFFSET.search(text)
    if match:
        sign = -1 if match[1] == "-" else 1
        offset = sign * dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    else:
        match = _WORD.search(text)
        if match is None:
            return text, None
        if match[1] == "ET":
            offset = None
        elif match[1] in _ZONES:
            offset = dt.timedelta(hours=_ZONES[match[1]])
        else:
            raise StampError(f"the date line {text!r} has the time zone {match[1]}, which is not known")
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), offset
