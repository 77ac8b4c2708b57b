"""What a start refuses, and the user's own certificate."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import pytest

from tests.hosts.server.conftest import start
from xlalvh.hosts.server import certificate as certificates
from xlalvh.hosts.server.run import PlaceError, listen, prepare

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "a b", "https://desk", 'a"b', "desk/x"])
def test_a_host_that_excel_cannot_reach_is_refused(host: str) -> None:
    with pytest.raises(PlaceError, match="--host is "):
        listen(host, 8644)


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PlaceError, match=rf"localhost port {port}: .* in use; give .* a free --port"):
            listen("localhost", port)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_a_host_that_is_not_here_is_refused(host: str) -> None:
    with pytest.raises(PlaceError, match=f"{host} port 8644: .*; give a --host of this machine"):
        listen(host, 8644)


@pytest.mark.parametrize(
    ("host", "address", "loopback"),
    [
        ("localhost", "https://localhost:8644", True),
        ("::1", "https://[::1]:8644", True),
        ("desk.example", "https://desk.example:8644", False),
    ],
)
def test_the_address_is_the_hosts(host: str, address: str, loopback: bool) -> None:
    place = prepare(host, 8644, None, None, NOW)
    assert (place.address, place.loopback) == (address, loopback)
    assert f'"{address}/taskpane.html"' in place.manifest.read_text()


def test_certificate_and_key_go_together_and_fit(tmp_path: Path) -> None:
    certificate, key = certificates.read_or_make(tmp_path / "one", "localhost", NOW)
    _, other = certificates.read_or_make(tmp_path / "two", "localhost", NOW)
    (tmp_path / "text").write_text("no certificate")
    for given, reason in (
        ((certificate, None), "--certificate and --key go together"),
        ((certificate, tmp_path / "none"), "--key is .*; there is no such file"),
        ((certificate, other), "cannot be used .*; give a PEM certificate"),
        ((tmp_path / "text", key), "cannot be used .*; give a PEM certificate"),
    ):
        with pytest.raises(PlaceError, match=reason):
            prepare("localhost", 8644, *given, NOW)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XLALVH_HOME", str(tmp_path / "file"))
    with pytest.raises(PlaceError, match=r"file cannot be made .* have XLALVH_HOME name a folder"):
        prepare("localhost", 8644, None, None, NOW)


def test_it_serves_with_the_users_certificate(tmp_path: Path) -> None:
    certificate, key = certificates.read_or_make(tmp_path / "own", "localhost", NOW)
    server = start(tmp_path / "home", "--certificate", str(certificate), "--key", str(key))
    try:
        assert not (tmp_path / "home" / "serve" / "key.pem").exists()
        (tmp_path / "home" / "serve" / "certificate.pem").write_bytes(
            certificate.read_bytes()
        )  # what the client trusts
        assert server.answers()
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)
