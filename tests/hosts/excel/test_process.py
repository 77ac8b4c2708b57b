"""The end of the process with Excel, as Windows does it, with stand-ins for pywin32; `test_abuse` shows it on Linux."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys, time
from types import SimpleNamespace as Names
from unittest.mock import patch
from xlalvh.hosts.excel import process

parent = int(sys.argv[1])
class Gone(Exception):
    pass
def open_process(access, inherit, pid):
    assert (access, inherit, pid) == (0x100000, False, parent)
    if sys.argv[2] == "gone":
        raise Gone
    return "handle"
def wait(handle, milliseconds):
    assert (handle, milliseconds) == ("handle", -1)
    time.sleep(0.3)  # Excel ends then
modules = {
    "win32api": Names(OpenProcess=open_process, error=Gone),
    "win32con": Names(SYNCHRONIZE=0x100000),
    "win32event": Names(WaitForSingleObject=wait, INFINITE=-1),
}
os.getppid = lambda: parent
with patch.dict(sys.modules, modules), patch.object(sys, "platform", "win32"):
    process.end_with_parent()
    print("serves", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("excel", ["runs", "gone"])
def test_on_windows_it_ends_once_excel_has(excel: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "4711", excel], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    if excel == "runs":
        assert done.stdout == "serves\n"
