"""Compressed text is read back by oletools, whose reader is not ours."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oletools import olevba

from xlalvh.hosts.excel.compression import compress, decompress


def read(container: bytes) -> bytes:
    return bytes(olevba.decompress_stream(bytearray(container)))


def test_the_specifications_examples() -> None:
    """[MS-OVBA] 3.2.1 to 3.2.3: no compression, normal, and maximum compression."""
    assert compress(b"abcdefghijklmnopqrstuv.") == bytes.fromhex(
        "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"
    )
    assert compress(b"a" * 73) == bytes.fromhex("01 03 B0 02 61 45 00")
    assert decompress(bytes.fromhex("01 03 B0 02 61 45 00")) == b"a" * 73
    normal = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    container = compress(normal)
    assert read(container) == normal
    assert len(container) == 1 + 0x2F + 3  # a signature, and what its header says


@pytest.mark.parametrize("size", [1, 3, 4095, 4096, 4097, 20_000])
def test_any_size(size: int) -> None:
    text = ("Function ALVH_PRICE(right, forward)\r\n    x = 1\r\n" * 500).encode()[:size]
    assert read(compress(text)) == decompress(compress(text)) == text


@given(st.binary(max_size=3000).map(lambda b: bytes(c & 0x1F for c in b)))
def test_any_text(text: bytes) -> None:
    if text:
        assert read(compress(text)) == decompress(compress(text)) == text


def test_a_long_run_late_in_a_chunk_is_cut_into_copies() -> None:
    noise = bytes(random.Random(1).randrange(32, 127) for _ in range(2100))
    assert read(compress(noise + b" " * 1500)) == noise + b" " * 1500


def test_a_full_chunk_of_noise_is_stored_as_it_is() -> None:
    noise = random.Random(1).randbytes(4096)
    assert compress(noise) == b"\x01\xff\x3f" + noise
    with pytest.raises(ValueError, match="4000 bytes cannot be compressed"):
        compress(noise[:4000])


def test_the_specifications_normal_container_is_read() -> None:
    """[MS-OVBA] 3.2.2, which another compressor wrote."""
    container = bytes.fromhex(
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70"
        "04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
    )
    assert decompress(container) == read(container) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"


def test_what_is_no_container_is_said() -> None:
    with pytest.raises(ValueError, match="does not begin with 1"):
        decompress(b"text")
    with pytest.raises(ValueError, match="copies from before"):
        decompress(bytes.fromhex("01 03 B0 02 61 FF FF"))
