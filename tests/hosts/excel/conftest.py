"""xlwings' server with stand-ins for pywin32, and a Calc whose VBA reaches it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, missing
from tests.hosts.excel import com
from xlalvh.hosts.calc import locate
from xlalvh.hosts.calc.session import CalcSession, ProgramMissingError

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def python() -> Iterator[Any]:
    """xlwings' ``XLPython`` object."""
    with com.stand_ins(is_range=lambda value: isinstance(value, com.FakeRange)) as found:
        yield found


@pytest.fixture(scope="module")
def bare_calc() -> Iterator[CalcSession]:
    """A Calc without our add-in, whose functions would come before those of a file; one a module, since macros of a
    book that will not close would hold up those of the next."""
    try:
        session = CalcSession(bare=True)
        session.__enter__()
    except ProgramMissingError as error:
        missing(str(error))
    yield session
    session.__exit__(None, None, None)


@contextlib.contextmanager
def reached_by(program: str, *arguments: str, home: Path | None = None) -> Iterator[str]:
    """The pipe on which Calc finds the stand-in for the Python process that xlwings' library starts."""
    environment = {**locate.environment(), "PYTHONPATH": str(ROOT)}
    if home is not None:
        environment["XLALVH_HOME"] = str(home)
    name = f"xlalvh-test-{uuid.uuid4().hex}"
    process = subprocess.Popen(
        [str(locate.calc_python()), str(HERE / "acceptor.py"), name, sys.executable, str(HERE / program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield name
    process.stdin.close()
    process.wait(60)
    process.stdout.close()
