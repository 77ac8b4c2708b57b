"""The helper as a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from xlalvh.hosts.calc.client import Client
from xlalvh.hosts.calc.package import helper_command

# The helper with a library that prints in every way there is.
NOISY = """
import os, sys
from xlalvh.hosts.calc import answers, helper
real = answers.answer
def noisy(question):
    print("noise"); sys.stdout.flush(); os.write(1, b"more noise"); os.system("echo and more")
    return real(question)
answers.answer = noisy
helper.main()
"""


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    made = Client(request.param, str)
    yield made
    made.close()


@pytest.mark.parametrize("client", [helper_command(), [sys.executable, "-I", "-c", NOISY]], indirect=True)
def test_answers_are_clean_whatever_is_printed(client: Client) -> None:
    for _ in range(3):
        assert client.ask(["ALVH_PRICE", ["C", 110.0, 100.0, 0.0, 0.2], False]) == 10.0


def test_it_ends_when_the_pipe_closes() -> None:
    done = subprocess.run(helper_command(), input=b"", capture_output=True, timeout=30, check=True)
    assert done.stdout == b""
