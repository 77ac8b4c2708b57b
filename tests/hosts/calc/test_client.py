"""The pipe to the helper: restart, deadline, size."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from xlalvh.hosts.calc.client import Client, HelperError

# Answers with what it was asked, and does as it is told.
ECHO = """
import os, sys, time
from xlalvh.hosts.calc.client import read_message, write_message
while (text := read_message(0)) is not None:
    if "die" in text: os._exit(1)
    if "sleep" in text: time.sleep(60)
    write_message(1, text)
"""


@pytest.fixture
def client() -> Iterator[Client]:
    made = Client([sys.executable, "-I", "-c", ECHO], lambda code: f"<{code}>", limit=0.3)
    yield made
    made.close()


def test_values_come_back(client: Client) -> None:
    question = ["ALVH", [1.5, "é", None, True, [[0.1]]], {"error": "#N/A"}]
    assert client.ask(question) == ["ALVH", [1.5, "é", None, True, [[0.1]]], "<#N/A>"]


def test_a_message_larger_than_a_pipe(client: Client) -> None:
    rows = [[float(i), "text"] for i in range(100_000)]
    assert client.ask(rows) == rows


def test_one_helper_answers_all(client: Client) -> None:
    client.ask(1)
    pid = client.pid
    client.ask(2)
    assert client.pid == pid


def test_a_helper_killed_between_calls_is_not_noticed(client: Client) -> None:
    client.ask(1)
    pid = client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.05)
    assert client.ask(2) == 2
    assert client.pid != pid


def test_a_helper_that_dies_during_a_call_fails_that_call_only(client: Client) -> None:
    client.ask(1)
    with pytest.raises(HelperError, match="ended without an answer"):
        client.ask("die")
    assert client.ask(2) == 2


def test_a_hanging_helper_is_killed_in_time(client: Client) -> None:
    client.ask(1)
    start = time.monotonic()
    with pytest.raises(HelperError):
        client.ask("sleep")
    assert time.monotonic() - start < 2
    assert client.ask(2) == 2


@pytest.mark.parametrize("command", [["/no/such/python"], [sys.executable, "-I", "-c", "raise SystemExit(1)"]])
def test_a_helper_that_cannot_start_is_not_tried_for_every_cell(command: list[str]) -> None:
    client = Client(command, str)
    with pytest.raises(HelperError):
        client.ask(1)
    start = time.monotonic()
    for _ in range(1000):
        with pytest.raises(HelperError, match="did not start"):
            client.ask(1)
    assert time.monotonic() - start < 0.5


def test_close_ends_the_helper(client: Client) -> None:
    client.ask(1)
    pid = client.pid
    assert pid is not None
    client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
