"""What the user sets for the refresh: `settings.toml` in the data directory. Without the file the defaults hold.

```toml
order = ["ib", "cboe", "fred"]  # who is asked first; those not named are not asked

[http]
every = 15.0       # seconds in which no address is asked twice

[files]
spx = "C:/Users/me/Downloads"   # a quote table, or a folder whose newest one counts
```

No provider needs a key, and none may stand here.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from xlalvh.market.directory import data_directory

NAME = "settings.toml"

Provider = Literal["cboe", "fred", "files", "ib", "yahoo", "sample"]
_Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=3600.0)]
_Days = Annotated[int, msgspec.Meta(ge=1, le=1000)]
# TLS except to this machine; no user, password or query in an address.
_Address = Annotated[str, msgspec.Meta(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^@?#\s]+$")]
_Symbol = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{1,20}$")]

HISTORIES = (
    "SPX", "VIX", "VX30", "VX60", "VIX9D", "VIX3M", "VIX6M", "VIX1Y", "VVIX", "SKEW",
    "DFF", "SOFR", "RBUSBIS", "CPIAUCSL", "PPIACO", "GDP", "BAA10Y",
)  # fmt: skip


class SettingsError(ValueError):
    """Settings that cannot be used; the message names the file, the entry and the remedy."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; an entry that is not known is refused."""


class Http(_Table, frozen=True):
    """How servers are asked."""

    every: _Seconds = 15.0  # seconds in which no address is asked twice; the last answer serves
    connect: _Seconds = 10.0  # seconds to connect
    read: _Seconds = 20.0  # seconds without a byte
    total: _Seconds = 90.0  # seconds for one answer, waits and repetitions included
    retries: Annotated[int, msgspec.Meta(ge=0, le=10)] = 3  # after the first attempt
    size: Annotated[float, msgspec.Meta(gt=0.0, le=2000.0)] = 100.0  # MB of an answer, decompressed
    agent: str = "Mozilla/5.0 (compatible; xlalvh)"  # Cboe's server refuses some that do not look like a browser's


class Cboe(_Table, frozen=True):
    """Addresses of Cboe's files, without the last part."""

    quotes: _Address = "https://cdn.cboe.com/api/global/delayed_quotes/options"
    histories: _Address = "https://cdn.cboe.com/api/global/us_indices/daily_prices"
    futures: _Address = "https://cdn.cboe.com/data/us/futures/market_statistics/historical_data/VX"


class Fred(_Table, frozen=True):
    """Address of FRED's CSV files."""

    graph: _Address = "https://fred.stlouisfed.org/graph/fredgraph.csv"


class Files(_Table, frozen=True):
    """Files that the user downloads: a file, or a folder whose newest one of that name counts. "" is none."""

    spx: str = ""
    vix: str = ""
    futures: str = ""  # a file or a folder of contracts


class Ib(_Table, frozen=True):
    """Where Trader Workstation or the Gateway listens, and how much it is asked for."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 7497
    client: Annotated[int, msgspec.Meta(ge=0, le=999)] = 47
    days: tuple[_Days, ...] = (30, 45, 60)  # the SPX expiries nearest to these are asked for
    band: Annotated[float, msgspec.Meta(gt=0.0, le=1.0)] = 0.15  # SPX strikes within so much of spot
    step: Annotated[float, msgspec.Meta(gt=0.0, le=500.0)] = 25.0  # SPX strikes that are multiples of this
    total: _Seconds = 300.0  # seconds for one chain: it comes in portions


class Yahoo(_Table, frozen=True):
    """How much Yahoo is asked for: one request an expiry."""

    days: _Days = 75  # expiries up to so many days ahead


class Settings(_Table, frozen=True):
    """All settings."""

    order: Annotated[tuple[Provider, ...], msgspec.Meta(min_length=1)] = ("cboe", "fred")
    histories: tuple[_Symbol, ...] = HISTORIES  # indices by their symbol, FRED's series by their name
    http: Http = Http()
    cboe: Cboe = Cboe()
    fred: Fred = Fred()
    files: Files = Files()
    ib: Ib = Ib()
    yahoo: Yahoo = Yahoo()


def load(path: Path | None = None) -> Settings:
    """The settings of a file; the defaults where there is none.

    Parameters
    ----------
    path : Path, optional
        `settings.toml` in the data directory if omitted.

    Raises
    ------
    SettingsError
        For a file that is no TOML, or has an entry that is unknown or out of range.
    """
    path = path or data_directory() / NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}); save it as UTF-8 text, or remove it") from error
    try:
        return msgspec.convert(tomllib.loads(text), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        where = str(error).replace("`$.", "`").replace("Object contains", "the file contains")
        raise SettingsError(f"{path}: {where}; correct the entry, or remove it: its default then holds") from None
