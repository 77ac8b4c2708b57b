"""The client against a server on this machine that answers as told."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.market import loopback
from tests.market.loopback import Server, answer, serving
from xlalvh.market.http import Answer, Client, FetchError, MissingError
from xlalvh.market.quotes import QuoteError
from xlalvh.market.settings import Http

QUICK = Http(every=0.0, connect=1.0, read=0.5, total=3.0, retries=1, size=1.0)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def get(server: Server, folder: Path, limits: Http = QUICK, path: str = "/x.json") -> Answer:
    async def ask() -> Answer:
        async with Client(limits, folder) as client:
            return await client.read(server.address + path, lambda found: found)

    return asyncio.run(ask())


def test_a_whole_answer_plain_and_compressed(server: Server, tmp_path: Path) -> None:
    body = b'{"a": 1}' * 1000
    server.routes["/x.json"] = answer(body)
    assert get(server, tmp_path).body == body
    server.routes["/x.json"] = loopback.zipped(body)
    assert get(server, tmp_path).body == body
    assert "Mozilla" in server.asked[0][1]["user-agent"]


def test_a_failure_that_passes_is_overcome(server: Server, tmp_path: Path) -> None:
    replies = iter([answer(b"", "503 Service Unavailable", Retry_After="0"), answer(b"{}")])
    server.routes["/x.json"] = lambda *a: next(replies)(*a)
    assert get(server, tmp_path).body == b"{}"
    assert len(server.asked) == 2


def test_a_wait_that_the_server_asks_for_is_kept_by_the_next_process_too(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"", "429 Too Many Requests", Retry_After="120")
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(FetchError, match="asked not to be asked before"):
            get(server, tmp_path)
    assert len(server.asked) == 1
    assert time.monotonic() - started < 2.0


def test_no_address_is_asked_twice_within_the_interval(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"{}")
    limits = Http(every=60.0)
    assert get(server, tmp_path, limits).body == get(server, tmp_path, limits).body == b"{}"
    assert len(server.asked) == 1


def test_an_answer_that_its_reader_refuses_is_not_kept(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"bad")

    async def ask() -> None:
        def refuse(found: Answer) -> None:
            raise QuoteError("bad")

        async with Client(Http(every=60.0), tmp_path) as client:
            await client.read(f"{server.address}/x.json", refuse)

    with pytest.raises(QuoteError, match="bad"):
        asyncio.run(ask())
    server.routes["/x.json"] = answer(b"good")
    assert get(server, tmp_path, Http(every=60.0)).body == b"good"


def test_later_the_server_is_asked_whether_it_changed(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"{}", ETag='"1"', Last_Modified="Wed, 14 Jan 2026 20:45:00 GMT")
    get(server, tmp_path)
    server.routes["/x.json"] = answer(b"", "304 Not Modified")
    assert get(server, tmp_path).body == b"{}"
    assert server.asked[1][1]["if-none-match"] == '"1"'
    assert server.asked[1][1]["if-modified-since"] == "Wed, 14 Jan 2026 20:45:00 GMT"


def test_a_kept_answer_that_is_damaged_counts_as_none(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"{}")
    get(server, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert get(server, tmp_path, Http(every=60.0)).body == b"{}"
    assert len(server.asked) == 2


def test_compressed_bytes_cannot_grow_beyond_the_limit(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(gzip.compress(b" " * 200_000_000, 9), Content_Encoding="gzip")
    with pytest.raises(FetchError, match="larger than 1 MB"):
        get(server, tmp_path)


def test_a_missing_file_is_told_apart(server: Server, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="404"):
        get(server, tmp_path)


def test_no_way_from_tls_to_none(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    server.routes["/plain.json"] = answer(b"{}")
    with serving(context) as secure:
        secure.routes["/x.json"] = answer(b"{}")
        assert get(secure, tmp_path / "kept").body == b"{}"
        secure.routes["/y.json"] = answer(b"", "302 Found", Location=f"{server.address}/plain.json")
        with pytest.raises(FetchError, match="without TLS"):
            get(secure, tmp_path / "kept", path="/y.json")


def test_a_clock_that_differs_is_said(server: Server, tmp_path: Path) -> None:
    server.routes["/x.json"] = answer(b"{}", Date="Wed, 14 Jan 2026 20:45:00 GMT")
    (note,) = get(server, tmp_path).notes
    assert note.startswith("this computer's clock is ")
    assert "ahead of the server's" in note


def test_a_proxys_password_is_not_told(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://me:sesame@127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(FetchError) as caught:
        get(server, tmp_path)
    assert "sesame" not in "".join(traceback.format_exception(caught.value))
    assert "refused" in str(caught.value)
