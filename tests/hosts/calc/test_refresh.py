"""What the menu asks the helper for."""

from __future__ import annotations

import json
import time

import pytest

from tests.exchange import Exchange
from xlalvh.hosts.calc.answers import answer


def asked(what: str, given: object = None) -> dict[str, object]:
    found = json.loads(answer(json.dumps({"do": what, "with": given})))
    assert isinstance(found, dict)
    return found


def until_done() -> list[object]:
    give_up = time.monotonic() + 60.0
    while True:
        found = asked("poll")["ok"]
        assert isinstance(found, list)
        if found[0]:
            return found
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_start_poll_and_the_areas(exchange: Exchange) -> None:
    assert "holds no quotes" in str(asked("block", False)["failed"])
    exchange.quote_sample()
    assert asked("start") == {"ok": None}
    assert asked("start") == {"ok": None}  # takes part in the first
    assert until_done()[2] == ""
    assert len(exchange.asked()) == len(set(exchange.asked()))
    areas = asked("block", False)["ok"]
    assert isinstance(areas, dict)
    assert areas["spx_spot"] == [[pytest.approx(6912.35)]]


def test_a_failure_gets_its_line(exchange: Exchange) -> None:
    found = asked("failed", ["no connection", False])["ok"]
    assert isinstance(found, dict)
    assert str(found["refresh_status"][0][0]).endswith("no connection")


def test_the_doctor_says_what_needs_attention() -> None:
    give_up = time.monotonic() + 120.0
    while (found := asked("doctor")) == {"ok": None}:
        assert time.monotonic() < give_up
        time.sleep(0.2)
    text = str(found["ok"])
    assert text.startswith("The doctor looked at ")
    assert text.count("Remedy: ") == text.count("\n\n")
