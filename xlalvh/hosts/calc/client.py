"""The pipe to the helper: started on the first question, restarted when it died, killed when it hangs.

Calc's own Python runs this file too (it has the standard library only, from 3.8 on), and the helper uses its framing:
four bytes of length, then UTF-8 JSON.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

_LENGTH = struct.Struct("<I")
_CHUNK = 1 << 16
_WATCH_EVERY = 0.25  # seconds
_RETRY_AFTER = 5.0  # seconds until a helper that cannot start is tried again

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class HelperError(Exception):
    """The helper could not be started, died during a call, or did not answer in time."""


def write_message(descriptor: int, text: str) -> None:
    """Send one message whole."""
    body = text.encode()
    data = _LENGTH.pack(len(body)) + body
    sent = os.write(descriptor, data)
    while sent < len(data):
        sent += os.write(descriptor, data[sent:])


def read_message(descriptor: int) -> str | None:
    """The next message, or None when the other side is gone. One message is under way at a time."""
    data = os.read(descriptor, _CHUNK)
    if len(data) < _LENGTH.size or len(data) < _LENGTH.size + _LENGTH.unpack_from(data)[0]:
        rest = bytearray(data)
        while len(rest) < _LENGTH.size or len(rest) < _LENGTH.size + _LENGTH.unpack_from(rest)[0]:
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                return None
            rest += chunk
        data = bytes(rest)
    return data[_LENGTH.size :].decode()


class Client:
    """Questions to the helper, one at a time.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    on_error : callable
        Turns an error code such as ``#NUM!`` into the value that stands for it in answers.
    limit : float
        Seconds that an answer may take; the helper is killed after that.
    start_limit : float
        The same for the first answer, which includes the start.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_error: Callable[[str], Any],
        limit: float = 30.0,
        start_limit: float = 90.0,
    ) -> None:
        self._command = list(command)
        self._limit = limit
        self._start_limit = start_limit
        self._decode = json.JSONDecoder(
            object_hook=lambda item: on_error(item["error"]) if "error" in item else item
        ).decode
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._in = self._out = -1
        self._due = 0.0  # when the answer under way is too late; 0 while there is none
        self._answered = False
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """The helper's process id while it runs."""
        return self._process.pid if self._process else None

    def ask(self, question: Any) -> Any:
        """The helper's answer to a JSON value.

        Raises
        ------
        HelperError
            Where there is none. The next question starts a new helper.
        """
        text = encode(question)
        with self._lock:
            if self._process is None or not self._send(text):  # not running, or it died since the last answer
                self._drop()
                self._start()
                self._send(text)
            return self._receive()

    def close(self) -> None:
        """End the helper."""
        with self._lock:
            self._drop()

    def _send(self, text: str) -> bool:
        try:
            write_message(self._in, text)
        except OSError:
            return False
        return True

    def _receive(self) -> Any:
        self._due = time.monotonic() + (self._limit if self._answered else self._start_limit)
        try:
            text = read_message(self._out)
        except OSError:
            text = None
        self._due = 0.0
        if text is None:
            raise self._failure("it ended without an answer")
        self._answered = True
        return self._decode(text)

    def _start(self) -> None:
        if time.monotonic() < self._not_before:
            raise HelperError("the helper did not start; it is tried again in a few seconds")
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise self._failure(f"{self._command[0]} cannot be started ({error})") from error
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._answered = False
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while self._process is process:
            due = self._due
            if due and time.monotonic() > due:
                process.kill()
                return
            time.sleep(_WATCH_EVERY)

    def _failure(self, reason: str) -> HelperError:
        if not self._answered:
            self._not_before = time.monotonic() + _RETRY_AFTER
        self._drop()
        return HelperError(f"the helper gave no answer: {reason}")

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
