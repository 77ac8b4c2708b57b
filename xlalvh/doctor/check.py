"""One link of the chain, and how a list of them is gone through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How a link is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What was found at a link; a warning or a fault has a remedy."""

    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """A link with what was found there."""

    link: str
    state: State
    found: str
    remedy: str

    def data(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)

    def text(self) -> str:
        """For people: a line, and one for the remedy."""
        line = f"{self.state.upper():<15}{self.link}: {self.found}"
        return f"{line}\n{'':15}Remedy: {self.remedy}" if self.remedy else line


Checks = Mapping[str, Callable[[], Finding]]


def ok(found: str) -> Finding:
    return Finding(State.OK, found)


def warning(found: str, remedy: str) -> Finding:
    return Finding(State.WARNING, found, remedy)


def fault(found: str, remedy: str) -> Finding:
    return Finding(State.FAULT, found, remedy)


def not_applicable(found: str) -> Finding:
    return Finding(State.NOT_APPLICABLE, found)


def unknown(found: str) -> Finding:
    return Finding(State.UNKNOWN, found)


def worst(findings: Iterable[Finding], else_: Finding) -> Finding:
    """Several findings of one link as one: faults before warnings, all remedies; `else_` where there are none."""
    given = sorted(findings, key=lambda one: one.state is not State.FAULT)
    if not given:
        return else_
    remedies = dict.fromkeys(one.remedy for one in given if one.remedy)
    return Finding(given[0].state, "; ".join(one.found for one in given), "; ".join(remedies))


def diagnose(checks: Checks) -> list[Check]:
    """Go through the links. One that cannot be looked at is unknown and says why; the others are looked at all the
    same."""
    found = []
    for link, look in checks.items():
        try:
            finding = look()
        except Exception as error:
            finding = unknown(f"could not be looked at: {type(error).__name__}: {error}")
        found.append(Check(link, finding.state, finding.found, finding.remedy))
    return found
