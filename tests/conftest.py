"""Where tests find real market data and programs, and what happens where they are missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange import Exchange
from tests.exchange import exchange as opened_exchange
from workbook.run import Run, run_book
from xlalvh.hosts.calc.session import CalcSession, ProgramMissingError
from xlalvh.market.providers.sample import sample_snapshot
from xlalvh.market.tables import MarketTables, tabulate
from xlalvh.research.assemble import assemble
from xlalvh.research.calibrate import ModelError, model_error
from xlalvh.research.history import History

ROOT = Path(__file__).resolve().parents[1]
STRICT = os.environ.get("XLALVH_STRICT") == "1"


def missing(what: str) -> None:
    """Skip with the reason, or fail where everything must be there."""
    if STRICT:
        pytest.fail(f"XLALVH_STRICT=1 and {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real market data."""
    folder = Path(os.environ.get("XLALVH_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        missing(f"there is no market data in {folder}: set XLALVH_DATA to its folder")
    return folder


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a test run, in place of the user's; programs that are started have it too."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLALVH_HOME", str(folder))
        yield folder


@pytest.fixture
def exchange(home: Path, data: Path) -> Iterator[Exchange]:
    """The market that a refresh of this test asks."""
    with opened_exchange(home, data) as found:
        yield found


@pytest.fixture(scope="session")
def calc(home: Path) -> Iterator[CalcSession]:
    """The one Calc of a test run, with the add-in."""
    session = CalcSession()
    try:
        session.__enter__()
    except ProgramMissingError as error:
        missing(str(error))
    yield session
    session.__exit__(None, None, None)


@pytest.fixture(scope="session")
def history(data: Path) -> History:
    """The history that the real files tell."""
    return assemble(data)[0]


@pytest.fixture(scope="session")
def model_errors(data: Path, history: History, tmp_path_factory: pytest.TempPathFactory) -> ModelError:
    """Of the real chains of SPX and VIX, which are cut and fitted once."""
    folder = tmp_path_factory.mktemp("chains")
    for name in ("spx_chains", "vix_chains"):
        for path in (data / name).glob("*.csv"):
            (folder / path.name).symlink_to(path)
    return model_error(folder, history)


@pytest.fixture(scope="session")
def sample_tables() -> MarketTables:
    return tabulate(sample_snapshot())


@pytest.fixture(scope="session")
def sample_run(sample_tables: MarketTables, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_book(sample_tables, tmp_path_factory.mktemp("sample"), "embedded")
