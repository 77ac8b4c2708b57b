"""Findings, and going through them."""

from __future__ import annotations

from xlalvh.doctor.check import Finding, State, diagnose, fault, ok, warning, worst


def test_a_link_that_cannot_be_looked_at_is_unknown_and_the_rest_is_looked_at() -> None:
    def breaks() -> Finding:
        raise PermissionError("no")

    first, second = diagnose({"first": breaks, "second": lambda: ok("fine")})
    assert first.state is State.UNKNOWN
    assert "PermissionError: no" in first.found
    assert second.data() == {"link": "second", "state": "ok", "found": "fine", "remedy": ""}


def test_the_worst_finding_decides_and_all_are_told() -> None:
    found = worst([warning("w", "do w"), fault("f", "do f"), fault("g", "do f")], ok("fine"))
    assert found == Finding(State.FAULT, "f; g; w", "do f; do w")
    assert worst([], ok("fine")) == ok("fine")


def test_a_line_for_people_has_the_remedy_below() -> None:
    (check,) = diagnose({"add-in": lambda: fault("missing", "install")})
    assert check.text() == "FAULT          add-in: missing\n               Remedy: install"
