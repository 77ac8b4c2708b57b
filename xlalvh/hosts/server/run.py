"""A start of the server: its address, token, certificate and manifest, then serving until it is stopped."""

from __future__ import annotations

import datetime as dt
import errno
import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from xlalvh.hosts.server import certificate as certificates
from xlalvh.hosts.server import private
from xlalvh.hosts.server import token as tokens
from xlalvh.hosts.server.app import app
from xlalvh.hosts.server.manifest import manifest
from xlalvh.market.directory import data_directory


class PlaceError(Exception):
    """The server cannot start as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where a server serves, and from which files."""

    host: str
    port: int
    token: str
    token_from: str
    certificate: Path
    key: Path
    manifest: Path

    @property
    def address(self) -> str:
        return f"https://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        return self.host in certificates.LOOPBACK


def prepare(host: str, port: int, certificate: Path | None, key: Path | None, now: dt.datetime) -> Place:
    """Read or make what a start needs and write the manifest for its address.

    Raises
    ------
    PlaceError
        Where a file cannot be used.
    """
    try:
        folder = data_directory() / "serve"
        token_file = folder / "token"
        token = tokens.read_or_make(token_file)
        if (certificate is None) != (key is None):
            raise PlaceError("--certificate and --key go together; give both, or neither for a self-made certificate")
        if certificate is None or key is None:
            certificate, key = certificates.read_or_make(folder, host, now)
        else:
            _check_pair(certificate, key)
        place = Place(
            host=host,
            port=port,
            token=token,
            token_from=tokens.VARIABLE if tokens.VARIABLE in os.environ else str(token_file),
            certificate=certificate,
            key=key,
            manifest=folder / "manifest.xml",
        )
        private.write(place.manifest, manifest(place.address).encode())
    except tokens.TokenError as error:
        raise PlaceError(str(error)) from None
    except OSError as error:
        raise PlaceError(
            f"{error.filename}: {error.strerror}; XLALVH_HOME may name another folder" if error.filename else str(error)
        ) from None
    return place


def listen(host: str, port: int) -> list[socket.socket]:
    """Take the port on every address that the host has here.

    Raises
    ------
    PlaceError
        Where the host is no address that Excel can reach, or is not this machine's, or the port is taken.
    """
    _check_host(host)
    taken: list[socket.socket] = []
    try:
        for family, *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                taken.append(socket.create_server(place[:2], family=family))
            except OSError as error:
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):  # a machine without IPv6
                    raise
        if not taken:
            raise OSError(errno.EADDRNOTAVAIL, "not an address of this machine")
    except OSError as error:
        for one in taken:
            one.close()
        reason = os.strerror(error.errno) if error.errno == errno.EADDRINUSE else error.strerror
        raise PlaceError(f"{host} port {port}: {reason}; give a --host of this machine and a free --port") from None
    return taken


def serve(place: Place, sockets: list[socket.socket]) -> None:
    """Serve until it is stopped."""
    config = uvicorn.Config(
        app(place.token),
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        http="h11",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=sockets)


def _check_host(host: str) -> None:
    try:
        everywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
        if not host.replace("-", "").replace(".", "").isalnum() or not host.isascii():
            raise PlaceError(f"--host is {host!r}; give a host name or an address") from None
    if everywhere:
        raise PlaceError(f"--host is {host}; give the name or address that Excel reaches this machine by")


def _check_pair(certificate: Path, key: Path) -> None:
    for option, path in (("--certificate", certificate), ("--key", key)):
        if not path.is_file():
            raise PlaceError(f"{option} is {path}; there is no such file")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (ssl.SSLError, ValueError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise PlaceError(
            f"{certificate} and {key} cannot be used ({reason}); give a PEM certificate and its unencrypted key"
        ) from None
