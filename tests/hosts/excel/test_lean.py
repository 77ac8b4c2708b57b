"""xlwings comes up without pandas, formulas are answered, and pandas is there for who asks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from xlalvh.hosts.excel.lean import without

PROCESS = """
import sys
from xlalvh.hosts.excel.lean import OPTIONAL, without
with without(*OPTIONAL):
    import xlwings
    from xlalvh.hosts.excel import server
print([name for name in OPTIONAL if name in sys.modules])
print(round(server.answer("ALVH_PRICE", False, "P", 4200.0, 4000.0, 0.12, 0.19, 0.05)[0][0], 2))
import pandas
print(pandas.DataFrame({"x": [1, 2]}).x.sum())
"""


def test_xlwings_without_what_it_may_load() -> None:
    found = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[:3] == ["[]", "35.69", "3"]


def test_what_is_loaded_stays_and_a_failure_leaves_nothing_hidden() -> None:
    before = sys.modules["subprocess"]
    with pytest.raises(ZeroDivisionError), without("subprocess", "no_such_package"):  # noqa: PT012
        import subprocess as again

        assert again is before
        with pytest.raises(ImportError):
            __import__("no_such_package")
        raise ZeroDivisionError
    assert "no_such_package" not in sys.modules
