"""Write xlalvh/market/holidays.csv from exchange_calendars. Run it when that package knows better."""

from __future__ import annotations

import exchange_calendars
import pandas as pd

from xlalvh.market import calendar


def holidays() -> list[str]:
    """The lines of the file."""
    exchange = exchange_calendars.get_calendar("XNYS", start=str(calendar.FIRST), end=str(calendar.LAST))
    weekdays = pd.bdate_range(calendar.FIRST, calendar.LAST)
    days = [(day.date(), "closed") for day in weekdays.difference(exchange.sessions)]
    days += [(day.date(), "early") for day in exchange.early_closes]
    return ["date,kind", *(f"{day},{kind}" for day, kind in sorted(days))]


if __name__ == "__main__":
    from pathlib import Path

    target = Path(calendar.__file__).with_name("holidays.csv")
    target.write_text("\n".join(holidays()) + "\n", encoding="ascii")
