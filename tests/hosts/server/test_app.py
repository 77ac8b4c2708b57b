"""Who may call, what is refused, and that the server goes on serving."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tests.conftest import missing
from tests.hosts.server.conftest import Served, start
from xlalvh.hosts.server import app

PRICE = {"func_name": "ALVH_PRICE", "args": [[["P"]], [[90]], [[100]], [[0]], [[0.2]]]}


@pytest.mark.parametrize("path", ["/call", "/references"])
@pytest.mark.parametrize("token", ["", "wrong", "é" * 43])
def test_a_wrong_token_is_refused(served: Served, path: str, token: str) -> None:
    status, answer = served.post(path, PRICE, token=token)
    assert status == 401
    assert "token" in answer["error"]


def test_the_token_is_asked_before_the_body_is_read(served: Served) -> None:
    connection = served.connect()
    connection.putrequest("POST", "/call")
    connection.putheader("Content-Length", str(10_000_000))
    connection.endheaders()  # and no body
    assert connection.getresponse().status == 401


BAD = {
    "nothing": b"",
    "no JSON": b'{"func_name": "ALVH_PRICE", "args": [',
    "no UTF-8": b'{"func_name": "\xff"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "digits": b"9" * 100_000,
    "a list": b"[]",
    "no formula": {},
    "an unknown formula": {"func_name": "ALVH_NONE", "args": []},
    "an attribute": {"func_name": "__builtins__", "args": []},
    "a formula that is no text": {"func_name": ["ALVH_PRICE"], "args": []},
    "no arguments": {"func_name": "ALVH_PRICE"},
    "arguments that are no list": PRICE | {"args": {"right": 1}},
    "an argument that is no rows": PRICE | {"args": ["P"]},
    "empty rows": PRICE | {"args": [[[]]]},
    "ragged rows": PRICE | {"args": [[[1, 2], [3]]]},
    "nested cells": PRICE | {"args": [[[[1]]]]},
    "a cell without value": PRICE | {"args": [[[{"type": "Error"}]]]},
    "too many arguments": {"func_name": "ALVH_VERSION", "args": [[[1]]]},
    "no cell": PRICE | {"cell": "=A1"},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_is_no_call_is_refused(served: Served, body: Any) -> None:
    status, answer = served.post("/call", body)
    assert status == 400
    assert answer["error"]
    assert served.answers()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_10_mb_is_refused(served: Served, chunked: bool) -> None:
    body = json.dumps(PRICE | {"filler": "x" * 10_000_000}).encode()
    pieces = (body[i : i + 65_536] for i in range(0, len(body), 65_536))
    connection = served.connect()
    headers = {"Authorization": f"Bearer {served.token}"}
    try:
        connection.request("POST", "/call", pieces if chunked else body, headers, encode_chunked=chunked)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server need not read what it has refused
    else:
        assert connection.getresponse().status == 413
    assert served.answers()


def test_a_body_that_does_not_come_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> Any:
        await anyio.sleep_forever()

    monkeypatch.setattr(app, "PATIENCE", 0.05)
    scope = {"type": "http", "method": "POST", "headers": [(b"authorization", b"Bearer t")]}
    with pytest.raises(HTTPException) as refused:
        anyio.run(app._body, Request(scope, never), "t")
    assert refused.value.status_code == 408


def test_a_thousand_calls_at_once(served: Served) -> None:
    body = json.dumps(PRICE)
    head = f"POST /call HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\nConnection: close\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    async def one(ready: asyncio.Barrier) -> bytes:
        reader, writer = await asyncio.open_connection(
            "localhost", served.port, ssl=served.tls, ssl_handshake_timeout=90
        )
        await ready.wait()  # all are connected before the first asks
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer

    async def all_at_once() -> list[bytes]:
        ready = asyncio.Barrier(1000)
        return await asyncio.gather(*(one(ready) for _ in range(1000)))

    answers = asyncio.run(all_at_once())
    assert all(answer.startswith(b"HTTP/1.1 200") and answer.endswith(b'{"result":[[10.0]]}') for answer in answers)
    assert served.answers()


def test_a_large_call_does_not_hold_up_others(served: Served) -> None:
    big = PRICE | {"args": [[["P"]], [[90]] * 100_000, [[100]], [[0]], [[0.2]]]}
    found: list[Any] = []

    def ask() -> None:
        began = time.monotonic()
        found.append((served.post("/call", big), time.monotonic() - began))

    asking = threading.Thread(target=ask)
    asking.start()
    meanwhile = 0
    while asking.is_alive():
        assert served.answers()
        meanwhile += 1
    (status, answer), took = found[0]
    assert status == 200
    assert answer["result"] == [[10.0]] * 100_000
    assert meanwhile >= 3, f"{meanwhile} calls were answered in {took:.2f} seconds"


def test_a_killed_worker_is_followed_by_another(served: Served) -> None:
    if not Path("/proc").is_dir():
        missing("there is no /proc to find worker processes in")
    assert served.answers()
    for pid in served.workers():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert served.answers()


def test_stopping_leaves_no_process_and_no_key(tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        missing("there is no /proc to find worker processes in")
    server = start(tmp_path, env={"XLALVH_TOKEN": "a-token-of-the-user's"})
    workers = server.workers()
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)  # a call that hangs
    asking = threading.Thread(target=_ask_in_vain, args=(server,))
    asking.start()
    time.sleep(0.5)
    assert asking.is_alive()
    began = time.monotonic()
    server.process.terminate()
    said, _ = server.process.communicate(timeout=30)
    assert time.monotonic() - began < 15  # not the 30 seconds that a call has
    asking.join()
    idle = [pid for pid in workers if _lives(pid)]
    assert len(idle) == len(workers) - 1  # the one at work was ended
    for pid in idle:
        os.kill(pid, signal.SIGCONT)  # these see that the server is gone
    limit = time.monotonic() + 10
    while any(map(_lives, idle)) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not [pid for pid in workers if _lives(pid)]
    assert "non-commercial use only" in said
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["certificate.pem", "key.pem", "manifest.xml"]
    for secret in ("noncommercial", "a-token-of-the-user's"):
        assert secret not in said
        assert not [path for path in files if secret in path.read_text()]


def _ask_in_vain(server: Served) -> None:
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        server.post("/call", PRICE, token="a-token-of-the-user's")


def _lives(pid: int) -> bool:
    """Whether a process runs; one that ended may stay listed until its parent asks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_other_hosts_load_nothing_of_it() -> None:
    code = (
        "import sys, xlalvh.hosts.excel.server, xlalvh.hosts.calc.helper, xlalvh.hosts.calc.answers, xlalvh.cli;"
        "print([n for n in ('starlette', 'uvicorn', 'anyio', 'xlwings.server') if n in sys.modules])"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("XLWINGS")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
