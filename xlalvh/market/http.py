"""Answers of servers: every wait has an end, sizes a limit, certificates are verified, and no server is hurried.

An answer that its reader found good is kept on disk. Within `every` seconds it serves instead of a request; later
the server is asked whether it changed. A time to wait that a server named is kept too.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import os
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import httpx
import msgspec
import tenacity

from xlalvh.market.quotes import QuoteError

if TYPE_CHECKING:
    from xlalvh.market.settings import Http

T = TypeVar("T")

_REDIRECTS = 5
_TRANSIENT = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 3600.0  # seconds that a server may forbid the next request for
_WRONG_CLOCK = dt.timedelta(minutes=5)  # a server's clock and ours further apart are said
_KEPT_FOR = dt.timedelta(days=7)


class FetchError(QuoteError):
    """A server that gave no usable answer; the message is one line."""


class MissingError(FetchError):
    """The server answers, and has no such file."""


class _TransientError(FetchError):
    """Worth another attempt, `after` so many seconds where the server named them."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class _Head(msgspec.Struct):
    """What is kept beside a body."""

    fetched: float  # seconds since 1970
    checksum: int = 0
    tag: str = ""
    modified: str = ""
    not_before: float = 0.0  # seconds since 1970


class Answer(NamedTuple):
    """A body with the moment when it came."""

    body: bytes
    fetched: dt.datetime  # aware, UTC
    notes: tuple[str, ...] = ()


class Client:
    """Asks servers; an asynchronous context manager.

    Parameters
    ----------
    limits : Http
    folder : Path
        Where good answers are kept. One that cannot be written is done without.
    """

    def __init__(self, limits: Http, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(max_connections=4),
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            verify=ssl.create_default_context(),
            headers={"User-Agent": limits.agent, "Accept-Encoding": "gzip, deflate"},
        )

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def read(self, url: str, reader: Callable[[Answer], T], *, every: float | None = None) -> T:
        """What a reader makes of an answer; one that it reads is kept.

        Parameters
        ----------
        url : str
        reader : callable
            Raises QuoteError for an answer that is not good.
        every : float, optional
            Seconds in which the last good answer serves; `Http.every` if omitted.

        Raises
        ------
        FetchError
            Saying in one line what went wrong, with host and last part of the address.
        QuoteError
            The reader's.
        """
        every = self._limits.every if every is None else every
        head, body = self._kept(url)
        now = dt.datetime.now(dt.UTC).timestamp()
        if 0.0 <= now - head.fetched < every and body:
            return reader(Answer(body, _moment(head.fetched)))
        if 0.0 < head.not_before - now <= _LONGEST_WAIT:
            raise FetchError(f"{_shown(url)}: the server asked not to be asked before {_clock(head.not_before)}")
        try:
            async with asyncio.timeout(self._limits.total):
                answer, head = await self._repeated(url, head, body)
        except TimeoutError:
            raise FetchError(f"{_shown(url)}: no whole answer within {self._limits.total:g} s") from None
        result = reader(answer)
        self._keep(url, head, answer.body)
        return result

    async def reach(self, url: str) -> None:
        """See that a server would answer; its answer is not read.

        Raises
        ------
        FetchError
        """
        try:
            async with self._client.stream("GET", url) as response:
                self._check(url, response)
        except httpx.HTTPError as error:
            raise _explained(url, error) from None

    def forget_old(self) -> None:
        """Remove answers that nobody asked for lately."""
        if not self._folder.is_dir():
            return
        oldest = (dt.datetime.now(dt.UTC) - _KEPT_FOR).timestamp()
        for path in self._folder.iterdir():
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except OSError:  # another process was first
                continue

    async def _repeated(self, url: str, head: _Head, body: bytes) -> tuple[Answer, _Head]:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._limits.total
        backoff = tenacity.wait_random_exponential(multiplier=0.5, max=10.0)

        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome is not None else None
            after = error.after if isinstance(error, _TransientError) else None
            return backoff(state) if after is None else after

        def over(state: tenacity.RetryCallState) -> bool:
            return state.attempt_number > self._limits.retries or loop.time() + wait(state) >= end

        attempts = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(_TransientError), wait=wait, stop=over, reraise=True
        )
        try:
            return await attempts(self._once, url, head, body)
        except _TransientError as error:
            if error.after is not None:
                until = dt.datetime.now(dt.UTC).timestamp() + min(error.after, _LONGEST_WAIT)
                head.not_before = until
                self._keep(url, head, body)
                raise FetchError(f"{error}; it asked not to be asked before {_clock(until)}") from None
            raise

    async def _once(self, url: str, head: _Head, body: bytes) -> tuple[Answer, _Head]:
        conditions = {"If-None-Match": head.tag, "If-Modified-Since": head.modified} if body else {}
        try:
            async with self._client.stream(
                "GET", url, headers={name: value for name, value in conditions.items() if value}
            ) as response:
                self._check(url, response)
                if response.status_code != 304:
                    body = await self._body(url, response)
        except httpx.HTTPError as error:
            raise _explained(url, error) from None
        now = dt.datetime.now(dt.UTC).timestamp()
        kept = response.headers if response.status_code != 304 else {"ETag": head.tag, "Last-Modified": head.modified}
        head = _Head(now, zlib.crc32(body), kept.get("ETag", ""), kept.get("Last-Modified", ""))
        return Answer(body, _moment(now), tuple(_clock_notes(response, now))), head

    def _check(self, url: str, response: httpx.Response) -> None:
        """Raise for an answer whose status or way says no."""
        code = response.status_code
        hops = [*response.history, response]
        if url.startswith("https:") and any(hop.url.scheme != "https" for hop in hops):
            raise FetchError(f"{_shown(url)}: the server leads to an address without TLS")
        if code in (200, 304):
            return
        says = f"{_shown(url)}: the server answers {code} {response.reason_phrase}".rstrip()
        if code in _TRANSIENT:
            raise _TransientError(says, _retry_after(response))
        if code == 404:
            raise MissingError(says)
        raise FetchError(says)

    async def _body(self, url: str, response: httpx.Response) -> bytes:
        """The body, decompressed here: a stream that ends early must not pass for a whole one."""
        limit = int(self._limits.size * 1e6)
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"{_shown(url)}: the answer's encoding {encoding[:20]!r} is not known")
        parts: list[bytes] = []
        size = 0
        chunks = response.aiter_raw()
        plain = chunks if encoding in ("identity", "") else _inflated(url, chunks, limit)
        async for part in plain:
            size += len(part)
            if size > limit:
                raise FetchError(f"{_shown(url)}: the answer is larger than {self._limits.size:g} MB")
            parts.append(part)
        return b"".join(parts)

    def _path(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:24]

    def _kept(self, url: str) -> tuple[_Head, bytes]:
        """What is kept of an address; a file that is not whole counts as none."""
        try:
            line, _, body = self._path(url).read_bytes().partition(b"\n")
            head = msgspec.json.decode(line, type=_Head)
        except (OSError, msgspec.MsgspecError):
            return _Head(0.0), b""
        return (head, body) if zlib.crc32(body) == head.checksum else (_Head(0.0), b"")

    def _keep(self, url: str, head: _Head, body: bytes) -> None:
        path = self._path(url)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(msgspec.json.encode(head) + b"\n" + body)
            new.replace(path)
        except OSError:  # a full disk costs a request more, no quote
            new.unlink(missing_ok=True)


