"""The command line as its user sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from xlalvh.cli import app, run
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.snapshot import combine
from xlalvh.market.store import NAME, Store

SPX = "spx_chains/SPX_2023-05-19_close.csv"
VIX = "vix_chains/VIX_2023-05-15_1147ET_cboe_quotedata.csv"


def _run(out: Path, *words: str) -> tuple[int, Any, str]:
    done = CliRunner().invoke(app, ["run", "--engine", "embedded", "--out", str(out), "--json", *words])
    return done.exit_code, json.loads(done.stdout), done.stderr


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory without quotes."""
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_sample_is_the_default(tmp_path: Path) -> None:
    code, found, _ = _run(tmp_path)
    assert code == 0
    assert found["snapshot"]["sample"] is True
    assert found["snapshot"]["source"] == "SAMPLE, not market data"
    assert found["sizing"]["units"] is not None
    assert (tmp_path / "alvh.xlsx").is_file()


def test_stored_quotes_come_before_the_sample(data: Path) -> None:
    """Looked at before the book is computed, which takes long; the Report names source and age of what it is given."""
    assert run.tables(None, None, None, None).sample
    Store().put(combine(read_quote_table(data / SPX)))
    found = run.tables(None, None, None, None)
    assert not found.sample
    assert found.spx_source == "SPX_2023-05-19_close.csv"


def test_damaged_quotes_are_not_replaced_by_the_sample(tmp_path: Path, home: Path) -> None:
    Store().put(sample_snapshot())
    (home / NAME).write_bytes(b"damaged" * 1000)
    code, found, _ = _run(tmp_path)
    assert code == 1
    assert "is damaged" in found["error"]


def test_pruning_a_damaged_store_says_where_it_is_kept(home: Path) -> None:
    Store().put(sample_snapshot())
    (home / NAME).write_bytes(b"damaged" * 1000)
    said = CliRunner().invoke(app, ["quotes", "prune"]).output
    (kept,) = home.glob("*-damaged-*")
    assert f"it is kept as {kept}," in said


@pytest.mark.parametrize(
    "words", [["run"], ["refresh"], ["quotes", "list"], ["quotes", "prune"], ["quotes", "export", "quotes.csv"]]
)
def test_a_data_folder_that_cannot_be_made_is_said_in_one_line(words: list[str], home: Path) -> None:
    home.write_text("a file")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert f"xlalvh: the data folder {home} cannot be made" in done.stderr
    assert "XLALVH_HOME" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_vix_quotes_the_hedge_is_null_with_a_reason(tmp_path: Path, data: Path) -> None:
    code, found, _ = _run(tmp_path, "--quotes", str(data / SPX))
    assert code == 0
    assert found["ladder"] is None
    assert found["sizing"] is None
    assert found["regime"] is None
    assert "--vix-quotes" in found["ladder_reason"]
    assert found["condor"]["credit"] > 0


def test_a_chain_without_a_45_day_expiry_gives_a_reason(tmp_path: Path, data: Path) -> None:
    code, found, _ = _run(tmp_path, "--quotes", str(data / "spx_chains/SPX_2023-12-08_close_partial.csv"))
    assert code == 0
    assert found["condor"] is None
    assert "within 15 days of 45" in found["condor_reason"]


def test_long_format_needs_a_time(tmp_path: Path, data: Path) -> None:
    path = str(data / "spx_chains/SPX_2025-01-29_long_format.csv")
    code, found, error = _run(tmp_path, "--quotes", path)
    assert code == 1
    assert "--asof" in found["error"]
    assert "--asof" in error
    code, found, _ = _run(tmp_path, "--quotes", path, "--asof", "2025-01-29T16:15")
    assert code == 0
    assert {row["root"] for row in found["spx"]} == {"UNKNOWN"}
    assert found["snapshot"]["market_time"] == "2025-01-29T21:15:00+00:00"
    assert any("list a strike twice" in line for line in found["snapshot"]["warnings"])


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            ["--quotes", "spx_chains/SPX_2023-04-14_close.csv", "--vix-quotes", VIX],
            ["2023-04-14 16:15", "2023-05-15 11:32"],
        ),
        (["--vix-quotes", VIX], ["--quotes", "never mixed with stored quotes or the sample"]),
        (["--quotes", VIX], ["holds VIX options"]),
        (["--quotes", "README.md"], ["README.md"]),
        (["--quotes", "no_such_file.csv"], ["no_such_file.csv"]),
        (["--quotes", SPX, "--asof", "yesterday"], ["--asof", "yesterday"]),
    ],
)
def test_refusals_name_what_and_the_remedy(words: list[str], parts: list[str], tmp_path: Path, data: Path) -> None:
    given = [word if word.startswith("--") or word == "yesterday" else str(data / word) for word in words]
    code, found, error = _run(tmp_path, *given)
    assert code == 1
    for part in parts:
        assert part in found["error"]
        assert part in error.replace("\n", " ")
    assert not (tmp_path / "alvh.xlsx").exists()


def test_a_curve_that_needs_spot_vix_says_so(tmp_path: Path, data: Path) -> None:
    """VX settlements of 2023-05-19 begin with 06-21, 33 days out: day 30 lies between spot VIX and it."""
    code, found, _ = _run(
        tmp_path, "--quotes", str(data / SPX), "--futures", str(data / "vx_futures/VX_all_contracts_long.csv")
    )
    assert code == 0
    assert found["regime"] is None
    assert "spot VIX is not known" in found["regime_reason"]
    assert found["ladder"] is None


def test_futures_file_gives_the_regime_without_vix_options(tmp_path: Path, data: Path) -> None:
    """SPX of 2023-06-09, 13:40: the last settled session is 06-08, whose curve begins with 06-21: contango."""
    code, found, _ = _run(
        tmp_path,
        "--quotes",
        str(data / "spx_chains/SPX_2023-06-09_1340ET.csv"),
        "--futures",
        str(data / "vx_futures/VX_all_contracts_long.csv"),
    )
    assert code == 0
    assert found["regime"] in ("contango", "steep contango")
    assert any("2023-06-08" in line for line in found["snapshot"]["warnings"])


def test_a_curve_of_another_year_is_refused(tmp_path: Path, data: Path) -> None:
    curve = str(data / "vx_futures/VX_settlement_curve_2026-07.csv")
    code, found, _ = _run(tmp_path, "--quotes", str(data / SPX), "--futures", curve)
    assert code == 1
    assert "of another day" in found["error"]


def test_asof_against_the_files_own_time_is_refused(tmp_path: Path, data: Path) -> None:
    code, found, _ = _run(tmp_path, "--quotes", str(data / SPX), "--asof", "2023-06-09T16:00")
    assert code == 1
    assert "2023-05-19 16:15" in found["error"]


def test_stored_quotes_are_listed_exported_and_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path))
    runner = CliRunner()
    out = tmp_path / "q.csv"
    empty = runner.invoke(app, ["quotes", "export", str(out)])
    assert (empty.exit_code, "holds no quotes" in empty.output) == (1, True)
    store = Store()
    for _ in range(2):
        store.put(sample_snapshot())
    listed = runner.invoke(app, ["quotes", "list"]).output.splitlines()
    assert len(listed) == 2
    assert "2026-01-14 15:45" in listed[1]
    assert listed[1].endswith("SAMPLE, not market data")
    assert runner.invoke(app, ["quotes", "export", str(out)]).exit_code == 0
    assert out.stat().st_size > 1_000_000
    assert "deleted: 1 " in runner.invoke(app, ["quotes", "prune", "--days", "0"]).output
    assert len(store.entries()) == 1
