"""The .oxt file."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlalvh.formulas import catalogue
from xlalvh.hosts.calc import locate, package
from xlalvh.hosts.calc.locate import ProgramMissingError


@pytest.fixture(scope="module")
def built(calc: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(package.build(tmp_path_factory.mktemp("oxt"))) as archive:
        yield archive


def test_equal_input_gives_equal_bytes(calc: object, tmp_path: Path) -> None:
    first, second = package.build(tmp_path / "a.oxt"), package.build(tmp_path / "b.oxt")
    assert first.read_bytes() == second.read_bytes()


def test_what_the_manifest_names_is_there(built: zipfile.ZipFile) -> None:
    entries = ET.fromstring(built.read("META-INF/manifest.xml"))
    paths = [next(v for k, v in entry.attrib.items() if k.endswith("full-path")) for entry in entries]
    assert len(paths) == 7
    assert set(paths) <= set(built.namelist())
    for name in ("description.xml", "Jobs.xcu", "Addons.xcu", "ProtocolHandler.xcu"):
        ET.fromstring(built.read(name))


def test_the_table_names_this_python_and_every_formula(built: zipfile.ZipFile) -> None:
    table = json.loads(built.read("alvh.json"))
    assert table["command"] == [sys.executable, "-I", "-m", "xlalvh.hosts.calc.helper"]
    assert list(table["functions"]) == list(catalogue)
    library = built.read("xlalvh.rdb")
    assert all(name.encode() in library for name in catalogue)


def test_a_missing_compiler_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(locate, "_folders", list)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramMissingError, match=r"unoidl-write is missing; install .* libreoffice-dev"):
        package.build(tmp_path)
