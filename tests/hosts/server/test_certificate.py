"""Self-made certificates: kept while good, made anew when not, their key for the owner only."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import stat
from pathlib import Path

import pytest

from xlalvh.hosts.server.certificate import LIFE, RENEW, read_or_make

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def made(folder: Path, host: str = "localhost", now: dt.datetime = NOW) -> bytes:
    certificate, key = read_or_make(folder, host, now)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    return certificate.read_bytes()


def test_a_certificate_is_kept_while_it_is_good(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert made(tmp_path, now=NOW + LIFE - RENEW - dt.timedelta(hours=1)) == first
    assert made(tmp_path, "127.0.0.1") == first  # bears all of this machine's own names
    assert made(tmp_path, now=NOW + LIFE - RENEW) != first


@pytest.mark.parametrize("file", ["certificate.pem", "key.pem"])
def test_a_lost_or_damaged_file_is_made_anew(tmp_path: Path, file: str) -> None:
    first = made(tmp_path)
    (tmp_path / file).unlink()
    second = made(tmp_path)
    assert second != first
    (tmp_path / "certificate.pem").write_bytes(b"damaged")
    assert made(tmp_path) not in (first, second)


def test_another_host_needs_another_certificate(tmp_path: Path) -> None:
    assert made(tmp_path, "desk.example") != made(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps files private by the folder's rights")
def test_the_key_is_for_its_owner(tmp_path: Path) -> None:
    made(tmp_path)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
