"""The compression of VBA sources, [MS-OVBA] 2.4.1.

Written here because the one package on PyPI (ms-ovba-compression 1.0.1) does not limit the length of a copy: what it
makes of a long run late in a chunk cannot be read back.
"""

from __future__ import annotations

_CHUNK = 4096
_SHORTEST = 3  # bytes that a copy replaces


def compress(data: bytes) -> bytes:
    """A compressed container.

    Raises
    ------
    ValueError
        Where a last chunk cannot be made smaller, which text always can.
    """
    chunks = [data[i : i + _CHUNK] for i in range(0, len(data), _CHUNK)]
    return b"\x01" + b"".join(_chunk(chunk) for chunk in chunks)


def decompress(container: bytes) -> bytes:
    """What a compressed container holds.

    Raises
    ------
    ValueError
        Where it is none.
    """
    if container[:1] != b"\x01":
        raise ValueError("this is no compressed text: it does not begin with 1")
    out, at = bytearray(), 1
    while at + 2 <= len(container):
        header = int.from_bytes(container[at : at + 2], "little")
        end = at + (header & 0x0FFF) + 3
        chunk = container[at + 2 : end]
        out += _untokened(chunk) if header & 0x8000 else chunk
        at = end
    return bytes(out)


def _untokened(chunk: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(chunk):
        flags = chunk[at]
        at += 1
        for bit in range(8):
            if at >= len(chunk):
                break
            if not flags >> bit & 1:
                out.append(chunk[at])
                at += 1
                continue
            token = int.from_bytes(chunk[at : at + 2], "little")
            at += 2
            length_bits = 16 - max((len(out) - 1).bit_length(), 4)
            start = len(out) - (token >> length_bits) - 1
            if start < 0:
                raise ValueError("this compressed text is damaged: it copies from before its beginning")
            for i in range((token & (1 << length_bits) - 1) + _SHORTEST):
                out.append(out[start + i])
    return bytes(out)


def _chunk(data: bytes) -> bytes:
    packed = _tokens(data)
    if len(packed) <= _CHUNK:
        return (0xB000 | (len(packed) - 1)).to_bytes(2, "little") + packed
    if len(data) < _CHUNK:
        raise ValueError(f"{len(data)} bytes cannot be compressed; is this the text of a module?")
    return (0x3000 | (_CHUNK - 1)).to_bytes(2, "little") + data


def _tokens(data: bytes) -> bytes:
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    position = 0
    while position < len(data):
        flags, group = 0, bytearray()
        for bit in range(8):
            if position >= len(data):
                break
            length_bits = 16 - max((position - 1).bit_length(), 4)  # 2.4.1.3.19.1, CopyToken Help
            length, offset = _longest(data, position, seen, (1 << length_bits) + 2)
            if length:
                flags |= 1 << bit
                group += (((offset - 1) << length_bits) | (length - _SHORTEST)).to_bytes(2, "little")
            else:
                length = 1
                group.append(data[position])
            for i in range(position, position + length):
                seen.setdefault(data[i : i + _SHORTEST], []).append(i)
            position += length
        out.append(flags)
        out += group
    return bytes(out)


def _longest(data: bytes, position: int, seen: dict[bytes, list[int]], most: int) -> tuple[int, int]:
    """Length and distance of the longest earlier match; (0, 0) where there is none."""
    best, distance = 0, 0
    most = min(most, len(data) - position)
    for start in reversed(seen.get(data[position : position + _SHORTEST], ())):
        length = 0
        while length < most and data[start + length] == data[position + length]:
            length += 1
        if length > best:
            best, distance = length, position - start
            if best == most:
                break
    return (best, distance) if best >= _SHORTEST else (0, 0)