async def _inflated(url: str, chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """Chunks of gzip or deflate as plain ones, none beyond the limit."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        async for chunk in chunks:
            yield inflater.decompress(chunk, limit)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, limit)
    except zlib.error as error:
        raise _TransientError(f"{_shown(url)}: the answer's compression is broken ({error})") from None
    if not inflater.eof:
        raise _TransientError(f"{_shown(url)}: the compressed answer ends early")


def _explained(url: str, error: httpx.HTTPError) -> FetchError:
    """What an error means, without what httpx may know of a proxy's password."""
    name = _shown(url)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "TLS failed"
            return FetchError(f"{name}: no secure connection: {reason}")
        if isinstance(cause, socket.gaierror):
            return _TransientError(f"{name}: the server's name cannot be resolved (DNS)")
        if isinstance(cause, ConnectionRefusedError):
            return _TransientError(f"{name}: the connection is refused")
    if isinstance(error, httpx.ConnectTimeout):
        return _TransientError(f"{name}: no connection in time")
    if isinstance(error, httpx.TimeoutException):
        return _TransientError(f"{name}: the server fell silent")
    if isinstance(error, httpx.TooManyRedirects):
        return FetchError(f"{name}: the server leads in circles (more than {_REDIRECTS} redirects)")
    if isinstance(error, httpx.ProxyError):
        return FetchError(f"{name}: the proxy refuses")
    if isinstance(error, httpx.RemoteProtocolError):
        return _TransientError(f"{name}: the connection ended before the answer did")
    if isinstance(error, httpx.ConnectError):
        return _TransientError(f"{name}: no connection")
    return _TransientError(f"{name}: the connection failed ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        if isinstance(seen, BaseExceptionGroup):
            for inner in seen.exceptions:
                yield from _causes(inner)
        seen = seen.__cause__ or seen.__context__


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server wants to be left alone for, None where it does not say."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _clock_notes(response: httpx.Response, now: float) -> Iterator[str]:
    """A sentence where the server's clock and ours disagree."""
    try:
        served = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return
    age = response.headers.get("Age", "")  # of an answer out of a cache between
    held = dt.timedelta(seconds=int(age[:9])) if age.isascii() and age.isdigit() else dt.timedelta(0)
    gap = _moment(now) - (served if served.tzinfo is not None else served.replace(tzinfo=dt.UTC)) - held
    if abs(gap) > _WRONG_CLOCK:
        minutes = round(abs(gap).total_seconds() / 60.0)
        side = "ahead of" if gap > dt.timedelta(0) else "behind"
        yield f"this computer's clock is {minutes} minutes {side} the server's: the age of quotes is wrong by that"


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _clock(seconds: float) -> str:
    return f"{_moment(seconds).astimezone():%H:%M:%S}"


def _shown(url: str) -> str:
    """Host and last part of an address, for a message."""
    address = httpx.URL(url)
    last = address.path.rstrip("/").rpartition("/")[2]
    return f"{address.host}, {last}" if last else address.host
