"""Modules are read back as they were written; oletools, whose reader is not ours, agrees."""

from __future__ import annotations

import re
from zipfile import ZipFile

import pytest
from oletools.olevba import VBA_Parser

from tests.conftest import ROOT
from xlalvh.hosts.excel.vba_reading import modules, procedures

_ATTRIBUTE = re.compile(r"^Attribute .*$", re.M)


def test_our_project_is_read_as_oletools_reads_it() -> None:
    with ZipFile(ROOT / "workbook" / "alvh.xlsm") as archive:
        project = archive.read("xl/vbaProject.bin")
    parser = VBA_Parser("vbaProject.bin", data=project)
    theirs = {name.rsplit(".", 1)[0]: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    ours = modules(project)
    assert set(theirs) <= set(ours)
    for name, code in theirs.items():
        assert ours[name] == _ATTRIBUTE.sub("", code.replace("\r\n", "\n")).strip(), name
    assert not any(ours[name] for name in set(ours) - set(theirs))


def test_procedures() -> None:
    code = (
        "Option Explicit\nPrivate Sub A(x)\n\n  y\nEnd Sub\n'Sub B()\nPublic Static Function c() As Long\n"
        "Property Get D()\n"
    )
    assert procedures(code) == {
        "Private Sub A(x)\ny\nEnd Sub",
        "Public Static Function c() As Long",
        "Property Get D()",
    }


@pytest.mark.parametrize("data", [b"", b"no project", bytes(4096)])
def test_what_is_no_project_is_said(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        modules(data)
