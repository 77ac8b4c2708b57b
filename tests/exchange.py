"""A market that the refresh asks: Cboe's files of two snapshots, served on this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.market import delayed
from tests.market.loopback import Reply, Server, answer, serving
from xlalvh.market.calendar import to_new_york
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.quotes import ChainSnapshot

_CLOSE = dt.time(16, 15)


class Exchange:
    """What is quoted now. `home` is the data directory that the refresh uses."""

    def __init__(self, server: Server, home: Path, data: Path) -> None:
        self._server, self.home, self._data = server, home, data

    def quote_may(self) -> None:
        """SPX of 2023-05-19 with VIX of 2023-05-15, real ones."""
        spx = read_quote_table(self._data / "spx_chains" / "SPX_2023-05-19_close.csv")
        vix = read_quote_table(self._data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")
        self._quote(spx, vix)

    def quote_sample(self) -> None:
        """The chains of the sample, years later."""
        sample = sample_snapshot()
        assert sample.vix is not None
        self._quote(sample.spx, sample.vix)

    def fail(self, reply: Reply) -> None:
        """Answer every question so."""
        self._server.routes = {"/_SPX.json": reply, "/_VIX.json": reply}

    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self._server.asked]

    def _quote(self, *chains: ChainSnapshot) -> None:
        for chain in chains:
            after = dt.timedelta(minutes=60 if to_new_york(chain.market_time).time() >= _CLOSE else 15)
            body = delayed.file(chain, f"{chain.market_time + after:%Y-%m-%d %H:%M:%S}")
            self._server.routes[f"/_{chain.chain.underlying}.json"] = answer(body)


@contextmanager
def exchange(home: Path, data: Path) -> Iterator[Exchange]:
    """One that the settings in `home` name; nothing is stored before and after."""
    with serving() as server:
        (home / "settings.toml").write_text(
            f'order = ["cboe"]\nhistories = []\n[http]\nevery = 0.0\nretries = 0\n'
            f'[cboe]\nquotes = "{server.address}"\nhistories = "{server.address}"\nfutures = "{server.address}"\n'
        )
        yield Exchange(server, home, data)
    for path in (home / "settings.toml", *home.glob("quotes.sqlite3*")):
        path.unlink(missing_ok=True)
