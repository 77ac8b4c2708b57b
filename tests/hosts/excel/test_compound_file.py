"""Compound files are read by olefile, which is not ours."""

from __future__ import annotations

import io
from collections.abc import Mapping

import olefile
import pytest

from xlalvh.hosts.excel.compound_file import compound_file

SIZES = (0, 1, 64, 65, 4095, 4096, 4097, 70_000)


def opened(data: bytes) -> olefile.OleFileIO:
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL)


def test_streams_of_every_size_come_back() -> None:
    streams = {f"s{size}": bytes(i % 251 for i in range(size)) for size in SIZES}
    with opened(compound_file({"Top": streams["s1"], "VBA": streams})) as file:
        assert sorted("/".join(path) for path in file.listdir()) == sorted(["Top", *(f"VBA/{n}" for n in streams)])
        assert {name: file.openstream(f"VBA/{name}").read() for name in streams} == streams
        assert not file.parsing_issues


def test_many_sectors_need_several_of_the_allocation_table() -> None:
    large = {f"n{i}": bytes([i]) * 100_000 for i in range(20)}
    with opened(compound_file(large)) as file:
        assert all(file.openstream(name).read() == data for name, data in large.items())


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 20])
def test_directory_is_a_red_black_tree(count: int) -> None:
    """[MS-CFB] 2.6.4: in order, no red child of a red one, as many black ones on every way down."""
    names = [f"{'x' * (i % 5)}name{i}" for i in range(count)]
    data = compound_file({name: b"." for name in names})
    with opened(data) as file:
        entries = [file.direntries[i] or file._load_direntry(i) for i in range(count + 1)]

    def walk(index: int, red_above: bool) -> tuple[list[str], int]:
        if index == 0xFFFFFFFF:
            return [], 1
        entry = entries[index]
        red = entry.color == 0
        assert not (red and red_above)
        (left, depth), (right, other) = walk(entry.sid_left, red), walk(entry.sid_right, red)
        assert depth == other
        return [*left, entry.name, *right], depth + (not red)

    order, _ = walk(entries[0].sid_child, False)
    assert entries[entries[0].sid_child].color == 1
    assert order == sorted(names, key=lambda n: (len(n), n.upper()))


def test_a_long_name_is_refused() -> None:
    with pytest.raises(ValueError, match="32 characters; give at most 31"):
        compound_file({"x" * 32: b""})


def test_too_much_is_refused() -> None:
    streams: Mapping[str, bytes] = {"x": bytes(8_000_000)}
    with pytest.raises(ValueError, match=r"6\.8 MB"):
        compound_file(streams)
