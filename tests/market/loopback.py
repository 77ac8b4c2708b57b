"""A server on this machine that answers as told, well or badly."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Reply = Callable[[socket.socket, dict[str, str]], None]


def answer(body: bytes, status: str = "200 OK", **headers: str) -> Reply:
    """A whole answer; header names with underscores for hyphens."""

    def send(connection: socket.socket, request: dict[str, str]) -> None:
        connection.sendall(head(status, Content_Length=str(len(body)), **headers) + body)

    return send


def zipped(body: bytes, cut: int = 0) -> Reply:
    """A compressed answer, `cut` bytes short but honest about its length."""
    packed = gzip.compress(body, 1)
    return answer(packed[: len(packed) - cut], Content_Encoding="gzip")


def head(status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def short(body: bytes) -> Reply:
    """The connection ends before the body does."""

    def send(connection: socket.socket, request: dict[str, str]) -> None:
        connection.sendall(head(Content_Length=str(len(body))) + body[: len(body) // 2])

    return send


def silent(connection: socket.socket, request: dict[str, str]) -> None:
    """Nothing at all."""
    _linger(connection)


def silent_in_the_body(connection: socket.socket, request: dict[str, str]) -> None:
    connection.sendall(head(Content_Length="1000") + b'{"timestamp"')
    _linger(connection)


def dripping(connection: socket.socket, request: dict[str, str]) -> None:
    """A byte now and then, so that no single wait is long."""
    connection.sendall(head(Content_Length="100000"))
    with_end = time.monotonic() + 30.0
    while time.monotonic() < with_end:
        try:
            connection.sendall(b" ")
        except OSError:
            return
        time.sleep(0.05)


def endless(connection: socket.socket, request: dict[str, str]) -> None:
    """A body without an end."""
    try:
        connection.sendall(head())
        while True:
            connection.sendall(b" " * 1_000_000)
    except OSError:
        return


class Server:
    """What is asked for by path; `asked` holds the requests' paths and headers in order."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://localhost:{self.port}" if self._context else f"{scheme}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._stopping.set()
        self._listener.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: Any) -> None:
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                text = b""
                while b"\r\n\r\n" not in text:
                    more = connection.recv(65536)
                    if not more:
                        return
                    text += more
                first, *lines = text.decode("latin-1").split("\r\n")
                path = first.split(" ")[1]
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines) if k}
                self.asked.append((path, headers))
                self.routes.get(path, answer(b"", "404 Not Found"))(connection, headers)
        except OSError:
            return


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(context)
    try:
        yield server
    finally:
        server.close()


def _linger(connection: socket.socket) -> None:
    """Hold the connection until the client ends it."""
    connection.settimeout(30.0)
    try:
        connection.recv(1)
    except OSError:
        return
