"""A server with real quotes, and a refresh that asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.market import delayed
from tests.market.loopback import Server, serving, zipped
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.quotes import ChainSnapshot, Snapshot
from xlalvh.market.refresh import refresh
from xlalvh.market.settings import Cboe, Fred, Http, Settings
from xlalvh.market.store import Store

NOON = dt.datetime(2023, 5, 15, 16, 2, tzinfo=dt.UTC)  # 12:02 New York
SPX, VIX = "/quotes/_SPX.json", "/quotes/_VIX.json"


@dataclass
class Market:
    """A real chain of SPX and one of VIX on a server, a store, and a clock that the test sets."""

    server: Server
    home: Path
    spx: ChainSnapshot
    vix: ChainSnapshot
    contracts: Path
    now: dt.datetime = NOON
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.home / "quotes.sqlite3", clock=lambda: self.now)
        address = self.server.address
        self.settings = Settings(
            histories=(),
            http=Http(every=0.0, connect=2.0, read=1.0, total=3.0, retries=1, size=20.0),
            cboe=Cboe(quotes=f"{address}/quotes", histories=f"{address}/daily", futures=f"{address}/VX"),
            fred=Fred(graph=f"{address}/graph"),
        )
        self.serve()

    def serve(self, spot: float | None = None) -> None:
        """Real quotes stamped now; the SPX level can be another."""
        stamp = f"{self.now:%Y-%m-%d %H:%M:%S}"
        spx = self.spx if spot is None else type(self.spx)("", self.now, spot, self.spx.chain)
        self.server.routes[SPX] = zipped(delayed.file(spx, stamp))
        self.server.routes[VIX] = zipped(delayed.file(self.vix, stamp))

    def serve_futures(self) -> None:
        """The contract files up to the last settlement."""
        day = (self.now - dt.timedelta(days=1)).date().isoformat()
        for path in self.contracts.glob("VX_2023-*.csv"):
            lines = path.read_text(encoding="utf-8").splitlines()
            known = [line for line in lines[1:] if line[:10] <= day]
            if known:
                self.server.routes[f"/VX/{path.name}"] = zipped("\n".join([lines[0], *known, ""]).encode())

    def refresh(self) -> Snapshot:
        return refresh(self.store, self.settings, self.told.append)

    def later(self, **delta: float) -> None:
        self.now += dt.timedelta(**delta)


@pytest.fixture(scope="session")
def chains(data: Path) -> tuple[ChainSnapshot, ChainSnapshot]:
    """Real chains of SPX and VIX; SPX without the far strikes, which only cost time here."""
    spx = read_quote_table(data / "spx_chains" / "SPX_2023-05-19_close.csv")
    near = (spx.chain.strike > 3800) & (spx.chain.strike < 4500)
    spx = type(spx)(spx.source, spx.market_time, spx.spot, spx.chain.take(near))
    return spx, read_quote_table(data / "vix_chains" / "VIX_2023-05-15_1147ET_cboe_quotedata.csv")


@pytest.fixture
def market(
    data: Path, chains: tuple[ChainSnapshot, ChainSnapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Market]:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    with serving() as server:
        yield Market(server, tmp_path / "home", *chains, data / "vx_futures" / "cboe_per_contract")
