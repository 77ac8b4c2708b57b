"""The web server: the add-in's page and icon for anyone, calls for who bears the token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import anyio
import xlwings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from xlwings import server

from xlalvh.formulas import catalogue, explain
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.registry import Kind
from xlalvh.hosts.server import functions
from xlalvh.hosts.server import token as tokens
from xlalvh.hosts.server.worker import Asked

LARGEST = 8 * 1024 * 1024  # bytes in a call
PATIENCE = 15.0  # seconds for a call's body to arrive
ICONS = (16, 32, 64, 80)
_PAGE = resources.files("xlalvh.hosts.server") / "page"
_DATED = (Kind.DATE, Kind.MOMENT, Kind.REFERENCE)


def app(token: str) -> Starlette:
    """The application; `token` is what calls must bear."""

    def answering(answer: Callable[[dict[str, Any]], Any]) -> Callable[[Request], Awaitable[Response]]:
        def respond(body: bytes) -> Response:
            return JSONResponse(answer(_object(body)))

        async def endpoint(request: Request) -> Response:
            body = await _body(request, token)
            return await anyio.to_thread.run_sync(respond, body)  # large calls take long to read and to write

        return endpoint

    return Starlette(
        routes=[
            Route("/call", answering(_call), methods=["POST"]),
            Route("/references", answering(_references), methods=["POST"]),
            Route("/functions.json", _fixed(_metadata(), "application/json")),
            Route("/functions.js", _fixed(_code(), "text/javascript")),
            Route("/taskpane.html", _fixed((_PAGE / "taskpane.html").read_bytes(), "text/html")),
            Route("/taskpane.js", _fixed((_PAGE / "taskpane.js").read_bytes(), "text/javascript")),
            *(Route(f"/icon-{n}.png", _fixed((_PAGE / f"icon-{n}.png").read_bytes(), "image/png")) for n in ICONS),
        ],
        # Excel on the web reads the metadata from Microsoft's origin; calls come from our own page only.
        middleware=[Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"], allow_private_network=True)],
        exception_handlers={HTTPException: _told, Exception: _fault},
        lifespan=_working,
    )


def _call(data: dict[str, Any]) -> dict[str, Any]:
    """The cells that a formula gives, by xlwings' entry point."""
    name, args = data.get("func_name"), data.get("args")
    entry = catalogue.get(name) if isinstance(name, str) else None
    if entry is None:
        raise HTTPException(400, f"there is no formula {str(name)[:40]}; reload the add-in")
    if not (isinstance(args, list) and len(args) <= len(entry.arguments) and all(map(_is_rows, args))):
        raise HTTPException(
            400,
            f"arguments of {name} are no cells; give at most {len(entry.arguments)} ranges, each rows of one length",
        )
    question = {
        "func_name": name,
        "args": args,
        "client": "Office.js",
        "runtime": "1.4",  # errors as objects, which our page makes Excel's own on older runtimes too
        "version": xlwings.__version__,
    }
    try:
        result = asyncio.run(server.custom_functions_call(question, functions, typehint_to_value={Asked: _asked(data)}))
    except TimeoutError:
        raise HTTPException(504, f"{name} took longer than {functions.LIMIT:g} seconds") from None
    except anyio.BrokenWorkerProcess:
        raise HTTPException(503, f"the process that computed {name} ended; calculate again") from None
    return {"result": result}


def _references(data: dict[str, Any]) -> dict[str, Any]:
    """The references in a formula text, whose values ``ALVH_EXPLAIN`` wants."""
    try:
        return {"references": explain.references(str(data.get("formula", "")))}
    except CellError:
        return {"references": []}  # ALVH_EXPLAIN says why it cannot be read


@asynccontextmanager
async def _working(_: Starlette) -> AsyncIterator[None]:
    """The workers are up before the first cell asks; none is left at work in the end."""
    await functions.warm()
    yield
    await functions.stop()


async def _body(request: Request, token: str) -> bytes:
    """The body of a call that bears the token; refused before it is read where it does not."""
    if not tokens.borne(request.headers.get("authorization"), token):
        raise HTTPException(401, "the token is wrong; enter the one that xlalvh serve names at its start")
    length = request.headers.get("content-length", "")
    too_large = HTTPException(413, f"a call may have at most {LARGEST:,} bytes; give smaller ranges")
    if length.isdigit() and int(length) > LARGEST:
        raise too_large
    body = bytearray()
    try:
        with anyio.fail_after(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    raise too_large
    except TimeoutError:
        raise HTTPException(408, f"the call did not arrive within {PATIENCE:g} seconds") from None
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "the call is no JSON text") from None
    if not isinstance(data, dict):
        raise HTTPException(400, "the call is no JSON object")
    return data


def _is_rows(cells: Any) -> bool:
    """Whether an argument is left out or rows of equal length, each cell a plain value or one of Excel's data types."""
    if cells is None:
        return True
    if not isinstance(cells, list) or not all(isinstance(row, list) and row for row in cells) or not cells:
        return False
    return all(
        len(row) == len(cells[0])
        and all(
            "type" in cell and "basicValue" in cell if isinstance(cell, dict) else not isinstance(cell, list)
            for cell in row
        )
        for row in cells
    )


def _asked(data: dict[str, Any]) -> Asked:
    cell = data.get("cell")
    if cell is None:
        return Asked(data.get("date_1904") is True)
    values = cell.get("values") if isinstance(cell, dict) else None
    if not (isinstance(values, dict) and isinstance(cell.get("formula"), str) and all(map(_is_rows, values.values()))):
        raise HTTPException(400, "the cell to explain is no formula with the values of its references")
    return Asked(data.get("date_1904") is True, cell["formula"], values)


def _metadata() -> bytes:
    return json.dumps(server.custom_functions_meta(functions)).encode()  # type: ignore[no-untyped-call]


def _code() -> bytes:
    """The add-in's code behind the list of formulas: whether one needs the book's date system, or a reference."""
    needs = {
        entry.name: {
            "dated": entry.gives_date or any(a.kind in _DATED for a in entry.arguments),
            "reference": any(a.kind is Kind.REFERENCE for a in entry.arguments),
        }
        for entry in catalogue.values()
    }
    return f'"use strict";\nconst FORMULAS = {json.dumps(needs)};\n'.encode() + (_PAGE / "functions.js").read_bytes()


def _fixed(content: bytes, kind: str) -> Callable[[Request], Response]:
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return lambda _: Response(content, media_type=kind, headers=headers)


def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


def _fault(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "a fault in the program"}, 500)
