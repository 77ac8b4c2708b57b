"""Writes a compound file, [MS-CFB] version 3: a small file system inside a file. Equal input gives equal bytes.

Written here because the one package on PyPI that writes them (ms-cfb 0.0.6) is a beta with three further packages.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

Storage = Mapping[str, "bytes | Storage"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_IN_HEADER = 109  # sectors of the allocation table that the header lists


class _Entry:
    def __init__(self, name: str, kind: int, data: bytes = b"") -> None:
        self.name, self.kind, self.data = name, kind, data
        self.left = self.right = self.child = _FREE
        self.colour = _BLACK
        self.start, self.size = _END if kind != _STORAGE else 0, len(data)

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        head = struct.pack("<64sHBBIII", name, len(name), self.kind, self.colour, self.left, self.right, self.child)
        return head + bytes(36) + struct.pack("<IQ", self.start, self.size)


def compound_file(root: Storage) -> bytes:
    """The bytes of a compound file.

    Parameters
    ----------
    root : mapping
        Streams (bytes) and storages (mappings) by name; names have at most 31 characters.
    """
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add(entries, root)
    sectors: list[bytes] = []
    table: list[int] = []
    mini = bytearray()
    mini_table: list[int] = []
    for entry in entries[1:]:
        if entry.kind != _STREAM or not entry.data:
            continue
        if entry.size < _CUTOFF:
            entry.start = _chain(mini_table, -(-entry.size // _MINI))
            mini += _padded(entry.data, _MINI)
        else:
            entry.start = _store(sectors, table, entry.data)
    entries[0].size = len(mini)
    if mini:
        entries[0].start = _store(sectors, table, bytes(mini))
    mini_start = _store(sectors, table, _packed(mini_table)) if mini_table else _END
    mini_sectors = -(-len(mini_table) * 4 // _SECTOR)
    listing = b"".join(entry.pack() for entry in entries)
    filler = bytes(64 + 4) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)
    listing += filler * (-len(entries) % (_SECTOR // 128))
    directory_start = _store(sectors, table, listing)
    count = 1
    while count * (_SECTOR // 4) < len(table) + count:
        count += 1
    if count > _IN_HEADER:
        raise ValueError(f"{len(table)} sectors are more than a header lists; give less than 6.8 MB")
    first = len(table)
    table += [_FAT] * count
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,  # directory sectors, 0 in version 3
        count,
        directory_start,
        0,
        _CUTOFF,
        mini_start,
        mini_sectors,
        _END,
        0,
    )
    places = list(range(first, first + count)) + [_FREE] * (_IN_HEADER - count)
    return header + struct.pack(f"<{_IN_HEADER}I", *places) + b"".join(sectors) + _packed(table)


def _add(entries: list[_Entry], storage: Storage) -> int:
    """Add the entries of a storage as a balanced search tree; the index of its top."""
    indices = []
    for name in sorted(storage, key=lambda n: (len(n), n.upper())):
        if len(name) > 31:
            raise ValueError(f"the name {name!r} has {len(name)} characters; give at most 31")
        item = storage[name]
        entry = _Entry(name, _STREAM, item) if isinstance(item, bytes) else _Entry(name, _STORAGE)
        indices.append(len(entries))
        entries.append(entry)
        if not isinstance(item, bytes):
            entry.child = _add(entries, item)
    full = (len(indices) + 1).bit_length() - 1  # levels that are full; what lies below them is red
    return _tree(entries, indices, full)


def _tree(entries: list[_Entry], indices: list[int], black: int) -> int:
    if not indices:
        return _FREE
    middle = len(indices) // 2
    top = entries[indices[middle]]
    top.left = _tree(entries, indices[:middle], black - 1)
    top.right = _tree(entries, indices[middle + 1 :], black - 1)
    top.colour = _BLACK if black > 0 else _RED
    return indices[middle]


def _chain(table: list[int], count: int) -> int:
    start = len(table)
    table += [*range(start + 1, start + count), _END]
    return start


def _store(sectors: list[bytes], table: list[int], data: bytes) -> int:
    sectors.append(_padded(data, _SECTOR))
    return _chain(table, -(-len(data) // _SECTOR))


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _packed(table: list[int]) -> bytes:
    data = struct.pack(f"<{len(table)}I", *table)
    return data + b"\xff" * (-len(data) % _SECTOR)
