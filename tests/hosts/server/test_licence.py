"""Without a licence nothing starts, and the reason is one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("flag", ["true", "false"])
@pytest.mark.parametrize(
    ("key", "reason"), [(None, "Couldn't find an xlwings license key"), ("wrong", "Invalid xlwings license key")]
)
def test_no_start_without_a_licence(tmp_path: Path, key: str | None, reason: str, flag: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "XLWINGS_LICENSE_KEY"}
    env |= {"XLALVH_HOME": str(tmp_path), "HOME": str(tmp_path), "XLWINGS_ON_SERVER": flag}
    if key:
        env["XLWINGS_LICENSE_KEY"] = key
    done = subprocess.run(
        [sys.executable, "-m", "xlalvh", "serve"], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"xlalvh: {reason}; set XLWINGS_LICENSE_KEY")
    assert not list(tmp_path.iterdir())
