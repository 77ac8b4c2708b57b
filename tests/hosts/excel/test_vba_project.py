"""A project is read back by olevba, exactly."""

from __future__ import annotations

import io
import re

import olefile
import pytest
from oletools import olevba

from xlalvh.hosts.excel.vba_project import Module, ModuleKind, vba_project

MODULES = [
    Module("ThisWorkbook", "Private Sub Workbook_Open()\nEnd Sub", ModuleKind.WORKBOOK),
    Module("Sheet1", "", ModuleKind.SHEET),
    Module("Code", 'Option Explicit\n\nSub Euro()\n    MsgBox "\u20ac 5 \u2013 \u00e9"\nEnd Sub\n' + "' more\n" * 3000),
]


def streams(project: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(project)) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


def test_every_source_comes_back() -> None:
    parser = olevba.VBA_Parser("vbaProject.bin", vba_project("Alvh", MODULES))
    found = {name: source for _, _, name, source in parser.extract_macros()}
    assert found == {
        "ThisWorkbook.cls": MODULES[0].source,
        "Sheet1.cls": MODULES[1].source,
        "Code.bas": MODULES[2].source,
    }
    assert re.fullmatch(r"(?:[^\r\n]*\r\n)+", MODULES[2].source)


def test_nothing_compiled() -> None:
    found = streams(vba_project("Alvh", MODULES))
    assert set(found) == {
        "PROJECT",
        "PROJECTwm",
        *(f"VBA/{n}" for n in ("_VBA_PROJECT", "dir", "ThisWorkbook", "Sheet1", "Code")),
    }
    assert found["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000000")


def test_project_lists_its_members_and_references() -> None:
    found = streams(vba_project("Alvh", MODULES))
    lines = found["PROJECT"].decode("cp1252").split("\r\n")
    assert lines[1:4] == ["Document=ThisWorkbook/&H00000000", "Document=Sheet1/&H00000000", "Module=Code"]
    assert 'Name="Alvh"' in lines
    directory = olevba.decompress_stream(bytearray(found["VBA/dir"]))
    for reference in (b"stdole2.tlb#OLE Automation", b"MSO.DLL#Microsoft Office 16.0 Object Library"):
        assert reference in directory


def decrypted(text: str) -> tuple[int, bytes]:
    """[MS-OVBA] 2.4.3.3 Data Decryption: the project key and the data."""
    data = bytes.fromhex(text)
    seed, version, key = data[0], data[0] ^ data[1], data[0] ^ data[2]
    assert version == 2
    unencrypted, encrypted_1, encrypted_2 = key, data[2], data[1]
    plain = []
    for byte in data[3:]:
        unencrypted = byte ^ ((encrypted_2 + unencrypted) & 0xFF)
        encrypted_2, encrypted_1 = encrypted_1, byte
        plain.append(unencrypted)
    rest = bytes(plain[(seed & 6) // 2 :])
    assert int.from_bytes(rest[:4], "little") == len(rest) - 4
    return key, rest[4:]


def test_protection_fields_say_open_and_visible() -> None:
    text = streams(vba_project("Alvh", MODULES))["PROJECT"].decode("cp1252")
    fields = dict(re.findall(r'^(\w+)="([^"]*)"', text, re.M))
    key = sum(fields["ID"].encode()) & 0xFF
    assert decrypted(fields["CMG"]) == (key, bytes(4))
    assert decrypted(fields["DPB"]) == (key, b"\0")
    assert decrypted(fields["GC"]) == (key, b"\xff")


def test_equal_sources_give_equal_bytes() -> None:
    assert vba_project("Alvh", MODULES) == vba_project("Alvh", MODULES)


def test_faults_are_told() -> None:
    with pytest.raises(ValueError, match="two modules are named code"):
        vba_project("Alvh", [*MODULES, Module("CODE", "")])
    with pytest.raises(ValueError, match="module Bad holds '\u2265', which Windows-1252 lacks"):
        vba_project("Alvh", [Module("Bad", "' \u2265")])
