"""The update of the history: from a folder and from a market on this machine, broken off and gone on with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.market.loopback import Server, answer, serving
from xlalvh.market.settings import Cboe, Fred, Http, Settings
from xlalvh.research import fetch
from xlalvh.research.gaps import Report
from xlalvh.research.history import HistoryError, load

FIRST, NOW = "2019-12-02", dt.datetime(2020, 3, 20, 2, 0, tzinfo=dt.UTC)  # after the session of 2020-03-19
FILES = {
    "VIX": "cboe_VIX_History", "VIX9D": "cboe_VIX9D_History", "VIX3M": "cboe_VIX3M_History",
    "VIX6M": "cboe_VIX6M_History", "VVIX": "cboe_VVIX_History", "SKEW": "cboe_SKEW_History",
    "SPX": "SPX_GSPC_yahoo_1927-2026", "DFF": "fred_DFF",
}  # fmt: skip


def iso(cell: str) -> str:
    return f"{cell[6:]}-{cell[:2]}-{cell[3:5]}" if "/" in cell else cell


def cut(path: Path, last: str) -> bytes:
    """A real file from a little before to a day."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines[1:] if FIRST <= iso(line.partition(",")[0]) <= last]
    return "\n".join([lines[0], *rows, ""]).encode() if rows else b""


@dataclass
class World:
    """Servers with real files up to a day, and the data directory of a user."""

    server: Server
    data: Path
    home: Path
    now: dt.datetime = NOW
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        address = self.server.address
        self.settings = Settings(
            http=Http(every=0.0, connect=2.0, read=2.0, total=5.0, retries=0),
            cboe=Cboe(quotes=f"{address}/quotes", histories=f"{address}/daily", futures=f"{address}/VX"),
            fred=Fred(graph=f"{address}/graph"),
        )

    def serve(self, last: str) -> None:
        for symbol, name in FILES.items():
            route = "/graph?id=DFF" if symbol == "DFF" else f"/daily/{symbol}_History.csv"
            body = cut(self.data / "indices" / f"{name}.csv", last)
            self.server.routes[route] = answer(body.replace(b"date,value", b"DATE,DFF"))
        for path in (self.data / "vx_futures" / "cboe_per_contract").glob("VX_20*.csv"):
            body = cut(path, last)
            if body:
                self.server.routes[f"/VX/{path.name}"] = answer(body)

    def asked(self) -> list[str]:
        """The paths asked for since the last time."""
        found = [path for path, _ in self.server.asked]
        self.server.asked.clear()
        return found

    def forget_answers(self) -> None:
        """As if the hour were over in which an answer serves again."""
        for path in (self.home / "answers").glob("*"):
            path.unlink()

    def update(self, folder: Path | None = None) -> Report:
        return fetch.update(self.settings, self.told.append, self.now, folder)


@pytest.fixture
def world(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(fetch, "_FIRST_CONTRACT", (2020, 1))
    with serving() as server:
        yield World(server, data, tmp_path / "home")


def test_from_the_providers(world: World) -> None:
    world.serve("2020-03-19")
    report = world.update()
    history = load()
    assert (str(history.day[0]), str(history.day[-1])) == (FIRST, "2020-03-19")
    i = history.at(dt.date(2020, 3, 16))
    assert (history.vix[i], history.curve(i).settles[0]) == (82.69, 72.625)
    assert history.vx_final[history.vx_expiry == np.datetime64("2020-03-18")] == 69.76
    assert history.rate[i] == pytest.approx(365.0 * np.log(1.0 + 0.0110 / 360.0), abs=1e-9)
    assert report.sessions_missing == ()
    assert all(series.missing == () for series in report.series)


def test_only_what_lacks_days_is_asked_for_again(world: World) -> None:
    world.serve("2020-03-17")
    world.now = dt.datetime(2020, 3, 18, 2, 0, tzinfo=dt.UTC)
    world.update()
    world.asked()
    world.forget_answers()
    world.update()
    assert all(path not in world.server.routes for path in world.asked())  # but contracts that are not listed yet
    world.serve("2020-03-19")
    world.now = NOW
    world.forget_answers()
    world.update()
    asked = world.asked()
    assert "/daily/SPX_History.csv" in asked
    assert "/VX/VX_2020-03-18.csv" in asked  # its final settlement was still to come
    assert "/VX/VX_2020-04-15.csv" in asked
    assert not any("VX_2020-01" in path or "VX_2020-02" in path for path in asked)  # settled long ago
    assert str(load().day[-1]) == "2020-03-19"


def test_what_was_fetched_before_a_break_is_kept(world: World) -> None:
    world.serve("2020-03-19")
    broken = dict(world.server.routes)
    for path in ("/daily/VVIX_History.csv", "/VX/VX_2020-04-15.csv"):
        world.server.routes[path] = answer(b"", "503 Service Unavailable")
    report = world.update()
    assert len([line for line in report.refused if "503" in line]) == 2
    assert np.isnan(load().vvix).all()
    world.asked()
    world.server.routes = broken
    world.forget_answers()
    report = world.update()
    assert report.refused == ()
    asked = world.asked()
    assert "/daily/VVIX_History.csv" in asked
    assert "/VX/VX_2020-04-15.csv" in asked
    assert "/daily/SPX_History.csv" not in asked
    assert np.isfinite(load().vvix).all()


def test_an_index_that_answers_shorter_loses_nothing(world: World) -> None:
    world.serve("2020-03-17")
    world.update()
    before = load()
    world.server.routes["/daily/SPX_History.csv"] = answer(
        b"DATE,OPEN,HIGH,LOW,CLOSE\n03/19/2020,2393.48,2466.97,2319.78,2409.39\n"
    )
    world.forget_answers()
    world.update()
    after = load()
    assert np.isin(before.day, after.day).all()
    assert after.spx[-1] == 2409.39


def test_without_a_market_the_history_stays(world: World) -> None:
    world.serve("2020-03-19")
    world.update()
    before = load()
    world.server.routes.clear()
    world.now = NOW + dt.timedelta(days=4)
    world.forget_answers()
    report = world.update()
    assert any("404" in line for line in report.refused)
    for name in before.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(load(), name), getattr(before, name))
    empty = World(world.server, world.data, world.home / "other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLALVH_HOME", str(empty.home))
        with pytest.raises(HistoryError, match="no file holds a history of SPX"):
            empty.update()


def test_from_a_folder_it_is_taken_in_for_good(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "files" / "deep"
    folder.mkdir(parents=True)
    for symbol, name in FILES.items():
        (folder / f"{symbol}.csv").write_bytes(cut(world.data / "indices" / f"{name}.csv", "2020-03-19"))
    (folder / "VX_2020-04-15.csv").write_bytes(
        cut(world.data / "vx_futures" / "cboe_per_contract" / "VX_2020-04-15.csv", "2020-03-19")
    )
    (folder / "other.csv").write_text("name,phone\na,1\n")
    world.update(folder.parent)
    assert not world.asked()
    first = load()
    assert first.vx_settle[first.at(dt.date(2020, 3, 16))].tolist() == [59.15]
    world.update(folder.parent)
    assert any("0 of them new" in line for line in world.told)
    world.serve("2020-03-19")
    world.update()
    second = load()
    assert np.array_equal(first.spx, second.spx)
    assert second.vx_settle.shape[1] > 3


def test_a_missing_folder_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="there is no folder"):
        world.update(tmp_path / "none")
