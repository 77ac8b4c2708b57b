"""What policies and settings keep Excel from: macros, add-ins, trusted folders, starting a process.

The keys and values are those that Microsoft documents for Office 2016 and later and for Defender's rules of attack
surface reduction. Names of values count in any case.
"""

from __future__ import annotations

from xlalvh.doctor.check import Checks, Finding, fault, ok, warning, worst
from xlalvh.hosts.excel.windows import ADDIN, Machine, Value

_ADMINISTRATOR = "ask whoever runs this computer's policies"
_USER, _POLICY = r"HKCU\Software\Microsoft\Office\16.0", r"HKCU\Software\Policies\Microsoft\Office\16.0"

_RULES = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
_MANAGED_RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
# Rules of attack surface reduction that stand in our way, and what each stops.
_STOPS = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "Excel may start no process, so no formula is computed",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "macros may not call Windows, and ours load a library that reaches Python",
    "3b576869-a4ec-4529-8536-b80a7769e899": "Excel may write no programs; macros that save books can be caught too",
    "75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84": "Excel may not reach into other processes",
    "01443614-cd74-433a-b99e-2ecdc07bfc25": "programs that few people have may not run, our Python perhaps",
}
_BLOCKS, _AUDITS, _WARNS = 1, 2, 6


def checks(machine: Machine) -> Checks:
    """Every link that a policy can break."""
    return {
        "macros": lambda: macros(machine),
        "trusted locations": lambda: trusted(machine),
        "add-in policies": lambda: addins(machine),
        "attack surface rules": lambda: attack_surface(machine),
    }


def macros(machine: Machine) -> Finding:
    """Whether macros may run at all."""
    found = []
    for root, remedy in ((_POLICY, _ADMINISTRATOR), (_USER, "File, Options, Trust Center, Macro Settings")):
        security = _values(machine, rf"{root}\Excel\Security")
        where = "a policy" if root == _POLICY else "the user's setting"
        level = security.get("vbawarnings")
        if level == 4:
            found.append(fault(f"{where} disables all macros without asking", remedy))
        elif level == 3:
            found.append(fault(f"{where} runs signed macros only, and ours are not signed", remedy))
        elif level == 1 and root == _USER:
            safer = f"safer, and enough for xlalvh: {remedy}, Disable with notification"
            found.append(warning("the user's setting runs every macro of every book", safer))
        if _values(machine, rf"{root}\Common").get("vbaoff") == 1:
            found.append(fault(f"{where} turns VBA off in all of Office", remedy))
        if security.get("blockcontentexecutionfrominternet") == 1:
            fine = "nothing for what the installer makes; a book that came by mail or download opens without macros"
            found.append(warning(f"{where} blocks macros of files from the internet", fine))
    return worst(found, ok("asked for a book (Enable Content, once), allowed in the add-in's folder"))


def trusted(machine: Machine) -> Finding:
    """The add-in runs unasked because its folder is a trusted location."""
    found = []
    keys = [rf"{root}\Excel\Security\Trusted Locations" for root in (_POLICY, _USER)]
    if any(_values(machine, key).get("alllocationsdisabled") == 1 for key in keys):
        remedy = f"File, Options, Trust Center, Trusted Locations; or {_ADMINISTRATOR}"
        found.append(fault("trusted locations are turned off, so Excel may not load the add-in's macros", remedy))
    if _values(machine, rf"{_POLICY}\Common\Security\Trusted Locations").get("allow user locations") == 0:
        remedy = f"{_ADMINISTRATOR} to trust the folder XLSTART"
        found.append(warning("a policy allows its own trusted locations only; XLSTART may not be among them", remedy))
    return worst(found, ok("the add-in's folder is trusted as Excel comes"))


def addins(machine: Machine) -> Finding:
    """Settings that refuse unsigned or unlisted add-ins."""
    found = []
    for root in (_POLICY, _USER):
        security = _values(machine, rf"{root}\Excel\Security")
        remedy = f"File, Options, Trust Center, Add-ins; or {_ADMINISTRATOR}"
        if security.get("disablealladdins") == 1:
            found.append(fault("all add-ins are disabled", remedy))
        if security.get("requireaddinsig") == 1:
            found.append(fault("add-ins must be signed, and ours is not", remedy))
    resiliency = rf"{_POLICY}\Excel\Resiliency"
    listed = str(_values(machine, rf"{resiliency}\AddinList").get(ADDIN, ""))
    only_listed = _values(machine, resiliency).get("restricttolist") == 1
    if listed == "0" or (only_listed and listed not in ("1", "2")):
        found.append(fault("a policy's list of add-ins leaves ours out", f"{_ADMINISTRATOR} to list {ADDIN}"))
    return worst(found, ok("none against ours"))


def attack_surface(machine: Machine) -> Finding:
    """Defender's rules that keep Office from what we need."""
    found = []
    for rule, action in _actions(machine).items():
        remedy = f"{_ADMINISTRATOR} to exclude the environment's folder and the add-in from rule {rule}"
        if action == _BLOCKS:
            found.append(fault(f"rule {rule} blocks: {_STOPS[rule]}", remedy))
        elif action == _WARNS:
            found.append(
                warning(f"rule {rule} warns: {_STOPS[rule]}", f"choose Unblock when Windows asks, or {remedy}")
            )
        elif action == _AUDITS:
            found.append(warning(f"rule {rule} only records so far: {_STOPS[rule]}", remedy))
    return worst(found, ok("none that stops us, as far as this user may read"))


def _actions(machine: Machine) -> dict[str, int]:
    """What Defender does by each rule that matters here; where several places say it, blocking counts."""
    found: dict[str, int] = {}
    given = [(name, value) for key in _RULES for name, value in machine.values(key).items()]
    managed = str(_values(machine, _MANAGED_RULES).get("asrrules", ""))
    given += [(name, value) for name, _, value in (rule.partition("=") for rule in managed.split("|"))]
    for name, value in given:
        rule = name.strip("{} ").lower()
        if rule in _STOPS and str(value).isdigit() and found.get(rule) != _BLOCKS:
            found[rule] = int(value)
    return found


def _values(machine: Machine, key: str) -> dict[str, Value]:
    return {name.lower(): value for name, value in machine.values(key).items()}
