"""Each policy that is known to stand in the way, set alone: what is found, with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_windows import FakeWindows
from xlalvh.doctor import policies
from xlalvh.doctor.check import State, diagnose
from xlalvh.hosts.excel.windows import Value

USER = r"HKCU\Software\Microsoft\Office\16.0"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
LOCAL_ASR = ASR.replace(r"Policies\Microsoft", "Microsoft")
MANAGED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
CHILD = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
WIN32 = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"


@pytest.fixture
def machine(tmp_path: Path) -> FakeWindows:
    return FakeWindows(tmp_path)


def test_nothing_is_forbidden_on_a_plain_machine(machine: FakeWindows) -> None:
    found = diagnose(policies.checks(machine))
    assert [check.state for check in found] == [State.OK] * 4


@pytest.mark.parametrize(("key", "name", "value", "link", "state", "told"), [
    (rf"{USER}\Excel\Security", "VBAWarnings", 1, "macros", State.WARNING, "every macro"),
    (rf"{USER}\Excel\Security", "VBAWarnings", 2, "macros", State.OK, "Enable Content"),
    (rf"{USER}\Excel\Security", "VBAWarnings", 3, "macros", State.FAULT, "signed macros only"),
    (rf"{USER}\Excel\Security", "VBAWarnings", 4, "macros", State.FAULT, "the user's setting disables all"),
    (rf"{POLICY}\Excel\Security", "vbawarnings", 4, "macros", State.FAULT, "a policy disables all"),
    (rf"{POLICY}\Excel\Security", "blockcontentexecutionfrominternet", 1, "macros", State.WARNING, "internet"),
    (rf"{POLICY}\Common", "VBAOFF", 1, "macros", State.FAULT, "turns VBA off"),
    (rf"{USER}\Excel\Security\Trusted Locations", "AllLocationsDisabled", 1, "trusted locations", State.FAULT, "off"),
    (rf"{POLICY}\Excel\Security\Trusted Locations", "alllocationsdisabled", 1, "trusted locations", State.FAULT, "off"),
    (rf"{POLICY}\Common\Security\Trusted Locations", "Allow User Locations", 0, "trusted locations", State.WARNING,
     "XLSTART"),
    (rf"{USER}\Excel\Security", "RequireAddinSig", 1, "add-in policies", State.FAULT, "signed"),
    (rf"{POLICY}\Excel\Security", "DisableAllAddins", 1, "add-in policies", State.FAULT, "all add-ins"),
    (rf"{POLICY}\Excel\Resiliency", "RestrictToList", 1, "add-in policies", State.FAULT, "leaves ours out"),
    (rf"{POLICY}\Excel\Resiliency\AddinList", "xlalvh.xlam", "0", "add-in policies", State.FAULT, "leaves ours out"),
    (ASR, CHILD, "1", "attack surface rules", State.FAULT, "start no process"),
    (ASR, CHILD.upper(), 1, "attack surface rules", State.FAULT, "start no process"),
    (ASR, CHILD, "0", "attack surface rules", State.OK, "none"),
    (ASR, CHILD, "2", "attack surface rules", State.WARNING, "only records"),
    (LOCAL_ASR, WIN32, 6, "attack surface rules", State.WARNING, "warns"),
    (LOCAL_ASR, "be9ba2d9-53ea-4cdc-84e5-9b1eeee46550", 1, "attack surface rules", State.OK, "none"),
    (MANAGED, "ASRRules", f"{WIN32}=1|{CHILD}=2", "attack surface rules", State.FAULT, "call Windows"),
])  # fmt: skip
def test_each(
    machine: FakeWindows, key: str, name: str, value: Value, link: str, state: State, told: str
) -> None:  # fmt: skip
    machine.write(key, name, value)
    found = {check.link: check for check in diagnose(policies.checks(machine))}
    assert found[link].state is state
    assert told in found[link].found
    assert bool(found[link].remedy) is (state is not State.OK)
    assert all(check.state is State.OK for other, check in found.items() if other != link)


def test_a_listed_add_in_passes_a_restricted_list(machine: FakeWindows) -> None:
    machine.write(rf"{POLICY}\Excel\Resiliency", "RestrictToList", 1)
    machine.write(rf"{POLICY}\Excel\Resiliency\AddinList", "XLALVH.XLAM", "2")
    assert policies.addins(machine).state is State.OK


def test_a_rule_that_one_place_blocks_and_another_audits_blocks(machine: FakeWindows) -> None:
    machine.write(ASR, CHILD, "1")
    machine.write(LOCAL_ASR, CHILD, 2)
    assert policies.attack_surface(machine).state is State.FAULT
