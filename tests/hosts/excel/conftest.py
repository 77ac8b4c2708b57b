"""xlwings' server with stand-ins for pywin32."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hosts.excel import com


@pytest.fixture(scope="module")
def python() -> Iterator[Any]:
    """xlwings' ``XLPython`` object."""
    with com.stand_ins(is_range=lambda value: isinstance(value, com.FakeRange)) as found:
        yield found
