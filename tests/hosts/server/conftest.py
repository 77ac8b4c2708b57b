"""A server as its user starts it, and a client.

These tests run by themselves: ``XLWINGS_ON_SERVER=true XLWINGS_LICENSE_KEY=noncommercial python -m pytest
tests/hosts/server``, which ``installer/bootstrap.py test`` does before all others.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

collect_ignore_glob = [] if os.environ.get("XLWINGS_ON_SERVER") == "true" else ["test_*.py"]


@dataclass
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    home: Path

    @property
    def token(self) -> str:
        return (self.home / "serve" / "token").read_text().strip()

    @cached_property
    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.home / "serve" / "certificate.pem")
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def connect(self, tls: ssl.SSLContext | None = None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("localhost", self.port, context=tls or self.tls, timeout=60)

    def get(
        self, path: str, tls: ssl.SSLContext | None = None, **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        connection = self.connect(tls)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def post(self, path: str, body: Any, token: str | None = None) -> tuple[int, Any]:
        """Status and JSON of a post; `body` is bytes, or made JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.connect()
        connection.request("POST", path, data, {"Authorization": f"Bearer {self.token if token is None else token}"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def call(self, name: str, *args: Any, **more: Any) -> Any:
        """The cells that a formula gives."""
        status, answer = self.post("/call", {"func_name": name, "args": args, **more})
        assert status == 200, answer
        return answer["result"]

    def answers(self) -> bool:
        return self.call("ALVH_PRICE", [["P"]], [[90]], [[100]], [[0]], [[0.2]]) == [[10.0]]

    def workers(self) -> list[int]:
        """Process ids of its workers; Linux tells them."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]


def start(home: Path, *words: str, env: dict[str, str] | None = None) -> Served:
    """Start a server on a free port and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "xlalvh", "serve", "--port", str(port), *words],
        env=os.environ | {"XLALVH_HOME": str(home)} | (env or {}),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    server = Served(process, port, home)
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            server.get("/taskpane.html", tls=_unchecked())
            return server
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no server: {process.communicate()[0]}")


def _unchecked() -> ssl.SSLContext:
    """For the wait only: the certificate may be another's, or not made yet."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = start(tmp_path_factory.mktemp("serve"))
    yield server
    server.process.terminate()
    server.process.wait(timeout=30)
