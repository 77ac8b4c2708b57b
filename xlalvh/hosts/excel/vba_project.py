"""Builds ``vbaProject.bin`` from sources, [MS-OVBA]: no compiled code, so that Excel compiles what it reads.

Equal sources give equal bytes.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from xlalvh.hosts.excel.compound_file import compound_file
from xlalvh.hosts.excel.compression import compress

CODEPAGE = "cp1252"
_NAMESPACE = uuid.UUID("6b1c0d5e-6a2b-5d0e-9a55-0b3e5b1f4c77")  # a project's identity follows from its name
_HOST = "{3832D640-CF90-11CF-8E43-00A0C911005A}"  # the Visual Basic editor, [MS-OVBA] 2.3.1.18
_REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
    r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}


class ModuleKind(Enum):
    """What a module belongs to; the value is the class of the document, empty for a standard module."""

    STANDARD = ""
    WORKBOOK = "00020819-0000-0000-C000-000000000046"
    SHEET = "00020820-0000-0000-C000-000000000046"


@dataclass(frozen=True)
class Module:
    """One module.

    Parameters
    ----------
    name : str
        Its name; for a document the code name of the workbook or sheet.
    code : str
        The source without the attributes of the module, lines parted by ``\\n`` or CR LF.
    kind : ModuleKind
    """

    name: str
    code: str
    kind: ModuleKind = ModuleKind.STANDARD

    @property
    def source(self) -> str:
        """What the file holds: attributes and code, with CR LF."""
        lines = [f'Attribute VB_Name = "{self.name}"']
        if self.kind is not ModuleKind.STANDARD:
            lines += [
                f'Attribute VB_Base = "0{{{self.kind.value}}}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                "Attribute VB_PredeclaredId = True",
                "Attribute VB_Exposed = True",
                "Attribute VB_TemplateDerived = False",
                "Attribute VB_Customizable = True",
            ]
        return "\r\n".join([*lines, *self.code.splitlines()]) + "\r\n"


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """A ``vbaProject.bin``.

    Parameters
    ----------
    name : str
        Of the project.
    modules : sequence of Module

    Raises
    ------
    ValueError
        Where two modules have the same name but for case, or a source holds a character outside Windows-1252.
    """
    names = [module.name.lower() for module in modules]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise ValueError(f"two modules are named {', '.join(sorted(twice))}; module names must differ but for case")
    storage = {
        "_VBA_PROJECT": bytes.fromhex("CC61FFFF000000"),  # version FFFF: there is no compiled code to trust
        "dir": compress(b"".join(_directory(name, modules))),
        **{module.name: compress(_encoded(module)) for module in modules},
    }
    return compound_file({"VBA": storage, "PROJECT": _project(name, modules), "PROJECTwm": _names(modules)})


def _encoded(module: Module) -> bytes:
    try:
        return module.source.encode(CODEPAGE)
    except UnicodeEncodeError as error:
        raise ValueError(
            f"module {module.name} holds {error.object[error.start]!r}, which Windows-1252 lacks; write it otherwise"
        ) from None


def _directory(name: str, modules: Sequence[Module]) -> Iterator[bytes]:
    """The records of the dir stream, 2.3.4.2."""
    yield _record(0x0001, _int(1))  # made on 32-bit Windows; both read it
    yield _record(0x0002, _int(0x0409))
    yield _record(0x0014, _int(0x0409))
    yield _record(0x0003, _short(int(CODEPAGE.removeprefix("cp"))))
    yield _record(0x0004, name.encode(CODEPAGE))
    yield _record(0x0005, b"") + _record(0x0040, b"")
    yield _record(0x0006, b"") + _record(0x003D, b"")
    yield _record(0x0007, _int(0))
    yield _record(0x0008, _int(0))
    yield _short(0x0009) + _int(4) + _int(1) + _short(1)  # version 1.1, of which the length leaves out the minor part
    yield _record(0x000C, b"") + _record(0x003C, b"")
    for reference, library in _REFERENCES.items():
        yield _record(0x0016, reference.encode(CODEPAGE)) + _record(0x003E, reference.encode("utf-16-le"))
        text = library.encode(CODEPAGE)
        yield _record(0x000D, _int(len(text)) + text + _int(0) + _short(0))
    yield _record(0x000F, _short(len(modules)))
    yield _record(0x0013, _short(0xFFFF))
    for module in modules:
        narrow, wide = module.name.encode(CODEPAGE), module.name.encode("utf-16-le")
        yield _record(0x0019, narrow) + _record(0x0047, wide)
        yield _record(0x001A, narrow) + _record(0x0032, wide)
        yield _record(0x001C, b"") + _record(0x0048, b"")
        yield _record(0x0031, _int(0))  # the source begins at once
        yield _record(0x001E, _int(0))
        yield _record(0x002C, _short(0xFFFF))
        yield _record(0x0021 if module.kind is ModuleKind.STANDARD else 0x0022, b"")
        yield _record(0x002B, b"")
    yield _record(0x0010, b"")


def _project(name: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream, 2.3.1."""
    identity = "{" + str(uuid.uuid5(_NAMESPACE, name)).upper() + "}"
    key = sum(identity.encode(CODEPAGE)) & 0xFF
    members = [
        f"Module={m.name}" if m.kind is ModuleKind.STANDARD else f"Document={m.name}/&H00000000" for m in modules
    ]
    lines = [
        f'ID="{identity}"',
        *members,
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_protected(_int(0), key, 0x07)}"',  # nobody protected it
        f'DPB="{_protected(bytes(1), key, 0x0E)}"',  # no password
        f'GC="{_protected(bytes([0xFF]), key, 0x15)}"',  # visible
        "",
        "[Host Extender Info]",
        f"&H00000001={_HOST};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}=0, 0, 0, 0, C" for m in modules),
    ]
    return "".join(line + "\r\n" for line in lines).encode(CODEPAGE)


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream, 2.3.3."""
    pairs = (m.name.encode(CODEPAGE) + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in modules)
    return b"".join(pairs) + b"\0\0"


def _protected(data: bytes, key: int, seed: int) -> str:
    """Data Encryption, 2.4.3.2, as hexadecimal text."""
    version = seed ^ 2
    out = [seed, version, seed ^ key]
    plain, last, before = key, seed ^ key, version
    for byte in bytes((seed & 6) // 2) + _int(len(data)) + data:
        enciphered = byte ^ ((before + plain) & 0xFF)
        out.append(enciphered)
        plain, last, before = byte, enciphered, last
    return bytes(out).hex().upper()


def _record(identifier: int, data: bytes) -> bytes:
    return _short(identifier) + _int(len(data)) + data


def _short(value: int) -> bytes:
    return struct.pack("<H", value)


def _int(value: int) -> bytes:
    return struct.pack("<I", value)
