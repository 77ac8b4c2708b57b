"""A stand-in for xlwings' server object in Calc: ``CallUDF``, passed on to `com`. Calc's own Python runs this file.

Arguments: the name of a pipe on which Calc finds the object, then the program that answers and its arguments.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

import uno
import unohelper
from com.sun.star.bridge import XInstanceProvider
from com.sun.star.script import XInvocation


class Server(unohelper.Base, XInvocation):
    def __init__(self, program: list[str]) -> None:
        self._child = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def getIntrospection(self) -> None:
        return None

    def hasMethod(self, name: str) -> bool:
        return name == "CallUDF"

    def hasProperty(self, name: str) -> bool:
        return False

    def invoke(self, name: str, given: tuple[Any, ...], out_index: Any, out: Any) -> Any:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        print(json.dumps([_plain(item) for item in given]), file=self._child.stdin, flush=True)
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError("the process is gone")
        return _tuples(json.loads(answer)), (), ()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


class Provider(unohelper.Base, XInstanceProvider):
    def __init__(self, server: Server) -> None:
        self._server = server

    def getInstance(self, name: str) -> Any:
        return self._server


def main() -> None:
    context = uno.getComponentContext()
    manager = context.ServiceManager
    acceptor = manager.createInstanceWithContext("com.sun.star.connection.Acceptor", context)
    bridges = manager.createInstanceWithContext("com.sun.star.bridge.BridgeFactory", context)
    provider = Provider(Server(sys.argv[2:]))

    def accept() -> None:
        while True:
            connection = acceptor.accept(f"pipe,name={sys.argv[1]}")
            bridges.createBridge("", "urp", connection, provider)

    threading.Thread(target=accept, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
